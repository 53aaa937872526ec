// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/images/vmdk_descriptor.hpp>
#include <v2v/text/characters.hpp>
#include <v2v/text/charset.hpp>
#include <v2v/text/printable.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace v2v::images {
namespace {

// 2 GB to a file and 64 TiB in all; what is made of it must be read by qemu within 1 MiB.
constexpr std::size_t most_extents = 8192;
constexpr std::uint64_t most_sectors = std::uint64_t(1) << 41;

constexpr std::string_view blanks = " \t\r\v\f";

std::string_view trimmed(std::string_view text) {
  const auto start = text.find_first_not_of(blanks);
  if (start == text.npos) return {};
  return text.substr(start, text.find_last_not_of(blanks) - start + 1);
}

/// The next word of the line, which is taken off.
std::string_view take_word(std::string_view &line) {
  line = trimmed(line);
  const auto end = std::min(line.find_first_of(" \t\""), line.size());
  const auto word = line.substr(0, end);
  line.remove_prefix(end);
  return word;
}

class Parser {
 public:
  explicit Parser(const std::string &name) : name_(name) {}

  void line(std::string_view text) {
    text = trimmed(text);
    if (text.empty() || text[0] == '#') return;
    auto rest = text;
    const auto word = take_word(rest);
    if (word == "RW" || word == "RDONLY" || word == "NOACCESS") return extent(word, rest, text);
    const auto equals = text.find('=');
    if (equals == text.npos) return;
    auto value = trimmed(text.substr(equals + 1));
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
      value = value.substr(1, value.size() - 2);
    pair(text::lower(trimmed(text.substr(0, equals))), value);
  }

  VmdkDescriptor result() && { return std::move(descriptor_); }

 private:
  [[noreturn]] void wrong(const std::string &what) const {
    throw Error(Code::corrupt, what, name_, "copy or export the disk again");
  }

  template <class Number>
  Number number(std::string_view text, int base, std::string_view where) const {
    Number value = 0;
    const auto *end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, value, base);
    if (parsed.ec != std::errc() || parsed.ptr != end)
      wrong(fmt::format("its VMDK descriptor has no number where one is needed: {}",
                        text::printable(where)));
    return value;
  }

  void extent(std::string_view access, std::string_view rest, std::string_view whole) {
    VmdkExtent extent;
    extent.access = access;
    extent.sectors = number<std::uint64_t>(take_word(rest), 10, whole);
    extent.type = take_word(rest);
    rest = trimmed(rest);
    if (!rest.empty() && rest[0] == '"') {
      const auto end = rest.find('"', 1);
      if (end == rest.npos)
        wrong(fmt::format("its VMDK descriptor has a name without an end: {}",
                          text::printable(whole)));
      extent.file = rest.substr(1, end - 1);
      rest.remove_prefix(end + 1);
      if (const auto offset = take_word(rest); !offset.empty())
        extent.offset = number<std::uint64_t>(offset, 10, whole);
    }
    if (extent.sectors == 0 || extent.sectors > most_sectors || extent.offset > most_sectors ||
        extent.sectors + total_ > most_sectors || descriptor_.extents.size() >= most_extents)
      wrong(
          fmt::format("its VMDK descriptor has an impossible extent: {}", text::printable(whole)));
    total_ += extent.sectors;
    descriptor_.extents.push_back(std::move(extent));
  }

  void pair(const std::string &key, std::string_view value) {
    if (key == "cid")
      descriptor_.cid = number<std::uint32_t>(value, 16, value);
    else if (key == "parentcid")
      descriptor_.parent_cid = number<std::uint32_t>(value, 16, value);
    else if (key == "createtype")
      descriptor_.create_type = text::printable(value);
    else if (key == "parentfilenamehint")
      descriptor_.parent_hint = value;
    // Workstation wraps the disk's key into the descriptor; ESXi puts a filter in front of it.
    else if (key.compare(0, 10, "encryption") == 0 ||
             (key == "ddb.iofilters" && text::lower(value).find("vmcrypt") != std::string::npos))
      descriptor_.encrypted = true;
  }

  const std::string &name_;
  VmdkDescriptor descriptor_;
  std::uint64_t total_ = 0;
};

template <class Take>
void for_each_line(std::string_view text, Take take) {
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    take(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

/// The value of `encoding="…"`; it is ASCII whatever the rest is.
std::string encoding_of(std::string_view text) {
  std::string encoding = "UTF-8";
  for_each_line(text, [&](std::string_view line) {
    const auto equals = line.find('=');
    if (equals == line.npos || text::lower(trimmed(line.substr(0, equals))) != "encoding") return;
    encoding = trimmed(line.substr(equals + 1));
    encoding.erase(std::remove(encoding.begin(), encoding.end(), '"'), encoding.end());
  });
  return encoding;
}

}  // namespace

std::uint64_t VmdkDescriptor::sectors() const {
  std::uint64_t sum = 0;
  for (const auto &extent : extents) sum += extent.sectors;
  return sum;
}

bool is_vmdk_descriptor(std::string_view text) {
  constexpr std::string_view start = "# disk descriptorfile";
  return text::lower(text.substr(0, start.size())) == start;
}

VmdkDescriptor parse_vmdk_descriptor(std::string_view text, const std::string &name) {
  // A descriptor inside a sparse file is filled up with zeroes.
  text = text.substr(0, text.find('\0'));
  const auto decoded = text::to_utf8(text, encoding_of(text));
  Parser parser(name);
  for_each_line(decoded, [&](std::string_view line) { parser.line(line); });
  return std::move(parser).result();
}

}  // namespace v2v::images
