// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "tar_walk.hpp"

#include <v2v/error.hpp>
#include <v2v/text/printable.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace v2v::input_ova {
namespace {

constexpr std::uint64_t block_size = 512;
constexpr std::uint64_t largest_extension = 1 << 20;  // long names, pax records
constexpr std::uint64_t largest_size = std::uint64_t(1) << 62;

/// A field of a header up to its zero byte.
std::string_view text_field(std::string_view block, std::size_t at, std::size_t length) {
  const auto field = block.substr(at, length);
  return field.substr(0, std::min(field.find('\0'), field.size()));
}

/// Octal digits between blanks, or big-endian binary if the first bit is set.
std::optional<std::uint64_t> number_field(std::string_view block, std::size_t at,
                                          std::size_t length) {
  auto field = block.substr(at, length);
  std::uint64_t value = 0;
  if (static_cast<unsigned char>(field[0]) & 0x80) {
    if (field[0] != '\x80') return std::nullopt;  // negative, or beyond all sizes
    for (const char byte : field.substr(1)) {
      if (value >= largest_size >> 8) return std::nullopt;
      value = value << 8 | static_cast<unsigned char>(byte);
    }
    return value;
  }
  while (!field.empty() && field[0] == ' ') field.remove_prefix(1);
  while (!field.empty() && field[0] >= '0' && field[0] <= '7') {
    value = value << 3 | static_cast<std::uint64_t>(field[0] - '0');  // at most 12 digits: 36 bits
    field.remove_prefix(1);
  }
  for (const char rest : field)
    if (rest != ' ' && rest != '\0') return std::nullopt;
  return value;
}

/// What extension headers say of the next file.
struct Extension {
  std::optional<std::string> path;
  std::optional<std::uint64_t> size;
};

class Walk {
 public:
  Walk(const images::ImageReader &reader, const std::string &file, MemberList &members)
      : reader_(reader), file_(file), members_(members) {}

  void run() {
    while (at_ < reader_.size()) {
      // The last blocks of a record may be missing: they hold nothing.
      const auto block = reader_.read_up_to(at_, block_size);
      if (block.all().find_first_not_of('\0') == std::string_view::npos) return;
      if (block.size() < block_size) damaged("the archive is cut off in the middle of a header");
      if (!is_tar_header(block.all())) damaged("a header's checksum is wrong");
      one_entry(block.all());
    }
  }

 private:
  [[noreturn]] void damaged(const std::string &what) const {
    throw Error(Code::corrupt, fmt::format("{} (at byte {})", what, at_), members_.ova(),
                "copy or download the OVA again");
  }
  [[noreturn]] void refuse(const std::string &what) const {
    throw Error(Code::unsupported, fmt::format("{} (at byte {})", what, at_), members_.ova(),
                "unpack it with tar and give the directory to -i ova");
  }

  void one_entry(std::string_view header) {
    const char type = header[156];
    const auto size = entry_size(header, type);
    const auto data = at_ + block_size;
    const bool extension = type == 'x' || type == 'X' || type == 'g' || type == 'L' || type == 'K';
    if (!reader_.holds(data, size))
      damaged(fmt::format("the archive is cut off: {} has {} bytes, but only {} are there",
                          extension ? "an extended header" : text::printable(name_of(header)), size,
                          reader_.size() - std::min(data, reader_.size())));
    if (extension) {
      if (size > largest_extension) damaged("an extended header is absurdly long");
      read_extension(type, std::string(reader_.read(data, size).all()));
    } else {
      add(header, type, data, size);
      next_ = {};
    }
    at_ = data + (size + block_size - 1) / block_size * block_size;
  }

  std::uint64_t entry_size(std::string_view header, char type) const {
    const auto own = number_field(header, 124, 12);
    if (!own) damaged("a file's size is no number");
    switch (type) {
      case '1':  // Whether data follow a hard link with a size is a matter of dispute.
        if (next_.size.value_or(*own) != 0) refuse("it holds a hard link with data of its own");
        return 0;
      case '2':
      case '3':
      case '4':
      case '5':
      case '6':
        return 0;
      case 'S':
      case 'M':
      case 'D':
        refuse("it holds a sparse file, a part of a file, or GNU tar's own records");
      case 'x':
      case 'X':
      case 'g':
      case 'L':
      case 'K':
        return *own;
      default:
        return next_.size.value_or(*own);
    }
  }

