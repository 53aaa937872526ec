// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/guest/tar_writer.hpp>

#include <v2v/error.hpp>

#include <archive_entry.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <vector>

namespace v2v::core {
namespace {

constexpr std::size_t piece_bytes = 1 << 16;

using Entry = std::unique_ptr<archive_entry, decltype(&archive_entry_free)>;
using Reader = std::unique_ptr<archive, decltype(&archive_read_free)>;

ssize_t read_some(int fd, char *buffer, std::size_t size) {
  ssize_t got = 0;
  do got = ::read(fd, buffer, size);
  while (got == -1 && errno == EINTR);
  return got;
}

}  // namespace

std::string member_below(const std::string &directory, const std::string &member) {
  std::string path = directory;
  for (std::size_t from = 0; from <= member.size();) {
    const auto end = std::min(member.find('/', from), member.size());
    const auto part = member.substr(from, end - from);
    from = end + 1;
    if (part == "..") return {};
    if (!part.empty() && part != ".") path += "/" + part;
  }
  return path;
}

TarWriter::TarWriter(int fd, std::string name, const Cancellation &cancellation)
    : name_(std::move(name)), cancellation_(cancellation), archive_(archive_write_new()) {
  auto *a = archive_.get();
  if (!a) throw Error(Code::internal, "there is no memory for an archive", name_);
  // GNU's form takes names as they are; the standard's would have them converted, or say that they are not.
  check(archive_write_set_format_gnutar(a));
  check(archive_write_add_filter_xz(a));
  check(archive_write_set_bytes_in_last_block(a, 1));
  check(archive_write_open_fd(a, fd));
}

void TarWriter::check(int status) const {
  if (status == ARCHIVE_OK || status == ARCHIVE_WARN) return;
  const int error = archive_errno(archive_.get());
  const char *reason = archive_error_string(archive_.get());
  throw Error(error == ENOSPC || error == EDQUOT || error == EFBIG ? Code::no_space : Code::io,
              std::string("cannot write the archive: ") + (reason ? reason : "no reason given"),
              name_, "make room there, or name another file");
}

bool TarWriter::add_file(const File &file, int fd) {
  const Entry entry(archive_entry_new(), &archive_entry_free);
  archive_entry_set_pathname(entry.get(), file.name.c_str());
  archive_entry_set_filetype(entry.get(), AE_IFREG);
  archive_entry_set_perm(entry.get(), static_cast<mode_t>(file.mode & 07777));
  archive_entry_set_uid(entry.get(), file.owner);
  archive_entry_set_gid(entry.get(), file.group);
  archive_entry_set_mtime(entry.get(), file.modified, 0);
  archive_entry_set_size(entry.get(), static_cast<la_int64_t>(file.size));
  check(archive_write_header(archive_.get(), entry.get()));
  std::vector<char> piece(piece_bytes);
  for (std::uint64_t left = file.size; left > 0;) {
    cancellation_.check();
    const auto got = read_some(
        fd, piece.data(), static_cast<std::size_t>(std::min<std::uint64_t>(left, piece_bytes)));
    if (got <= 0) return false;  // libarchive fills up what is missing
    if (archive_write_data(archive_.get(), piece.data(), static_cast<std::size_t>(got)) < 0)
      check(ARCHIVE_FATAL);
    left -= static_cast<std::uint64_t>(got);
  }
  return true;
}

void TarWriter::copy_data(archive *reader) {
  std::vector<char> piece(piece_bytes);
  for (la_ssize_t got = 0; (got = archive_read_data(reader, piece.data(), piece.size())) > 0;) {
    cancellation_.check();
    if (archive_write_data(archive_.get(), piece.data(), static_cast<std::size_t>(got)) < 0)
      check(ARCHIVE_FATAL);
  }
}

bool TarWriter::add_tree(const std::string &name, int fd) {
  const Reader reader(archive_read_new(), &archive_read_free);
  archive_read_support_format_tar(reader.get());
  archive_read_set_options(reader.get(), "hdrcharset=BINARY");
  if (archive_read_open_fd(reader.get(), fd, piece_bytes) != ARCHIVE_OK) return false;
  archive_entry *entry = nullptr;
  int status = ARCHIVE_OK;
  while ((status = archive_read_next_header(reader.get(), &entry)) == ARCHIVE_OK ||
         status == ARCHIVE_WARN) {
    cancellation_.check();
    const char *path = archive_entry_pathname(entry);
    const auto place = path ? member_below(name, path) : std::string();
    if (place.empty()) continue;
    archive_entry_set_pathname(entry, place.c_str());
    if (const char *link = archive_entry_hardlink(entry)) {
      const auto target = member_below(name, link);
      if (target.empty()) continue;
      archive_entry_set_hardlink(entry, target.c_str());
    }
    check(archive_write_header(archive_.get(), entry));
    if (archive_entry_size(entry) > 0) copy_data(reader.get());
  }
  return status == ARCHIVE_EOF;
}

void TarWriter::finish() {
  check(archive_write_close(archive_.get()));
}

}  // namespace v2v::core
