// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "auth_file.hpp"

#include <v2v/text/printable.hpp>

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <system_error>

namespace v2v::input_vpx {
namespace {

constexpr std::size_t largest_file = std::size_t{1} << 20;

using Section = std::map<std::string, std::string>;

std::string trimmed(const std::string &text) {
  const auto start = text.find_first_not_of(" \t\r");
  if (start == text.npos) return {};
  return text.substr(start, text.find_last_not_of(" \t\r") - start + 1);
}

std::map<std::string, Section> parse(const std::string &text) {
  std::map<std::string, Section> sections;
  std::istringstream lines(text);
  Section *section = nullptr;
  for (std::string line; std::getline(lines, line);) {
    line = trimmed(line);
    if (line.empty() || line[0] == '#' || line[0] == ';') continue;
    if (line.front() == '[' && line.back() == ']') {
      section = &sections[line.substr(1, line.size() - 2)];
      continue;
    }
    const auto equals = line.find('=');
    if (section && equals != line.npos)
      section->emplace(trimmed(line.substr(0, equals)), trimmed(line.substr(equals + 1)));
  }
  return sections;
}

std::string value(const Section &section, const char *key) {
  const auto found = section.find(key);
  return found == section.end() ? "" : found->second;
}

}  // namespace

Credentials credentials_in(const std::string &text, const VpxUri &uri) {
  const auto sections = parse(text);
  for (const auto &server : {uri.host, std::string("default")})
    for (const char *service : {"esx", "vpx"}) {
      const auto entry = sections.find(fmt::format("auth-{}-{}", service, server));
      if (entry == sections.end()) continue;
      const auto named = sections.find("credentials-" + value(entry->second, "credentials"));
      if (named == sections.end()) continue;
      return {value(named->second, "username"), value(named->second, "password")};
    }
  return {};
}

std::string auth_file(const VpxUri &uri,
                      const std::function<std::string(const char *)> &environment) {
  if (!uri.auth_file.empty()) return uri.auth_file;
  if (auto named = environment("LIBVIRT_AUTH_FILE"); !named.empty()) return named;
  auto config = environment("XDG_CONFIG_HOME");
  if (const auto home = environment("HOME"); config.empty() && !home.empty())
    config = home + "/.config";
  for (const auto &directory : {config, std::string("/etc")}) {
    if (directory.empty()) continue;
    auto file = directory + "/libvirt/auth.conf";
    std::error_code ignored;
    if (std::filesystem::exists(file, ignored)) return file;
  }
  return {};
}

Credentials read_credentials(const std::string &file, const VpxUri &uri) {
  if (file.empty()) return {};
  std::ifstream in(file, std::ios::binary);
  std::string text;
  for (char byte = 0; text.size() < largest_file && in.get(byte);) text += byte;
  if (!in.is_open()) {
    const int reason = errno;
    throw Error(
        reason == ENOENT ? Code::not_found : Code::access,
        fmt::format("cannot read the file with credentials: {}", std::strerror(reason)),
        text::printable(file),
        "check LIBVIRT_AUTH_FILE, or authfile= in the URI, or give the password's file with -ip");
  }
  return credentials_in(text, uri);
}

}  // namespace v2v::input_vpx