  std::string name_of(std::string_view header) const {
    if (next_.path) return *next_.path;
    std::string name(text_field(header, 0, 100));
    const auto prefix = text_field(header, 345, 155);
    // GNU's old magic number has other fields there.
    if (header.substr(257, 6) == std::string_view("ustar\0", 6) && !prefix.empty())
      name = fmt::format("{}/{}", prefix, name);
    return name;
  }

  void add(std::string_view header, char type, std::uint64_t data, std::uint64_t size) {
    Member member;
    member.name = name_of(header);
    member.file = file_;
    member.offset = data;
    member.size = size;
    const bool plain = type == '0' || type == '\0' || type == '7';
    const bool old_directory = plain && !member.name.empty() && member.name.back() == '/';
    if (type == '5' || old_directory) {
      members_.clean_name(member.name);
      return;
    }
    if (type == 'V') return;
    if (type == '1')
      member.flaw = "a hard link";
    else if (type == '2')
      member.flaw = "a symbolic link";
    else if (!plain)
      member.flaw = "a special file";
    members_.add(std::move(member));
  }

  void read_extension(char type, const std::string &data) {
    if (type == 'K') return;
    if (type == 'L')
      next_.path = data.substr(0, std::min(data.find('\0'), data.size()));
    else
      read_pax(data, type == 'g');
  }

  /// Records of "LENGTH KEY=VALUE\n", where LENGTH counts the whole record.
  void read_pax(std::string_view records, bool global) {
    while (!records.empty() && records[0] != '\0') {
      std::size_t length = 0;
      const auto number = std::from_chars(records.data(), records.data() + records.size(), length);
      const auto digits = static_cast<std::size_t>(number.ptr - records.data());
      if (number.ec != std::errc() || length > records.size() || length < digits + 3 ||
          records[digits] != ' ' || records[length - 1] != '\n')
        damaged("an extended header is malformed");
      const auto record = records.substr(digits + 1, length - digits - 2);
      const auto equals = record.find('=');
      if (equals == record.npos) damaged("an extended header is malformed");
      read_pax_record(record.substr(0, equals), record.substr(equals + 1), global);
      records.remove_prefix(length);
    }
  }

  void read_pax_record(std::string_view key, std::string_view value, bool global) {
    if (key.substr(0, 11) == "GNU.sparse.") refuse("it holds a sparse file");
    if (key != "path" && key != "size") return;
    if (global) refuse("it gives all files one path or size");
    if (key == "path") {
      next_.path = std::string(value);
      return;
    }
    std::uint64_t size = 0;
    const auto number = std::from_chars(value.data(), value.data() + value.size(), size);
    if (number.ec != std::errc() || number.ptr != value.data() + value.size() ||
        size > largest_size)
      damaged("a file's size is no number");
    next_.size = size;
  }

  const images::ImageReader &reader_;
  const std::string &file_;
  MemberList &members_;
  std::uint64_t at_ = 0;
  Extension next_;
};

}  // namespace

bool is_tar_header(std::string_view block) {
  if (block.size() < block_size || block[0] == '\0') return false;
  const auto expected = number_field(block, 148, 8);
  // The checksum's own field counts as blanks. Some old tars summed signed characters.
  std::uint64_t sum = 8 * std::uint64_t(' ');
  std::int64_t signed_sum = 8 * std::int64_t(' ');
  for (std::size_t i = 0; i < block_size; ++i) {
    if (i >= 148 && i < 156) continue;
    sum += static_cast<unsigned char>(block[i]);
    signed_sum += static_cast<signed char>(block[i]);
  }
  return expected && (*expected == sum || static_cast<std::int64_t>(*expected) == signed_sum);
}

void walk_tar(const images::ImageReader &reader, const std::string &file, MemberList &members) {
  Walk(reader, file, members).run();
}

}  // namespace v2v::input_ova
