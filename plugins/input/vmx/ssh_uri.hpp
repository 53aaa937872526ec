// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// ssh://[USER@]HOST[:PORT]/PATH/GUEST.vmx. Pure functions.
#pragma once

#include <v2v/error.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace v2v::input_vmx {

struct SshUri {
  std::string user;  ///< empty: what ssh would take
  std::string host;  ///< without the brackets of an IPv6 address
  std::optional<std::uint16_t> port;
  std::string path;  ///< absolute, without "." and ".."

  /// "host" or "host:port", for messages.
  std::string server() const;
};

bool looks_like_ssh_uri(const std::string &text);

/// @throws Error(usage) that says what is wrong and how to write it
SshUri parse_ssh_uri(const std::string &text);

}  // namespace v2v::input_vmx
