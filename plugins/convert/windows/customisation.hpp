// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The changes that the user wants in a Windows besides its conversion: files, the computer's name, work for
// the first boot. What Windows does not have is refused by name, before anything is changed.
//
// Not thread-safe; does not outlive what it is given.
#pragma once

#include "guest_files.hpp"

#include <v2v/customise/file_operations.hpp>
#include <v2v/text/log.hpp>
#include <v2v/values.hpp>
#include <v2v/windows/first_boot.hpp>

#include <string>

namespace v2v::convert_windows {

/// Refuses what cannot be done in this Windows, as far as its kind and the inspection tell.
/// @throws Error(unsupported), Error(usage)
void check_operation(const Operation &operation, const Inspection &inspection);
/// Refuses to give a member of a domain another name.
/// @param directory  on the host, for a copy of the registry
void check_domain(GuestFiles &files, const std::string &directory);

class Customisation {
 public:
  /// @param first_boot  what the conversion has delivered
  /// @param directory   an empty one on the host
  Customisation(guestfs_h *handle, windows::FirstBoot &first_boot, std::string directory,
                text::Log log)
      : files_(handle),
        operations_(handle, customise::Names::any_case, std::move(log)),
        first_boot_(first_boot),
        delivered_(first_boot.scripts().size()),
        directory_(std::move(directory)) {}

  void apply(const Operation &operation);
  /// Delivers what was added to the first boot.
  void finish();

 private:
  void add_script(const std::string &local);
  void rename(const std::string &name);

  GuestFiles files_;
  customise::FileOperations operations_;
  windows::FirstBoot &first_boot_;
  std::size_t delivered_;  ///< scripts that the guest has already
  std::string directory_;
};

}  // namespace v2v::convert_windows
