// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Asks the libvirt of a Xen host by running virsh there, over the user's own ssh. A libvirt on this
// machine is not needed, and the one login reaches the guest's description and its disks.
//
// Used by one thread.
#pragma once

#include <v2v/nbd/ssh_shell.hpp>

#include <string>
#include <vector>

namespace v2v::input_xen {

/// What the shell there runs to call virsh.
/// @param words  of virsh; each is quoted
std::string virsh_command(const std::vector<std::string> &words);

class Virsh {
 public:
  /// @param shell  outlives this object
  explicit Virsh(const nbd::SshShell &shell) : shell_(shell) {}

  /// "shut off", "running" …
  std::string state(const std::string &guest);
  std::string xml(const std::string &guest);

 private:
  std::string run(const std::vector<std::string> &words, const std::string &guest);

  const nbd::SshShell &shell_;
};

}  // namespace v2v::input_xen
