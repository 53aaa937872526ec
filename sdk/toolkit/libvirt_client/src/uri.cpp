// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/libvirt_client/uri.hpp>
#include <v2v/text/characters.hpp>

namespace v2v::libvirt_client {

Uri parse_uri(const std::string &text) {
  Uri uri;
  const auto colon = text.find("://");
  if (colon == text.npos) return uri;
  const auto scheme = text::lower(text.substr(0, colon));
  const auto plus = scheme.find('+');
  uri.driver = scheme.substr(0, plus);
  if (plus != scheme.npos) uri.transport = scheme.substr(plus + 1);

  auto rest = text.substr(colon + 3);
  rest = rest.substr(0, rest.find('#'));
  if (const auto mark = rest.find('?'); mark != rest.npos) {
    uri.query = rest.substr(mark + 1);
    rest.resize(mark);
  }
  const auto slash = rest.find('/');
  auto authority = rest.substr(0, slash);
  if (slash != rest.npos) uri.path = rest.substr(slash);
  if (const auto at = authority.rfind('@'); at != authority.npos) {
    uri.user = authority.substr(0, at);
    authority.erase(0, at + 1);
  }
  // The brackets of an IPv6 address hold colons of their own.
  const auto closing = authority.find(']');
  const auto port = authority.find(':', closing == authority.npos ? 0 : closing);
  uri.server = authority.substr(0, port);
  if (port != authority.npos) uri.port = authority.substr(port + 1);
  return uri;
}

}  // namespace v2v::libvirt_client
