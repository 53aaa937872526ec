// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Work for the converted guest's first boot, where it has its network and its
// own kernel. It always ends (but for scripts of the user's own): every step gets a quarter of an hour and three boots, a failing step
// does not keep the others from running, nothing waits for it at boot, and when all is done or
// given up the service removes itself. What happened is in /var/log/v2v-firstboot.log.
//
// Not thread-safe; does not outlive its guest.
#pragma once

#include <v2v/linux/family.hpp>
#include <v2v/linux/guest.hpp>
#include <v2v/linux/log.hpp>
#include <v2v/values.hpp>

#include <string>
#include <utility>
#include <vector>

namespace v2v::linux {

class FirstBoot {
 public:
  FirstBoot(Guest &guest, Log log) : guest_(guest), log_(std::move(log)) {}

  /// @param name      what the log calls the step: letters, digits and '-'; unique
  /// @param commands  POSIX shell, ending with a newline; the status of the last one decides
  void add(const std::string &name, const std::string &commands);
  /// A script of the user's, or any program: it is started once, whatever becomes of it, and has all the
  /// time it needs.
  void add_script(const std::string &name, const std::string &content);
  /// A step that waits for the network and installs packages from the guest's distribution.
  /// @param packages  words of a shell
  /// @return false if there is no rule for the guest's package manager
  bool add_packages(const std::string &name, const Family &family, const Inspection &inspection,
                    const std::string &packages);
  /// The same for the QEMU guest agent, after all other steps: without a network it takes minutes.
  bool add_agent(const Family &family, const Inspection &inspection);
  /// Writes the steps and the service that runs them, for systemd or else for SysV init; nothing if
  /// there are no steps.
  void install();

 private:
  void install_unit();
  void install_init_script();

  struct Script {
    std::string name, file, content;
  };

  Guest &guest_;
  Log log_;
  std::vector<std::pair<std::string, std::string>> steps_, last_;
  std::vector<Script> scripts_;  ///< of the steps of these names
};

/// Lets the first boot install qemu-guest-agent, unless the guest has it. Warns
/// if that is not possible with this guest's package manager.
void install_guest_agent(const Family &family, const Inspection &inspection, FirstBoot &first_boot,
                         const Log &log);

}  // namespace v2v::linux
