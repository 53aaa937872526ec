// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "xen_uri.hpp"

#include <v2v/text/characters.hpp>
#include <v2v/text/printable.hpp>

#include <algorithm>
#include <charconv>
#include <string_view>

namespace v2v::input_xen {
namespace {

constexpr std::string_view scheme = "xen+ssh://";

[[noreturn]] void wrong(const std::string &uri, const std::string &what) {
  throw Error(Code::usage, what, text::printable(uri),
              "write xen+ssh://[USER@]HOST[:PORT]; %XX stands for a byte");
}

std::string decoded(const std::string &uri, std::string_view part) {
  std::string result;
  for (std::size_t i = 0; i < part.size(); ++i) {
    unsigned byte = static_cast<unsigned char>(part[i]);
    if (part[i] == '%') {
      const auto *digits = part.data() + i + 1;
      if (part.size() - i <= 2 || std::from_chars(digits, digits + 2, byte, 16).ptr != digits + 2)
        wrong(uri, "the URI has a '%' that is not followed by two hexadecimal digits");
      i += 2;
    }
    if (text::is_control(static_cast<char>(byte))) wrong(uri, "the URI has a control character");
    result += static_cast<char>(byte);
  }
  return result;
}

/// The host, and behind it the port.
void parse_host(const std::string &uri, std::string_view authority, nbd::SshAccess &access) {
  const bool brackets = !authority.empty() && authority[0] == '[';
  const auto closing = authority.find(']');
  if (brackets && closing == authority.npos) wrong(uri, "the URI has an IPv6 address without ']'");
  const auto end = brackets ? closing + 1 : std::min(authority.find(':'), authority.size());
  access.host =
      decoded(uri, brackets ? authority.substr(1, closing - 1) : authority.substr(0, end));
  const auto port = authority.substr(end);
  // ssh would take what begins with '-' for an option.
  if (access.host.empty() || access.host[0] == '-') wrong(uri, "the URI names no host");
  if (port.empty()) return;
  std::uint16_t number = 0;
  const auto *last = port.data() + port.size();
  const auto parsed = std::from_chars(port.data() + 1, last, number);
  if (port[0] != ':' || parsed.ec != std::errc() || parsed.ptr != last || number == 0)
    wrong(uri, "the URI has a wrong port number");
  access.port = number;
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
    access.user = decoded(text, authority.substr(0, at));
    if (access.user.empty() || access.user[0] == '-') wrong(text, "the URI names no user");
    authority.remove_prefix(at + 1);
  }
  parse_host(text, authority, access);
  if (query.rfind("keyfile=", 0) == 0)
    access.identity = decoded(text, query.substr(query.find('=') + 1));
  else if (!query.empty())
    wrong(text, "the URI has a parameter that is not keyfile=");
  return access;
}

}  // namespace v2v::input_xen
