// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/nbd/nbd_uri.hpp>
#include <v2v/text/printable.hpp>

#include <fmt/format.h>

#include <charconv>
#include <string_view>

namespace v2v::nbd {
namespace {

constexpr const char *forms = "write nbd://HOST[:PORT]/EXPORT or nbd+unix:///EXPORT?socket=/PATH";

[[noreturn]] void wrong(const std::string &text, const std::string &what) {
  throw Error(Code::usage, what, text::printable(text), forms);
}

std::string decode(const std::string &uri, std::string_view part) {
  std::string decoded;
  for (std::size_t i = 0; i < part.size(); ++i) {
    if (part[i] != '%') {
      decoded += part[i];
      continue;
    }
    unsigned byte = 0;
    const auto *digits = part.data() + i + 1;
    const bool two = part.size() - i > 2;
    if (!two || std::from_chars(digits, digits + 2, byte, 16).ptr != digits + 2 || byte == 0)
      wrong(uri, "the NBD URI has a '%' that is not followed by two hexadecimal digits");
    decoded += static_cast<char>(byte);
    i += 2;
  }
  return decoded;
}

void parse_authority(const std::string &text, std::string_view authority, NbdUri &uri) {
  if (authority.find('@') != authority.npos) wrong(text, "an NBD URI has no user name");
  std::string_view host = authority, port;
  if (!authority.empty() && authority[0] == '[') {
    const auto end = authority.find(']');
    if (end == authority.npos) wrong(text, "the NBD URI has an IPv6 address without ']'");
    host = authority.substr(1, end - 1);
    port = authority.substr(end + 1);
  } else if (const auto colon = authority.find(':'); colon != authority.npos) {
    host = authority.substr(0, colon);
    port = authority.substr(colon);
  }
  uri.host = decode(text, host);
  if (uri.host.empty()) wrong(text, "the NBD URI names no host");
  if (port.empty()) return;
  const auto *end = port.data() + port.size();
  const auto number = std::from_chars(port.data() + 1, end, uri.port);
  if (port[0] != ':' || number.ec != std::errc() || number.ptr != end || uri.port == 0)
    wrong(text, "the NBD URI has a wrong port number");
}

std::string socket_of_query(const std::string &text, std::string_view query) {
  while (!query.empty()) {
    const auto pair = query.substr(0, query.find('&'));
    if (pair.substr(0, 7) == "socket=") return decode(text, pair.substr(7));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
  }
  return {};
}

}  // namespace

bool looks_like_nbd_uri(const std::string &text) {
  for (const std::string_view scheme : {"nbd", "nbds"})
    for (const std::string_view transport : {"", "+unix", "+vsock"})
      if (text.rfind(fmt::format("{}{}:", scheme, transport), 0) == 0) return true;
  return false;
}

NbdUri parse_nbd_uri(const std::string &text) {
  const auto colon = text.find("://");
  if (colon == text.npos) wrong(text, "the NBD URI lacks \"//\" after its scheme");
  const auto scheme = text.substr(0, colon);
  if (scheme != "nbd" && scheme != "nbd+unix")
    throw Error(Code::unsupported, fmt::format("NBD over {} is not supported", scheme),
                text::printable(text),
                "forward the server to a local socket (ssh -L, nbdkit nbd) and give nbd+unix:");
  std::string_view rest = std::string_view(text).substr(colon + 3);
  std::string_view query;
  if (const auto mark = rest.find('?'); mark != rest.npos) {
    query = rest.substr(mark + 1);
    rest = rest.substr(0, mark);
  }
  const auto slash = rest.find('/');
  const auto authority = rest.substr(0, slash);

  NbdUri uri;
  if (slash != rest.npos) uri.export_name = decode(text, rest.substr(slash + 1));
  if (!text::is_utf8(uri.export_name)) wrong(text, "the export of the NBD URI is not UTF-8");
  uri.socket = socket_of_query(text, query);
  if (scheme == "nbd") {
    parse_authority(text, authority, uri);
    uri.socket.clear();
    return uri;
  }
  if (!authority.empty()) wrong(text, "an nbd+unix URI names no host: it needs three slashes");
  if (uri.socket.empty()) wrong(text, "the NBD URI does not say which socket");
  return uri;
}

}  // namespace v2v::nbd
