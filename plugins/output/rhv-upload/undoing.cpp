// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "undoing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "disk_api.hpp"
#include "vm_api.hpp"

namespace v2v::output_rhv_upload {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::json;

// The host gives the removal two minutes in all.
constexpr auto removal_limit = 100s;

class Removal {
 public:
  Removal(Engine &engine, Record record)
      : engine_(engine), disks_(engine), machines_(engine), record_(std::move(record)) {}

  void run() {
    // What is being transferred is locked until the transfer is over.
    for (const auto &transfer : disks_.transfers())
      if (is_ours(transfer.disk) && !transfer.over()) disks_.cancel(transfer.id);
    const bool done = engine_.wait(removal_limit, [this] { return remove(); });
    if (!done)
      throw Error(Code::io, "the engine keeps it locked", left_,
                  "remove it in the engine once that is over");
  }

 private:
  bool is_ours(const std::string &disk) const {
    return std::find(record_.disks.begin(), record_.disks.end(), disk) != record_.disks.end();
  }

  /// @return true when nothing is left
  bool remove() {
    left_ = "virtual machine " + record_.machine;
    if (!machines_.remove(record_.machine)) return false;
    bool all_gone = true;
    for (const auto &id : record_.disks) {
      const auto disk = disks_.disk(id);
      if (!disk || disk->description != description_of(record_.conversion)) continue;
      // Once more until it is gone: a removal takes its time.
      if (disk->status != "locked") disks_.remove(id);
      left_ = "disk " + id;
      all_gone = false;
    }
    return all_gone;
  }

  Engine &engine_;
  DiskApi disks_;
  VmApi machines_;
  const Record record_;
  std::string left_;
};

}  // namespace

std::string description_of(const std::string &conversion) {
  return "uploaded by v2v, conversion " + conversion;
}

std::string record_line(const Record &record, const Login &login) {
  return Json({{"conversion", record.conversion},
               {"machine", record.machine},
               {"disks", record.disks},
               {"login", login.record()}})
      .dump(-1, ' ', true, Json::error_handler_t::replace);
}

void remove_recorded(const std::vector<std::string> &records, const http::Hooks &hooks) {
  std::optional<Error> first;
  for (const auto &line : records) {
    try {
      const auto json = Json::parse(line);
      Record record{json.at("conversion"), json.at("machine"),
                    json.at("disks").get<std::vector<std::string>>()};
      Engine engine(Login::from_record(json.at("login")), hooks);
      Removal(engine, std::move(record)).run();
    } catch (const Json::exception &) {
      continue;  // of another version of this plugin
    } catch (const Error &error) {
      if (!first)
        first = Error(
            error.code(), "disks or a machine are left behind: " + error.failure(), error.object(),
            error.remedy() + "; start v2v again with the same password file, which removes them");
    }
  }
  if (first) throw *first;
}

}  // namespace v2v::output_rhv_upload
