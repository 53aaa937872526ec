// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/windows/inf_file.hpp>

#include <v2v/windows/utf16.hpp>

#include <v2v/text/characters.hpp>

#include <map>

namespace v2v::windows {
namespace {

std::string decode(std::string_view bytes) {
  if (bytes.substr(0, 2) == "\xff\xfe") return from_utf16(bytes.substr(2));
  if (bytes.substr(0, 3) == "\xef\xbb\xbf") bytes.remove_prefix(3);
  return std::string(bytes);
}

std::string_view trim(std::string_view text) {
  const auto blank = " \t\r\n\f\v";
  const auto first = text.find_first_not_of(blank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

/// Up to a ';' that is not in quotes.
std::string_view without_comment(std::string_view line) {
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"') quoted = !quoted;
    if (line[i] == ';' && !quoted) return line.substr(0, i);
  }
  return line;
}

/// A name or value in small letters, without quotes.
std::string plain(std::string_view text) {
  std::string bare;
  for (const char byte : trim(text))
    if (byte != '"') bare += byte;
  return text::lower(bare);
}

using Section = std::map<std::string, std::string>;

/// By name in small letters; values as they are. Sections of one name are one, as for Windows.
std::map<std::string, Section> sections_of(std::string_view text) {
  std::map<std::string, Section> sections;
  Section *section = nullptr;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const auto line = trim(without_comment(text.substr(0, end)));
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    if (line.empty()) continue;
    if (line.front() == '[') {
      section = &sections[plain(line.substr(1, line.find(']') - 1))];
    } else if (section) {
      const auto equals = line.find('=');
      const auto value = equals == std::string_view::npos ? "" : line.substr(equals + 1);
      (*section)[plain(line.substr(0, equals))] = std::string(trim(value));
    }
  }
  return sections;
}

/// The text for a value like %name%, which stands in [Strings].
std::string expand(const std::string &value, const std::map<std::string, Section> &sections) {
  if (value.size() < 3 || value.front() != '%' || value.back() != '%') return value;
  const auto strings = sections.find("strings");
  if (strings == sections.end()) return value;
  const auto found = strings->second.find(text::lower(value.substr(1, value.size() - 2)));
  return found == strings->second.end() ? value : found->second;
}

/// The catalogue with the driver's signature: of several the one that is most to the point counts.
std::string catalogue(const Section &version, const std::string &suffix) {
  for (const auto &key :
       {"catalogfile.nt" + suffix, std::string("catalogfile.nt"), std::string("catalogfile")}) {
    const auto found = version.find(key);
    if (found != version.end()) return found->second;
  }
  return {};
}

}  // namespace

std::optional<InfFile> parse_inf(std::string_view bytes, const std::string &arch) {
  const auto sections = sections_of(decode(bytes));
  const auto version = sections.find("version");
  if (version == sections.end()) return std::nullopt;
  const std::string suffix = arch == "i386" ? "x86" : "amd64";
  InfFile inf;
  const auto device_class = version->second.find("class");
  if (device_class != version->second.end())
    inf.device_class = plain(expand(device_class->second, sections));
  inf.files.insert(plain(expand(catalogue(version->second, suffix), sections)));
  for (const auto &name : {std::string("sourcedisksfiles"), "sourcedisksfiles." + suffix}) {
    const auto found = sections.find(name);
    if (found == sections.end()) continue;
    for (const auto &[file, disk] : found->second) inf.files.insert(plain(expand(file, sections)));
  }
  inf.files.erase("");
  return inf;
}

}  // namespace v2v::windows
