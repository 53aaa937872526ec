// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Programs run on another machine by the user's own ssh, which nobody has to answer while it runs. A
// password reaches ssh through a script in the run directory that reads a file there; both can be read
// by the user alone.
//
// Used by one thread.
#pragma once

#include <v2v/nbd/ssh_server.hpp>
#include <v2v/process/process.hpp>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace v2v::nbd {

/// One word for a POSIX shell, here or there.
std::string shell_word(const std::string &word);

/// The words of the ssh that runs `remote` in the shell of the other machine.
/// @param more  further options of ssh
std::vector<std::string> ssh_command(const SshAccess &access, const std::string &remote,
                                     const std::vector<std::string> &more = {});

class SshShell {
 public:
  /// @param check_cancelled  called several times a second; may throw
  SshShell(const std::string &run_directory, SshAccess access,
           std::function<void()> check_cancelled);

  const SshAccess &access() const { return access_; }
  /// What ssh needs in its environment.
  std::vector<std::pair<std::string, std::string>> environment() const;

  /// Runs a command there; its exit status may be any.
  /// @param what  what fails if ssh cannot be started
  /// @throws Error that says why ssh has not reached the machine, with its remedy
  process::CommandOutput run(const std::string &remote, const std::string &what) const;

  /// A connection that stays, for commands that follow one another quickly.
  /// @param base  a path in the run directory that is not taken
  /// @return the options of ssh that make use of it. If it ends, each command connects anew.
  std::vector<std::string> share_connection(const std::string &base);

 private:
  void provide_password(const std::string &run_directory);

  SshAccess access_;
  std::function<void()> check_cancelled_;
  std::string ask_pass_;  ///< the script; empty: there is no password
  std::unique_ptr<process::Child> shared_;
};

}  // namespace v2v::nbd
