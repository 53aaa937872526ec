// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See cpio.hpp.
#include "cpio.hpp"

#include <v2v/error.hpp>
#include <v2v/linux/guest_path.hpp>

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <limits.h>
#include <array>
#include <memory>
#include <optional>
#include <utility>

namespace v2v::linux {
namespace {

constexpr std::size_t header_size = 110;

/// The fields of a header that are needed, in the order of the format.
enum Field { ino, mode, uid, gid, nlink, mtime, filesize, major, minor, rmajor, rminor, namesize };
using Header = std::array<std::uint32_t, 13>;

std::size_t aligned(std::size_t size) {
  return (size + 3) & ~std::size_t{3};
}

Header read_header(std::string_view data, std::size_t at) {
  if (!begins_cpio(data.substr(at))) throw CpioFailure{at, "no cpio header where one must be"};
  if (data.size() - at < header_size) throw CpioFailure{at, "it ends in the middle of a header"};
  Header header{};
  for (std::size_t i = 0; i < header.size(); ++i)
    for (const char c : data.substr(at + 6 + 8 * i, 8)) {
      const bool digit = c >= '0' && c <= '9';
      const char lower = static_cast<char>(c | 0x20);
      if (!digit && (lower < 'a' || lower > 'f'))
        throw CpioFailure{at, "a number in a cpio header is not one"};
      header[i] = header[i] * 16 + static_cast<std::uint32_t>(digit ? c - '0' : lower - 'a' + 10);
    }
  return header;
}

InitramfsEntry::Type type_of(std::uint32_t mode_field) {
  switch (mode_field & S_IFMT) {
    case S_IFREG:
      return InitramfsEntry::Type::file;
    case S_IFDIR:
      return InitramfsEntry::Type::directory;
    case S_IFLNK:
      return InitramfsEntry::Type::link;
    default:
      return InitramfsEntry::Type::other;
  }
}

/// Absolute form of a name in the archive; nothing if it leads outside.
std::optional<std::string> entry_path(const std::string &name) {
  if (("/" + name + "/").find("/../") != std::string::npos) return std::nullopt;
  return clean_path(name);
}

}  // namespace

bool begins_cpio(std::string_view data) {
  const auto magic = data.substr(0, 6);
  return magic == "070701" || magic == "070702";
}

std::size_t read_cpio(std::string_view data, std::map<std::string, InitramfsEntry> &entries) {
  // Names of one file with several links: the content comes with one of them only.
  std::map<std::pair<std::uint64_t, std::uint32_t>, std::vector<std::string>> hard_links;
  for (std::size_t at = 0;;) {
    if (at >= data.size()) throw CpioFailure{at, "it ends without a trailer"};
    const auto header = read_header(data, at);
    if (header[namesize] == 0 || header[namesize] > PATH_MAX)
      throw CpioFailure{at, "a name has an impossible length"};
    const auto content_at = aligned(at + header_size + header[namesize]);
    if (content_at > data.size() || data.size() - content_at < header[filesize])
      throw CpioFailure{at, "it ends in the middle of a file"};
    // Up to its NUL; what is behind it the kernel does not see either.
    const auto field = data.substr(at + header_size, header[namesize]);
    const std::string name(field.substr(0, field.find('\0')));
    at = std::min(aligned(content_at + header[filesize]), data.size());
    if (name == "TRAILER!!!") return at;
    const auto path = entry_path(name);
    if (!path) continue;

    InitramfsEntry entry;
    entry.type = type_of(header[mode]);
    entry.mode = header[mode] & 07777u;
    entry.content = data.substr(content_at, header[filesize]);
    if (entry.type == InitramfsEntry::Type::file && header[nlink] > 1) {
      const auto device = static_cast<std::uint64_t>(header[major]) << 32 | header[minor];
      auto &names = hard_links[{device, header[ino]}];
      names.push_back(*path);
      if (header[filesize] != 0)
        for (const auto &other : names) entries[other].content = entry.content;
      else if (const auto first = entries.find(names.front()); first != entries.end())
        entry.content = first->second.content;
    }
    entries[*path] = entry;
    if (entries.size() > InitramfsArchive::max_entries)
      throw CpioFailure{at, fmt::format("more than {} files", InitramfsArchive::max_entries)};
  }
}

std::string write_cpio(const std::vector<CpioFile> &files) {
  std::string out;
  const auto check = [](archive *writer, int status) {
    if (status != ARCHIVE_OK)
      throw Error(Code::internal,
                  fmt::format("cannot write a cpio archive: {}", archive_error_string(writer)));
  };
  const std::unique_ptr<archive, int (*)(archive *)> writer(archive_write_new(),
                                                            &archive_write_free);
  check(writer.get(), archive_write_set_format_cpio_newc(writer.get()));
  archive_write_set_bytes_per_block(writer.get(), 0);
  const auto append = [](archive *, void *to, const void *data, std::size_t size) {
    static_cast<std::string *>(to)->append(static_cast<const char *>(data), size);
    return static_cast<la_ssize_t>(size);
  };
  check(writer.get(), archive_write_open(writer.get(), &out, nullptr, append, nullptr));
  const std::unique_ptr<archive_entry, void (*)(archive_entry *)> entry(archive_entry_new(),
                                                                        &archive_entry_free);
  int inode = 0;
  for (const auto &file : files) {
    archive_entry_clear(entry.get());
    archive_entry_set_pathname(entry.get(), file.path.c_str());
    archive_entry_set_ino(entry.get(), ++inode);  // distinct: the kernel joins equal ones
    const bool directory = file.type == InitramfsEntry::Type::directory;
    archive_entry_set_nlink(entry.get(), directory ? 2 : 1);
    archive_entry_set_filetype(entry.get(), directory ? AE_IFDIR : AE_IFREG);
    archive_entry_set_perm(entry.get(), file.mode);
    archive_entry_set_mtime(entry.get(), 0, 0);
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(file.content.size()));
    check(writer.get(), archive_write_header(writer.get(), entry.get()));
    if (!file.content.empty() &&
        archive_write_data(writer.get(), file.content.data(), file.content.size()) < 0)
      check(writer.get(), ARCHIVE_FATAL);
  }
  check(writer.get(), archive_write_close(writer.get()));
  return out;
}

}  // namespace v2v::linux
