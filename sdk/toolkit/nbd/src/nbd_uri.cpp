// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/nbd/nbd_uri.hpp>
#include <v2v/text/printable.hpp>
#include <v2v/text/uri.hpp>

#include <fmt/format.h>

#include <string_view>

namespace v2v::nbd {
namespace {

constexpr const char *forms = "write nbd://HOST[:PORT]/EXPORT or nbd+unix:///EXPORT?socket=/PATH";

[[noreturn]] void wrong(const std::string &text, const std::string &what) {
  throw Error(Code::usage, what, text::printable(text), forms);
}

std::string decode(const std::string &uri, std::string_view part) {
  const auto decoded = text::percent_decoded(part);
  if (!decoded || decoded->find('\0') != decoded->npos)
    wrong(uri, "the NBD URI has a '%' that is not followed by two hexadecimal digits");
  return *decoded;
}

void parse_authority(const std::string &text, std::string_view authority, NbdUri &uri) {
  if (authority.find('@') != authority.npos) wrong(text, "an NBD URI has no user name");
  const auto parts = text::split_host_and_port(authority);
  if (!parts) wrong(text, "the NBD URI has an IPv6 address without ']'");
  uri.host = decode(text, parts->host);
  if (uri.host.empty()) wrong(text, "the NBD URI names no host");
  if (parts->port.empty()) return;
  const auto port = text::port_number(parts->port);
  if (!port) wrong(text, "the NBD URI has a wrong port number");
  uri.port = *port;
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
