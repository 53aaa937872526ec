// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Asks the libvirt of a Xen host by running virsh there, over the user's own ssh. A libvirt on this
// machine is not needed, and the one login reaches the guest's description and its disks. A password
// reaches ssh through a script in the run directory that reads a file there; both can be read by the
// user alone.
//
// Used by one thread.
#pragma once

#include <v2v/host.hpp>
#include <v2v/nbd/ssh_server.hpp>

#include <string>
#include <vector>

namespace v2v::input_xen {

/// The words of the ssh that runs virsh with `words` on the host.
/// @param words  of virsh; each is quoted for the shell there
std::vector<std::string> virsh_command(const nbd::SshAccess &access,
                                       const std::vector<std::string> &words);

class Virsh {
 public:
  Virsh(const Host &host, nbd::SshAccess access);

  /// "shut off", "running" …
  std::string state(const std::string &guest);
  std::string xml(const std::string &guest);

 private:
  std::string run(const std::vector<std::string> &words, const std::string &guest);
  void provide_password();
  /// @param words  what ssh or virsh wrote to standard error
  [[noreturn]] void explain(int status, const std::string &words, const std::string &guest) const;

  Host host_;
  nbd::SshAccess access_;
  std::string ask_pass_;  ///< the script; empty: there is no password
};

}  // namespace v2v::input_xen
