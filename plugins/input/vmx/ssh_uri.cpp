// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "ssh_uri.hpp"

#include "text.hpp"

#include <v2v/text/characters.hpp>
#include <v2v/text/printable.hpp>
#include <v2v/text/uri.hpp>

#include <fmt/format.h>

#include <filesystem>

namespace v2v::input_vmx {
namespace {

[[noreturn]] void wrong(const std::string &text, const std::string &what) {
  throw Error(Code::usage, what, text::printable(text),
              "write ssh://[USER@]HOST[:PORT]/PATH/GUEST.vmx; %XX stands for a byte");
}

std::string decode(const std::string &uri, std::string_view part) {
  const auto decoded = text::percent_decoded(part);
  if (!decoded) wrong(uri, "the URI has a '%' that is not followed by two hexadecimal digits");
  // Also what a shell, a config file or a terminal would trip over.
  if (text::has_control_character(*decoded)) wrong(uri, "the URI has a control character");
  return *decoded;
}

void parse_host(const std::string &text, std::string_view authority, SshUri &uri) {
  const auto parts = text::split_host_and_port(authority);
  if (!parts) wrong(text, "the URI has an IPv6 address without ']'");
  uri.host = decode(text, parts->host);
  if (uri.host.empty()) wrong(text, "the URI names no host");
  if (parts->port.empty()) return;
  uri.port = text::port_number(parts->port);
  if (!uri.port) wrong(text, "the URI has a wrong port number");
}

}  // namespace

std::string SshUri::server() const {
  return port ? fmt::format("{}:{}", host, *port) : host;
}

bool looks_like_ssh_uri(const std::string &text) {
  return starts_with(text::lower(text.substr(0, 6)), "ssh://");
}

SshUri parse_ssh_uri(const std::string &text) {
  std::string_view rest = text;
  if (looks_like_ssh_uri(text))
    rest.remove_prefix(6);
  else if (starts_with(rest, "//"))
    rest.remove_prefix(2);
  else
    wrong(text, "with -it ssh the guest is a URI");
  const auto slash = rest.find('/');
  if (slash == rest.npos) wrong(text, "the URI names no file");
  auto authority = rest.substr(0, slash);
  SshUri uri;
  if (const auto at = authority.rfind('@'); at != authority.npos) {
    if (authority.substr(0, at).find(':') != authority.npos)
      wrong(text, "a password does not belong into the URI: give a file with -ip");
    uri.user = decode(text, authority.substr(0, at));
    authority.remove_prefix(at + 1);
  }
  parse_host(text, authority, uri);
  const auto path = std::filesystem::path(decode(text, rest.substr(slash))).lexically_normal();
  uri.path = path.string();
  if (path.filename().empty()) wrong(text, "the URI names a directory, not a VMX file");
  if (!text::is_utf8(uri.path)) wrong(text, "the path in the URI is not UTF-8");
  return uri;
}

}  // namespace v2v::input_vmx
