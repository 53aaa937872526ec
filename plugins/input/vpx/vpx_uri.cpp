// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "vpx_uri.hpp"

#include <v2v/text/characters.hpp>
#include <v2v/text/printable.hpp>
#include <v2v/text/uri.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace v2v::input_vpx {
namespace {

constexpr const char *forms =
    "write vpx://USER@VCENTER/DATACENTER/HOST, with the cluster before the host if it is in one, "
    "or "
    "esx://USER@HOST; %XX stands for a byte (%20 a blank, %5c a backslash, %40 an @)";

[[noreturn]] void wrong(const std::string &uri, const std::string &what) {
  throw Error(Code::usage, what, text::printable(uri), forms);
}

/// Cuts off what stands before `separator`, and the separator.
std::string_view next_part(std::string_view &rest, char separator) {
  const auto part = rest.substr(0, rest.find(separator));
  rest.remove_prefix(std::min(rest.size(), part.size() + 1));
  return part;
}

void parse_server(const std::string &uri, std::string_view authority, VpxUri &result) {
  const auto parts = text::split_host_and_port(authority);
  if (!parts) wrong(uri, "the URI has an IPv6 address without ']'");
  result.host = percent_decoded(parts->host, uri);
  if (result.host.empty()) wrong(uri, "the URI names no server");
  // It becomes part of another URL.
  if (result.host.find_first_of("/?#@\\ []") != result.host.npos)
    wrong(uri, "the server's name in the URI cannot be one");
  if (parts->port.empty()) return;
  const auto port = text::port_number(parts->port);
  if (!port) wrong(uri, "the URI has a wrong port number");
  result.port = *port;
}

void parse_query(const std::string &uri, std::string_view query, VpxUri &result) {
  while (!query.empty()) {
    auto value = next_part(query, '&');
    const auto key = next_part(value, '=');
    if (key == "no_verify") {
      if (value != "0" && value != "1") wrong(uri, "no_verify in the URI is neither 0 nor 1");
      result.verify = value == "0";
    } else if (key == "authfile") {
      result.auth_file = percent_decoded(value, uri);
    } else if (key == "transport") {
      if (value != "https")
        throw Error(
            Code::unsupported,
            fmt::format("a guest's disks are never read over \"{}\"", text::printable(value)),
            text::printable(uri), "leave transport= out");
    } else if (key != "auto_answer" && key != "vcenter" && key != "proxy") {
      // Those three are libvirt's and change nothing about reading a guest.
      wrong(uri, fmt::format("\"{}\" in the URI is not known", text::printable(key)));
    }
  }
}

}  // namespace

std::string VpxUri::server() const {
  const auto name = host.find(':') == host.npos ? host : fmt::format("[{}]", host);
  return port == 443 ? name : fmt::format("{}:{}", name, port);
}

std::string percent_decoded(std::string_view part, const std::string &uri) {
  const auto decoded = text::percent_decoded(part);
  if (!decoded) wrong(uri, "the URI has a '%' that is not followed by two hexadecimal digits");
  if (text::has_control_character(*decoded)) wrong(uri, "the URI has a control character");
  return *decoded;
}

std::string percent_encoded(std::string_view text, bool slashes) {
  std::string encoded;
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (letter || (c != '\0' && std::strchr("-._~", c)) || (slashes && c == '/'))
      encoded += c;
    else
      encoded += fmt::format("%{:02x}", static_cast<unsigned char>(c));
  }
  return encoded;
}

VpxUri parse_vpx_uri(const std::string &text) {
  const auto start = text.find("://");
  const auto scheme = text::lower(text.substr(0, start));
  if (start == text.npos || (scheme != "vpx" && scheme != "esx" && scheme != "gsx"))
    wrong(text, "this is no URI of a vCenter or of an ESXi host");
  VpxUri uri;
  uri.vcenter = scheme == "vpx";
  std::string_view rest = std::string_view(text).substr(start + 3);
  rest = rest.substr(0, rest.find('#'));
  auto query = rest;
  rest = next_part(query, '?');

  auto path = rest;
  auto authority = next_part(path, '/');
  if (const auto at = authority.rfind('@'); at != authority.npos) {
    if (authority.substr(0, at).find(':') != authority.npos)
      // Not the text of the URI: it has the password in it.
      throw Error(Code::usage, "a password does not belong into the URI", "-ic",
                  "give a file that has it in its first line with -ip");
    uri.user = percent_decoded(authority.substr(0, at), text);
    authority.remove_prefix(at + 1);
  }
  parse_server(text, authority, uri);
  while (!path.empty())
    if (const auto name = next_part(path, '/'); !name.empty())
      uri.path.push_back(percent_decoded(name, text));
  for (const auto &name : uri.path)
    if (!text::is_utf8(name)) wrong(text, "the path in the URI is not UTF-8");
  if (!uri.vcenter && !uri.path.empty())
    wrong(text, "the URI of one ESXi host has no path behind the host");
  if (uri.vcenter && uri.path.empty()) wrong(text, "the URI names no datacenter");
  parse_query(text, query, uri);
  return uri;
}

}  // namespace v2v::input_vpx
