// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A file on another machine, served by nbdkit's ssh plugin. The other machine must be in the known
// hosts; that check is never left out. Source: nbdkit-ssh-plugin(1). Pure functions.
#pragma once

#include <v2v/nbd/nbdkit.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace v2v::nbd {

/// How a machine is reached. What is empty is as ssh is configured.
struct SshAccess {
  std::string host;  ///< without the brackets of an IPv6 address
  std::optional<std::uint16_t> port;
  std::string user, identity, known_hosts, password;
  RateLimit limit;  ///< of what is read through nbdkit

  /// "host" or "host:port", for messages.
  std::string server() const;
};

/// @param filters  from the outermost
Nbdkit::Settings ssh_settings(const SshAccess &access, const std::string &path,
                              std::vector<std::string> filters = {});

/// Throws what it means that such an nbdkit does not serve its file. It says so in words for those who
/// know libssh.
/// @param error  what the client of nbdkit was told; thrown where nbdkit has no reason
[[noreturn]] void explain_ssh(const Nbdkit &server, const SshAccess &access,
                              const std::string &path, const Error &error);

}  // namespace v2v::nbd
