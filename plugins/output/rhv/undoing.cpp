// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// ExportDomain::abort: what a conversion noted is taken back in reverse order, the mount last.
#include <sys/stat.h>

#include <nlohmann/json.hpp>
#include <optional>

#include "export_domain.hpp"
#include "files.hpp"

namespace v2v::output_rhv {
namespace {

using nlohmann::json;

/// Of several failures the first is told, after all has been tried.
class Attempts {
 public:
  template <class Body>
  void run(Body body) {
    try {
      body();
    } catch (const Error &error) {
      if (!first_) first_ = error;
    }
  }
  void throw_first() const {
    if (first_) throw Error(*first_);
  }

 private:
  std::optional<Error> first_;
};

void undo(const json &record) {
  const std::string operation = record.value("op", ""), path = record.value("path", "");
  if (path.empty() || path[0] != '/') return;
  if (operation == "file") remove_file(path);
  if (operation == "directory") remove_directory(path);
}

}  // namespace

void ExportDomain::abort(const std::vector<std::string> &records) {
  std::vector<json> parsed;
  std::optional<Mount> mounted;
  for (const auto &record : records) {
    json one = json::parse(record, nullptr, false);
    if (!one.is_object()) continue;
    if (one.value("op", "") == "mount")
      mounted = Mount{one.value("from", ""), one.value("at", "")};
    else
      parsed.push_back(std::move(one));
  }
  // The machine was started anew in between: what is on the server is still there.
  if (mounted && !parsed.empty() && !is_mounted(*mounted)) mount(*mounted, {});
  Attempts attempts;
  for (auto record = parsed.rbegin(); record != parsed.rend(); ++record)
    attempts.run([&] { undo(*record); });
  if (mounted) attempts.run([&] { unmount(*mounted); });
  attempts.throw_first();
}

}  // namespace v2v::output_rhv
