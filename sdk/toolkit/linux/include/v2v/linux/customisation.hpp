// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The operations of v2v.converter.customise/1 that a Linux guest has beside those on files: its name, its
// users, its packages, commands that run inside it, and work for its first boot.
//
// Not thread-safe; does not outlive what it is given.
#pragma once

#include <v2v/linux/accounts.hpp>
#include <v2v/linux/family.hpp>
#include <v2v/linux/first_boot.hpp>
#include <v2v/linux/guest.hpp>
#include <v2v/linux/guest_commands.hpp>
#include <v2v/linux/log.hpp>
#include <v2v/values.hpp>

#include <string>
#include <vector>

namespace v2v::linux {

class Customisation {
 public:
  struct Task {
    const Family &family;
    const Inspection &inspection;
    FirstBoot &first_boot;  ///< what the conversion left for it; installed anew if there is more
  };
  Customisation(Guest &guest, Task task, Log log)
      : guest_(guest),
        task_(task),
        log_(log),
        commands_(guest, task.inspection.arch, std::move(log)) {}

  /// Whether it can be done in this guest; it is one that check_shape() has let pass.
  /// @throws Error(unsupported), Error(usage), Error(not_found)
  static void check(Guest &guest, const Family &family, const Inspection &inspection,
                    const Operation &operation);
  void apply(const Operation &operation);
  /// What has to be done once, at the end.
  /// @param keep_log  whether what commands said is left in the guest
  void finish(bool keep_log);

 private:
  void add_first_boot(const Operation &operation);
  void change_packages(const Operation &operation);

  Guest &guest_;
  Task task_;
  Log log_;
  GuestCommands commands_;
  std::vector<NewPassword> passwords_;
  unsigned first_boot_steps_ = 0;
};

}  // namespace v2v::linux
