// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/text/uri.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace v2v::text {

std::string percent_encoded(std::string_view text, std::string_view kept) {
  std::string encoded;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       kept.find(c) != kept.npos;
    if (plain)
      encoded += c;
    else
      encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return encoded;
}

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned byte = static_cast<unsigned char>(text[i]);
    if (text[i] == '%') {
      const auto *digits = text.data() + i + 1;
      if (text.size() - i <= 2 || std::from_chars(digits, digits + 2, byte, 16).ptr != digits + 2)
        return std::nullopt;
      i += 2;
    }
    decoded += static_cast<char>(byte);
  }
  return decoded;
}

std::optional<HostAndPort> split_host_and_port(std::string_view authority) {
  if (!authority.empty() && authority[0] == '[') {
    const auto end = authority.find(']');
    if (end == authority.npos) return std::nullopt;
    return HostAndPort{authority.substr(1, end - 1), authority.substr(end + 1)};
  }
  const auto colon = std::min(authority.find(':'), authority.size());
  return HostAndPort{authority.substr(0, colon), authority.substr(colon)};
}

std::optional<std::uint16_t> port_number(std::string_view port) {
  std::uint16_t number = 0;
  if (port.empty() || port[0] != ':') return std::nullopt;
  const auto *end = port.data() + port.size();
  const auto parsed = std::from_chars(port.data() + 1, end, number);
  if (parsed.ec != std::errc() || parsed.ptr != end || number == 0) return std::nullopt;
  return number;
}

}  // namespace v2v::text
