// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "vm_api.hpp"

#include <v2v/text/printable.hpp>
#include <v2v/text/uri.hpp>

#include <fmt/format.h>

#include <algorithm>

#include "fields.hpp"

namespace v2v::output_rhv_upload {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::json;

constexpr auto create_limit = 180s;

}  // namespace

bool VmApi::exists(const std::string &name) {
  const auto found = items_of(engine_.ask("GET",
                                          "/vms?case_sensitive=true&search=" +
                                              text::percent_encoded("name=\"" + name + "\""),
                                          "the engine's virtual machines cannot be listed", name),
                              "vm");
  return std::any_of(found.begin(), found.end(),
                     [&](const Json &vm) { return text_of(vm, "name") == name; });
}

std::string VmApi::create(const std::string &id, const std::string &name,
                          const std::string &cluster, const std::string &ovf) {
  const Json body = {{"name", name},
                     {"cluster", {{"id", cluster}}},
                     {"initialization", {{"configuration", {{"type", "ova"}, {"data", ovf}}}}}};
  const auto answer = engine_.send("POST", "/vms", body);
  if (!answer.ok()) {
    // The answer to the first request may have been lost, so that the second finds it there.
    if (!status(id)) throw engine_.error("cannot create the virtual machine", name, answer);
    return id;
  }
  const auto chosen = text_of(object_in(answer), "id");
  return chosen.empty() ? id : chosen;
}

std::optional<std::string> VmApi::status(const std::string &id) {
  const auto answer = engine_.send("GET", "/vms/" + id);
  if (answer.status == 404) return std::nullopt;
  if (!answer.ok()) throw engine_.error("the virtual machine cannot be looked at", id, answer);
  return text_of(object_in(answer), "status");
}

void VmApi::wait_until_usable(const std::string &id, const std::string &name) {
  std::optional<std::string> now;
  engine_.wait(create_limit, [&] {
    now = status(id);
    return now && *now != "image_locked" && *now != "unassigned";
  });
  if (now != "down")
    throw Error(Code::io,
                fmt::format("the engine does not finish creating the virtual machine: it is {}",
                            now ? text::printable(*now) : "not there"),
                text::printable(name), "see the engine's events");
}

void VmApi::check_disks(const std::string &id, const std::string &name,
                        const std::vector<std::string> &disks) {
  const auto attached =
      items_of(engine_.ask("GET", "/vms/" + id + "/diskattachments",
                           "the disks of the virtual machine cannot be listed", name),
               "disk_attachment");
  for (const auto &disk : disks)
    if (std::none_of(attached.begin(), attached.end(), [&](const Json &one) {
          return text_of(member_of(one, "disk"), "id") == disk || text_of(one, "id") == disk;
        }))
      throw Error(Code::io, "the engine has not attached this disk to the virtual machine", disk,
                  "see the engine's events and /var/log/ovirt-engine/engine.log");
}

bool VmApi::remove(const std::string &id) {
  const auto answer = engine_.send("DELETE", "/vms/" + id);
  if (answer.ok() || answer.status == 404) return true;
  if (answer.status == 409) return false;
  throw engine_.error("the virtual machine cannot be removed", id, answer);
}

}  // namespace v2v::output_rhv_upload
