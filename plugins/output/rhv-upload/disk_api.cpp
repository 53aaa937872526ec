// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A request is repeated when its answer was lost, so each that makes something takes what is there
// already for its own if it can only be that.
#include "disk_api.hpp"

#include <v2v/text/printable.hpp>

#include <fmt/format.h>

#include <algorithm>

#include "fields.hpp"

namespace v2v::output_rhv_upload {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::json;

constexpr auto sparse_limit = 300s;
// Storage that cannot reserve room is written full.
constexpr auto preallocated_limit = 3 * 3600s;
constexpr auto begin_limit = 300s;
// The host looks through the image.
constexpr auto finalize_limit = 600s;
// While a slow source gives nothing; the engine's usual is a minute.
constexpr int inactivity_limit = 3600;

constexpr const char *engine_log =
    "see the engine's events, and /var/log/ovirt-imageio/daemon.log of the host";

Transfer transfer_of(const Json &object) {
  // The engine tells the disk as the "image", whatever it was given.
  auto disk = text_of(member_of(object, "disk"), "id");
  if (disk.empty()) disk = text_of(member_of(object, "image"), "id");
  return {text_of(object, "id"), disk, text_of(object, "phase"), text_of(object, "transfer_url"),
          text_of(object, "proxy_url")};
}

bool is_any_of(const std::string &word, std::initializer_list<const char *> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

bool Transfer::over() const {
  return is_any_of(phase, {"finished_success", "finished_failure", "finished_cleanup"});
}

void DiskApi::create(const NewDisk &wanted) {
  const Json body = {
      {"id", wanted.id},
      {"name", wanted.name},
      {"description", wanted.description},
      {"format", wanted.format == "raw" ? "raw" : "cow"},
      {"sparse", wanted.sparse},
      {"provisioned_size", wanted.size},
      // What block storage gives a qcow2 disk at once: it cannot grow while it is filled.
      {"initial_size", wanted.size},
      {"storage_domains", {{"storage_domain", {{{"id", wanted.domain}}}}}}};
  const auto answer = engine_.send("POST", "/disks", body);
  if (!answer.ok()) {
    const auto there = disk(wanted.id);
    if (!there || there->description != wanted.description)
      throw engine_.error("cannot create the disk", wanted.name, answer);
  }
  std::string status;
  const bool done = engine_.wait(wanted.sparse ? sparse_limit : preallocated_limit, [&] {
    const auto now = disk(wanted.id);
    status = now ? now->status : "gone";
    return status != "locked";
  });
  if (status != "ok")
    throw Error(Code::io,
                done ? fmt::format("the engine could not create the disk: it is {}",
                                   text::printable(status))
                     : "the engine does not finish creating the disk",
                text::printable(wanted.name), engine_log);
}

std::optional<Disk> DiskApi::disk(const std::string &id) {
  const auto answer = engine_.send("GET", "/disks/" + id);
  if (answer.status == 404) return std::nullopt;
  if (!answer.ok()) throw engine_.error("the disk cannot be looked at", id, answer);
  const auto object = object_in(answer);
  return Disk{text_of(object, "status"), text_of(object, "description")};
}

int DiskApi::remove(const std::string &id) {
  const auto answer = engine_.send("DELETE", "/disks/" + id);
  if (!answer.ok() && answer.status != 404 && answer.status != 409)
    throw engine_.error("the disk cannot be removed", id, answer);
  return answer.status;
}

std::optional<Transfer> DiskApi::transfer(const std::string &id) {
  const auto answer = engine_.send("GET", "/imagetransfers/" + id);
  if (answer.status == 404) return std::nullopt;
  if (!answer.ok()) throw engine_.error("the transfer cannot be looked at", id, answer);
  return transfer_of(object_in(answer));
}

std::vector<Transfer> DiskApi::transfers() {
  std::vector<Transfer> all;
  for (const auto &one :
       items_of(engine_.ask("GET", "/imagetransfers", "the transfers cannot be listed",
                            engine_.printable_url()),
                "image_transfer"))
    all.push_back(transfer_of(one));
  return all;
}

Transfer DiskApi::begin(const std::string &disk, const std::string &host) {
  Json body = {{"disk", {{"id", disk}}},
               {"direction", "upload"},
               {"format", "raw"},
               {"inactivity_timeout", inactivity_limit}};
  if (!host.empty()) body["host"] = {{"id", host}};
  const auto answer = engine_.send("POST", "/imagetransfers", body);
  auto id = answer.ok() ? text_of(object_in(answer), "id") : std::string();
  if (id.empty())
    for (const auto &one : transfers())
      if (one.disk == disk && !one.over()) id = one.id;
  if (id.empty()) throw engine_.error("cannot begin the transfer to the disk", disk, answer);
  return wait_until_writable(id);
}

Transfer DiskApi::wait_until_writable(const std::string &id) {
  std::optional<Transfer> now;
  engine_.wait(begin_limit, [&] {
    now = transfer(id);
    return !now || !is_any_of(now->phase, {"initializing", "resuming"});
  });
  if (now && now->phase == "transferring") return *now;
  throw Error(Code::io,
              fmt::format("the transfer to the disk cannot begin: it is {}",
                          now ? text::printable(now->phase) : "gone"),
              id, engine_log);
}

void DiskApi::extend(const std::string &transfer) {
  engine_.ask("POST", "/imagetransfers/" + transfer + "/extend", "cannot extend the transfer",
              transfer, Json::object());
}

Transfer DiskApi::resume(const std::string &id) {
  const auto now = transfer(id);
  if (now && is_any_of(now->phase, {"paused_system", "paused_user"}))
    engine_.ask("POST", "/imagetransfers/" + id + "/resume", "cannot resume the transfer", id,
                Json::object());
  return wait_until_writable(id);
}

void DiskApi::finalize(const Transfer &wanted) {
  const auto answer =
      engine_.send("POST", "/imagetransfers/" + wanted.id + "/finalize", Json::object());
  std::optional<Transfer> now;
  const bool done = engine_.wait(finalize_limit, [&] {
    now = transfer(wanted.id);
    return !now || now->over() ||
           (!answer.ok() ? now->phase != "finalizing_success"
                         : !is_any_of(now->phase, {"transferring", "finalizing_success"}));
  });
  if (now && now->phase != "finished_success") {
    if (!answer.ok()) throw engine_.error("cannot finish the transfer", wanted.disk, answer);
    throw Error(
        Code::io,
        done ? fmt::format("the engine does not accept what was uploaded: the transfer is {}",
                           text::printable(now->phase))
             : "the engine does not finish the transfer",
        wanted.disk, engine_log);
  }
  // An engine before 4.4.7 has no transfer any more once it is over.
  std::string status;
  engine_.wait(finalize_limit, [&] {
    const auto disk_now = disk(wanted.disk);
    status = disk_now ? disk_now->status : "gone";
    return status != "locked";
  });
  if (status != "ok")
    throw Error(Code::io,
                fmt::format("the disk cannot be used after the transfer: it is {}",
                            text::printable(status)),
                wanted.disk, engine_log);
}

void DiskApi::cancel(const std::string &transfer) {
  const auto answer =
      engine_.send("POST", "/imagetransfers/" + transfer + "/cancel", Json::object());
  if (!answer.ok() && answer.status != 404 && answer.status != 409)
    throw engine_.error("the transfer cannot be cancelled", transfer, answer);
}

}  // namespace v2v::output_rhv_upload
