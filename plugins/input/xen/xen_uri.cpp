// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "xen_uri.hpp"

#include <v2v/text/characters.hpp>
#include <v2v/text/printable.hpp>
#include <v2v/text/uri.hpp>

#include <algorithm>
#include <string_view>

namespace v2v::input_xen {
namespace {

constexpr std::string_view scheme = "xen+ssh://";

[[noreturn]] void wrong(const std::string &uri, const std::string &what) {
  throw Error(Code::usage, what, text::printable(uri),
              "write xen+ssh://[USER@]HOST[:PORT]; %XX stands for a byte");
}

std::string decode(const std::string &uri, std::string_view part) {
  const auto decoded = text::percent_decoded(part);
  if (!decoded) wrong(uri, "the URI has a '%' that is not followed by two hexadecimal digits");
  if (text::has_control_character(*decoded)) wrong(uri, "the URI has a control character");
  return *decoded;
}

/// The host, and behind it the port.
void parse_host(const std::string &uri, std::string_view authority, nbd::SshAccess &access) {
  const auto parts = text::split_host_and_port(authority);
  if (!parts) wrong(uri, "the URI has an IPv6 address without ']'");
  access.host = decode(uri, parts->host);
  // ssh would take what begins with '-' for an option.
  if (access.host.empty() || access.host[0] == '-') wrong(uri, "the URI names no host");
  if (parts->port.empty()) return;
  access.port = text::port_number(parts->port);
  if (!access.port) wrong(uri, "the URI has a wrong port number");
}

}  // namespace

nbd::SshAccess parse_xen_uri(const std::string &text) {
  if (text::lower(text.substr(0, scheme.size())) != scheme)
    wrong(text, "this is no URI of Xen over ssh");
  std::string_view rest = std::string_view(text).substr(scheme.size());
  rest = rest.substr(0, rest.find('#'));
  std::string_view query;
  if (const auto mark = rest.find('?'); mark != rest.npos) {
    query = rest.substr(mark + 1);
    rest = rest.substr(0, mark);
  }
  const auto slash = std::min(rest.find('/'), rest.size());
  auto authority = rest.substr(0, slash);
  if (const auto path = rest.substr(slash); !path.empty() && path != "/" && path != "/system")
    wrong(text, "the URI has a path behind the host");

  nbd::SshAccess access;
  if (const auto at = authority.rfind('@'); at != authority.npos) {
    if (authority.substr(0, at).find(':') != authority.npos)
      // Not the text of the URI: it has the password in it.
      throw Error(Code::usage, "a password does not belong into the URI", "-ic",
                  "give a file that has it in its first line with -ip");
    access.user = decode(text, authority.substr(0, at));
    if (access.user.empty() || access.user[0] == '-') wrong(text, "the URI names no user");
    authority.remove_prefix(at + 1);
  }
  parse_host(text, authority, access);
  if (query.rfind("keyfile=", 0) == 0)
    access.identity = decode(text, query.substr(query.find('=') + 1));
  else if (!query.empty())
    wrong(text, "the URI has a parameter that is not keyfile=");
  return access;
}

}  // namespace v2v::input_xen
