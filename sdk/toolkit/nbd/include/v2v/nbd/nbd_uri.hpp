// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// NBD URIs: nbd://host[:port]/export and nbd+unix:///export?socket=PATH. Source: the NBD project's
// doc/uri.md. Pure functions.
#pragma once

#include <v2v/error.hpp>

#include <cstdint>
#include <string>

namespace v2v::nbd {

struct NbdUri {
  std::string socket;  ///< path of a Unix socket; empty: TCP
  std::string host;    ///< without the brackets of an IPv6 address
  std::uint16_t port = 10809;
  std::string export_name;  ///< may be empty: the server's default export

  bool operator==(const NbdUri &other) const {
    return socket == other.socket && host == other.host && port == other.port &&
           export_name == other.export_name;
  }
};

/// True if the text begins like a URI of any of NBD's schemes, supported or not.
bool looks_like_nbd_uri(const std::string &text);

/// Takes a URI apart; %XX is decoded.
/// @throws Error(usage) that says what is wrong; Error(unsupported) for TLS and vsock
NbdUri parse_nbd_uri(const std::string &text);

}  // namespace v2v::nbd
