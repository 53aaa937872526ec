// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The user's commands and scripts, run inside the guest in the appliance: with the guest as their root,
// the appliance's kernel and, if it has one, its network. What they write goes into the log, and can be left
// in the guest.
//
// Not thread-safe; does not outlive its guest.
#pragma once

#include <v2v/linux/guest.hpp>
#include <v2v/linux/log.hpp>

#include <string>
#include <utility>

namespace v2v::linux {

class GuestCommands {
 public:
  /// Where the guest keeps what was said; only root can read it.
  static constexpr char log_file[] = "/var/log/v2v-customise.log";

  /// @param guest_arch  as libguestfs calls it
  GuestCommands(Guest &guest, std::string guest_arch, Log log)
      : guest_(guest), guest_arch_(std::move(guest_arch)), log_(std::move(log)) {}

  /// Whether programs of a guest of this architecture can run in this machine's appliance.
  static bool can_run(const std::string &guest_arch);

  /// @param commands  of a shell; the status of the last one decides
  /// @param option    what errors name: "--run-command …"
  void run(const std::string &commands, const std::string &option);
  /// A program of any kind that starts with #!, else a script for the shell.
  void run_script(const std::string &content, const std::string &option);

  /// Leaves in the guest what was said so far.
  void leave_log();

 private:
  void run_words(std::vector<std::string> words, const std::string &option);

  Guest &guest_;
  std::string guest_arch_;
  Log log_;
  std::string said_;
};

}  // namespace v2v::linux
