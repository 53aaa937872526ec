// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The hives of one guest in a directory of the test, with a copy of each as it was.
#pragma once

#include <v2v/text/log.hpp>
#include <v2v/windows/hive.hpp>
#include <v2v/windows/hive_compare.hpp>

#include "../../temporary_directory.hpp"
#include "registry_text.hpp"
#include "windows_hives.hpp"

#include <ostream>

namespace v2v::windows {

/// GoogleTest shows these.
inline void PrintTo(const WindowsVersion &version, std::ostream *out) {
  *out << version.name;
}
inline void PrintTo(const Difference &difference, std::ostream *out) {
  *out << difference.path
       << (difference.what == Difference::What::added     ? " added"
           : difference.what == Difference::What::removed ? " removed"
                                                          : " changed");
}

class GuestHives {
 public:
  explicit GuestHives(const WindowsVersion &version = windows_version("2022")) {
    write_system(path("SYSTEM"), version);
    write_software(path("SOFTWARE"), version);
    write_boot_store(path("BCD"));
    keep();
  }

  std::string path(const std::string &name) const { return directory_ / name; }
  Hive read(const std::string &name) const { return {path(name), name, Hive::Access::read}; }

  /// Opens a hive for writing, calls edit(hive) and commits.
  template <class Edit>
  void edit(const std::string &name, Edit edit_hive) const {
    Hive hive(path(name), name, Hive::Access::write);
    edit_hive(hive);
    hive.commit();
  }
  /// Adds what a test needs, as if it had been there from the start.
  void add(const std::string &name, const std::string &text) const {
    edit(name, [&](Hive &hive) { fill(hive, text); });
    keep();
  }
  std::vector<Difference> changes(const std::string &name) const {
    return differences({path(name + ".before"), name, Hive::Access::read}, read(name));
  }

 private:
  void keep() const {
    for (const std::string name : {"SYSTEM", "SOFTWARE", "BCD"})
      std::filesystem::copy_file(path(name), path(name + ".before"),
                                 std::filesystem::copy_options::overwrite_existing);
  }

  test::TemporaryDirectory directory_;
};

/// Collects warnings.
struct Warnings {
  std::vector<std::string> all;
  text::Log log;
  Warnings() {
    log.on_warning = [this](const std::string &message) { all.push_back(message); };
  }
  Warnings(const Warnings &) = delete;
};

}  // namespace v2v::windows
