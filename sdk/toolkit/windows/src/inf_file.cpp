// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/windows/inf_file.hpp>

#include <v2v/windows/utf16.hpp>

#include <v2v/text/characters.hpp>

#include <map>
#include <utility>
#include <vector>

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

using Lines = std::vector<std::pair<std::string, std::string>>;

/// A section's lines. The name, or a line without '=', is in small letters; values are as they are.
struct Section {
  Lines lines;

  const std::string *find(const std::string &name) const {
    for (const auto &[key, value] : lines)
      if (key == name) return &value;
    return nullptr;
  }
};

using Sections = std::map<std::string, Section>;

const Section &section_of(const Sections &sections, const std::string &name) {
  static const Section none;
  const auto found = sections.find(name);
  return found == sections.end() ? none : found->second;
}

/// The next line without comment and blanks; one that ends in a backslash goes on in the next.
std::string next_line(std::string_view &text) {
  std::string whole;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const auto line = trim(without_comment(text.substr(0, end)));
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    whole += line;
    if (whole.empty() || whole.back() != '\\') break;
    whole.pop_back();
  }
  return whole;
}

/// By name in small letters. Sections of one name are one, as for Windows.
Sections sections_of(std::string_view text) {
  Sections sections;
  Section *section = nullptr;
  while (!text.empty()) {
    const auto line = next_line(text);
    if (line.empty()) continue;
    if (line.front() == '[') {
      section = &sections[plain(line.substr(1, line.find(']') - 1))];
    } else if (section) {
      const auto equals = line.find('=');
      section->lines.emplace_back(
          plain(line.substr(0, equals)),
          equals == std::string::npos ? "" : trim(std::string_view(line).substr(equals + 1)));
    }
  }
  return sections;
}

/// The text for a value like %name%, which stands in [Strings].
std::string expand(const std::string &value, const Sections &sections) {
  if (value.size() < 3 || value.front() != '%' || value.back() != '%') return value;
  const auto *text =
      section_of(sections, "strings").find(text::lower(value.substr(1, value.size() - 2)));
  return text ? *text : value;
}

/// Fields between commas, in small letters.
std::vector<std::string> fields(std::string_view list) {
  std::vector<std::string> all;
  while (true) {
    const auto comma = list.find(',');
    all.push_back(plain(list.substr(0, comma)));
    if (comma == std::string_view::npos) return all;
    list.remove_prefix(comma + 1);
  }
}

/// The source files of all CopyFiles directives: @file, or sections of lines "target[,source…]".
std::set<std::string> copied_files(const Sections &sections) {
  std::set<std::string> files;
  for (const auto &[name, section] : sections) {
    for (const auto &[key, value] : section.lines) {
      if (key != "copyfiles") continue;
      for (const auto &list : fields(value)) {
        if (list.substr(0, 1) == "@") files.insert(list.substr(1));
        for (const auto &[line, unused] : section_of(sections, list).lines) {
          const auto parts = fields(line);
          files.insert(parts.size() > 1 && !parts[1].empty() ? parts[1] : parts[0]);
        }
      }
    }
  }
  return files;
}

/// The catalogue with the driver's signature: of several the one that is most to the point counts.
std::string catalogue(const Sections &sections, const std::string &suffix) {
  for (const auto &key :
       {"catalogfile.nt" + suffix, std::string("catalogfile.nt"), std::string("catalogfile")}) {
    if (const auto *file = section_of(sections, "version").find(key))
      return plain(expand(*file, sections));
  }
  return {};
}

}  // namespace

std::optional<InfFile> parse_inf(std::string_view bytes, const std::string &arch) {
  const auto sections = sections_of(decode(bytes));
  if (sections.count("version") == 0) return std::nullopt;
  const std::string suffix = arch == "i386" ? "x86" : "amd64";
  InfFile inf;
  if (const auto *name = section_of(sections, "version").find("class"))
    inf.device_class = plain(expand(*name, sections));
  inf.files.insert(catalogue(sections, suffix));
  const auto copied = copied_files(sections);
  for (const auto &name : {std::string("sourcedisksfiles"), "sourcedisksfiles." + suffix}) {
    for (const auto &[file, disk] : section_of(sections, name).lines)
      if (copied.count(file)) inf.files.insert(file);
  }
  inf.files.erase("");
  return inf;
}

}  // namespace v2v::windows
