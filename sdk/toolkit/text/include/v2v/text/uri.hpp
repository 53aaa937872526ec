// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Pieces of URIs (RFC 3986), from a person or a source and so checked. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace v2v::text {

/// What may stand in a URI as it is, and with it the slashes of a path.
constexpr std::string_view unreserved = "-._~", unreserved_in_path = "/-._~";

/// With everything but letters, digits and the characters of `kept` as %XX.
std::string percent_encoded(std::string_view text, std::string_view kept = unreserved);

/// With each %XX as the byte that it stands for, whatever that is; nothing if a '%' is not followed by
/// two hexadecimal digits.
std::optional<std::string> percent_decoded(std::string_view text);

struct HostAndPort {
  std::string_view host;  ///< without the brackets of an IPv6 address; still encoded
  std::string_view port;  ///< what follows: empty, or ":443" if it is a port
};

/// Nothing if a '[' has no ']'.
std::optional<HostAndPort> split_host_and_port(std::string_view authority);

/// Of ":443" 443; nothing if that is no port's number.
std::optional<std::uint16_t> port_number(std::string_view port);

}  // namespace v2v::text
