// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// One hive of the guest on its way through a conversion: downloaded once, edited on the host, checked
// against what it was, and uploaded. The guest's file is only touched by upload().
//
// Not thread-safe.
#pragma once

#include "guest_files.hpp"

#include <v2v/windows/hive.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace v2v::convert_windows {

/// The guest's SYSTEM hive, as the file system spells its path; nothing if there is none.
std::optional<std::string> find_system_hive(GuestFiles &files);

class GuestHive {
 public:
  /// @param name       what messages call it: "SYSTEM"
  /// @param path       in the guest, as the file system spells it
  /// @param directory  on the host; gets two files
  GuestHive(GuestFiles &files, const std::string &name, std::string path,
            const std::string &directory);

  windows::Hive &hive() { return *hive_; }
  /// Writes the edits into the copy on the host, opens it anew, and refuses it if anything but the planned
  /// keys (hive_compare.hpp) became different. hive() is for reading from now on.
  void finish(const std::vector<std::string> &planned);
  void upload();

 private:
  GuestFiles &files_;
  std::string name_, path_, before_, edited_;
  std::unique_ptr<windows::Hive> hive_;
};

}  // namespace v2v::convert_windows
