// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "vmx_file.hpp"

#include "text.hpp"

#include <v2v/text/characters.hpp>
#include <v2v/text/charset.hpp>
#include <v2v/text/printable.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

namespace v2v::input_vmx {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t most_line_warnings = 10;
constexpr std::string_view blanks = " \t\r";

std::string_view trimmed(std::string_view text) {
  const auto start = text.find_first_not_of(blanks);
  if (start == text.npos) return {};
  return text.substr(start, text.find_last_not_of(blanks) - start + 1);
}

// ---- What else it may be -----------------------------------------------------------------------

[[noreturn]] void refuse(const std::string &name, const char *what, const char *remedy) {
  throw Error(Code::usage, fmt::format("this is {}, not a VMX file", what), name, remedy);
}

void refuse_xml(std::string_view text, const std::string &name) {
  const auto has = [&](std::string_view tag) {
    return text.substr(0, 65536).find(tag) != text.npos;
  };
  if (has("Envelope"))
    refuse(name, "an OVF file", "give the OVA, or the directory of the OVF, with -i ova");
  if (has("<Foundry"))
    refuse(name, "a VMXF file", "give the file of the same name that ends in .vmx");
  if (has("<domain")) refuse(name, "a libvirt domain", "give it with -i libvirtxml");
  refuse(name, "an XML file", "give the guest's .vmx file");
}

/// Files that people have given instead of the VMX beside them.
void refuse_other_types(std::string_view bytes, const std::string &name) {
  for (const auto magic : {"KDMV"sv, "VMDK"sv, "COWD"sv})
    if (starts_with(bytes, magic)) refuse(name, "a VMDK disk", "give the guest's .vmx file");
  if (starts_with(text::lower(bytes.substr(0, 21)), "# disk descriptorfile"))
    refuse(name, "the descriptor of a VMDK disk", "give the guest's .vmx file");
  if (bytes.size() >= 262 && bytes.substr(257, 5) == "ustar")
    refuse(name, "a tar archive", "if it is an OVA, give it with -i ova");
  for (const auto magic : {"PK\3\4"sv, "\x1f\x8b"sv,
                           "\xfd"
                           "7zXZ"sv})
    if (starts_with(bytes, magic))
      refuse(name, "an archive", "if it is a compressed OVA, give it with -i ova; else unpack it");
  if (starts_with(bytes, "QFI\xfb"sv)) refuse(name, "a qcow2 disk", "give it with -i disk");
  if (starts_with(bytes, "MRVN"sv)) refuse(name, "an NVRAM file", "give the guest's .vmx file");
  if (const auto start = bytes.find_first_not_of(" \t\r\n");
      start != bytes.npos && bytes[start] == '<')
    refuse_xml(bytes, name);
}

// ---- Lines -------------------------------------------------------------------------------------

struct Line {
  std::string_view key, value;
};

/// `key = "value"`, or nothing.
std::optional<Line> split(std::string_view text) {
  const auto key_end = text.find_first_of(" \t=");
  if (key_end == text.npos || key_end == 0) return std::nullopt;
  const auto rest = trimmed(text.substr(key_end));
  if (rest.empty() || rest[0] != '=') return std::nullopt;
  const auto value = trimmed(rest.substr(1));
  if (value.size() < 2 || value.front() != '"' || value.back() != '"') return std::nullopt;
  return Line{text.substr(0, key_end), value.substr(1, value.size() - 2)};
}

template <class Take>
void for_each_line(std::string_view text, Take take) {
  for (unsigned number = 1; !text.empty(); ++number) {
    const auto end = std::min(text.find('\n'), text.size());
    take(number, trimmed(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

/// The encoding that the file names; keys and this value are ASCII in all of them.
std::optional<std::string> named_encoding(std::string_view bytes) {
  std::optional<std::string> encoding;
  for_each_line(bytes, [&](unsigned, std::string_view text) {
    const auto line = split(text);
    if (line && !encoding && text::lower(line->key) == ".encoding")
      encoding = std::string(line->value);
  });
  return encoding;
}

/// Which encoding to read the file in, with a warning where it can only be guessed.
std::string choose_encoding(std::string_view bytes, const std::string &name, const Warn &warn) {
  const auto named = named_encoding(bytes);
  const bool utf8 = text::is_utf8(bytes);
  if (!named) {
    if (utf8) return "UTF-8";
    warn(fmt::format("{}: it does not say its encoding; windows-1252 is assumed", name));
    return "windows-1252";
  }
  if (!text::known_charset(*named)) {
    const char *instead = utf8 ? "UTF-8" : "windows-1252";
    warn(fmt::format("{}: unknown encoding \"{}\"; {} is assumed", name, text::printable(*named),
                     instead));
    return instead;
  }
  const auto name_in_lower = text::lower(*named);
  if ((name_in_lower == "utf-8" || name_in_lower == "utf8") && !utf8) {
    warn(fmt::format("{}: it is not in UTF-8, as it says; windows-1252 is assumed", name));
    return "windows-1252";
  }
  return *named;
}

/// |XX is a byte, in the file's encoding.
std::string unescape(std::string_view text, const std::string &encoding) {
  std::string result, bytes;
  const auto flush = [&] {
    if (bytes.empty()) return;  // to_utf8 is not cheap
    result += text::to_utf8(bytes, encoding);
    bytes.clear();
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned byte = 0;
    const auto *digits = text.data() + i + 1;
    if (text[i] == '|' && text.size() - i > 2 &&
        std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2) {
      bytes += static_cast<char>(byte);
      i += 2;
      continue;
    }
    flush();
    result += text[i];
  }
  flush();
  // No value has a use for it, and the ABI ends a string there.
  result.erase(std::remove(result.begin(), result.end(), '\0'), result.end());
  return result;
}

/// A damaged file must not bury the other messages.
void tell(const std::vector<std::string> &notes, const std::string &name, const Warn &warn) {
  const auto told = std::min(notes.size(), most_line_warnings);
  for (std::size_t i = 0; i < told; ++i) warn(fmt::format("{}: {}", name, notes[i]));
  if (told < notes.size())
    warn(fmt::format("{}: {} more lines are like that", name, notes.size() - told));
}

std::optional<unsigned> number_at(std::string_view &text) {
  unsigned value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (parsed.ec != std::errc() || value > 9999) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(parsed.ptr - text.data()));
  return value;
}

}  // namespace

std::optional<std::string> VmxFile::get(const std::string &key) const {
  const auto found = values_.find(key);
  if (found == values_.end()) return std::nullopt;
  return found->second;
}

bool VmxFile::is_true(const std::string &key) const {
  return text::lower(text(key)) == "true";
}

bool VmxFile::has_namespace(const std::string &name) const {
  const auto found = values_.lower_bound(name + ".");
  return has(name) || (found != values_.end() && starts_with(found->first, name + "."));
}

std::vector<VmxFile::Place> VmxFile::places(const std::string &bus) const {
  std::set<Place> found;
  for (auto at = values_.lower_bound(bus); at != values_.end() && starts_with(at->first, bus);
       ++at) {
    auto rest = std::string_view(at->first).substr(bus.size());
    const auto controller = number_at(rest);
    if (!controller || rest.empty() || rest[0] != ':') continue;
    rest.remove_prefix(1);
    const auto unit = number_at(rest);
    if (unit && !rest.empty() && rest[0] == '.') found.insert({*controller, *unit});
  }
  return {found.begin(), found.end()};
}

std::vector<unsigned> VmxFile::numbers(const std::string &prefix) const {
  std::set<unsigned> found;
  for (auto at = values_.lower_bound(prefix); at != values_.end() && starts_with(at->first, prefix);
       ++at) {
    auto rest = std::string_view(at->first).substr(prefix.size());
    const auto number = number_at(rest);
    if (number && !rest.empty() && rest[0] == '.') found.insert(*number);
  }
  return {found.begin(), found.end()};
}

void VmxFile::drop_absent() {
  constexpr std::string_view suffix = ".present";
  std::vector<std::string> absent;
  for (const auto &[key, value] : values_)
    if (text::lower(value) == "false" && ends_with(key, suffix))
      absent.push_back(key.substr(0, key.size() - suffix.size() + 1));
  for (const auto &start : absent) {
    auto at = values_.lower_bound(start);
    while (at != values_.end() && starts_with(at->first, start)) at = values_.erase(at);
  }
}

VmxFile parse_vmx(std::string_view bytes, const std::string &name, const Warn &warn) {
  refuse_other_types(bytes, name);
  if (starts_with(bytes, "\xEF\xBB\xBF")) bytes.remove_prefix(3);
  if (bytes.size() > largest_vmx)
    throw Error(Code::usage, fmt::format("a file of {} bytes is no VMX file", bytes.size()), name,
                "give the guest's .vmx file");
  const auto encoding = choose_encoding(bytes, name, warn);
  const auto text = text::to_utf8(bytes, encoding);
  VmxFile file;
  std::vector<std::string> notes;
  for_each_line(text, [&](unsigned number, std::string_view line) {
    if (line.empty() || line[0] == '#') return;
    const auto pair = split(line);
    if (!pair) {
      notes.push_back(fmt::format("line {} is not understood and is ignored: {}", number,
                                  text::printable(line)));
      return;
    }
    const auto key = text::lower(pair->key);
    const auto value = unescape(pair->value, encoding);
    const auto [first, added] = file.values_.emplace(key, value);
    if (!added && first->second != value)
      notes.push_back(fmt::format("{} is there twice; the first, \"{}\", counts",
                                  text::printable(key), text::printable(first->second)));
  });
  if (file.values_.empty())
    throw Error(Code::corrupt, "this is not a VMX file: it has no line like displayName = \"…\"",
                name, "give the guest's .vmx file");
  tell(notes, name, warn);
  file.drop_absent();
  return file;
}

}  // namespace v2v::input_vmx
