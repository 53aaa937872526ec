// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "delivery.hpp"

#include <v2v/error.hpp>

#include <archive.h>
#include <archive_entry.h>

#include <cerrno>
#include <ctime>
#include <fstream>
#include <iterator>
#include <utility>

namespace v2v::convert_windows {
namespace {

/// Little endian.
std::string number(std::uint32_t value, int bytes) {
  std::string text;
  for (; bytes > 0; --bytes, value >>= 8) text += static_cast<char>(value & 0xff);
  return text;
}

/// A security identifier of the NT authority (5): S-1-5-18 is {18}.
std::string sid(std::initializer_list<std::uint32_t> parts) {
  std::string text = number(1, 1) + number(static_cast<std::uint32_t>(parts.size()), 1);
  text += std::string(5, '\0') + '\5';
  for (const auto part : parts) text += number(part, 4);
  return text;
}

constexpr std::uint32_t full_access = 0x001f01ff, read_and_execute = 0x001200a9;

std::string allow(const std::string &who, std::uint32_t what, bool directory) {
  const int inherit =
      directory ? 3 : 0;  // by the files and the directories that will be made in it
  return number(0, 1) + number(inherit, 1) + number(static_cast<std::uint32_t>(who.size() + 8), 2) +
         number(what, 4) + who;
}

/// Self-relative, protected from what the directory above would pass on: [MS-DTYP] 2.4.6.
std::string security_descriptor(bool directory) {
  const auto system = sid({18}), administrators = sid({32, 544}), users = sid({32, 545});
  const auto entries = allow(system, full_access, directory) +
                       allow(administrators, full_access, directory) +
                       allow(users, read_and_execute, directory);
  const auto list = number(2, 1) + number(0, 1) +
                    number(static_cast<std::uint32_t>(entries.size() + 8), 2) + number(3, 2) +
                    number(0, 2) + entries;
  constexpr std::uint32_t header = 20;
  const auto owner = header + static_cast<std::uint32_t>(list.size());
  const auto group = owner + static_cast<std::uint32_t>(administrators.size());
  return number(1, 1) + number(0, 1) + number(0x9004, 2) + number(owner, 4) + number(group, 4) +
         number(0, 4) + number(header, 4) + list + administrators + system;
}

}  // namespace

void Delivery::Close::operator()(struct archive *archive) const {
  archive_write_free(archive);
}

Delivery::Delivery(std::string tar_file)
    : tar_file_(std::move(tar_file)), archive_(archive_write_new()) {
  auto *a = archive_.get();
  if (!a || archive_write_set_format_pax(a) != ARCHIVE_OK ||
      archive_write_set_options(a, "xattrheader=SCHILY") != ARCHIVE_OK ||
      // Names as they are: libarchive would convert them through the locale, and crash where it cannot.
      archive_write_set_options(a, "hdrcharset=BINARY") != ARCHIVE_OK ||
      archive_write_open_filename(a, tar_file_.c_str()) != ARCHIVE_OK)
    fail();
}

void Delivery::fail() const {
  const int error = archive_ ? archive_errno(archive_.get()) : ENOMEM;
  const char *reason = archive_ ? archive_error_string(archive_.get()) : nullptr;
  throw Error(error == ENOSPC ? Code::no_space : Code::io,
              std::string("cannot write: ") + (reason ? reason : "no reason given"), tar_file_,
              "make room in the directory for temporary files");
}

void Delivery::entry(const std::string &path, bool directory, const std::string &content) {
  const std::unique_ptr<archive_entry, decltype(&archive_entry_free)> entry(archive_entry_new(),
                                                                            &archive_entry_free);
  if (!entry) fail();
  archive_entry_set_pathname(entry.get(), path.substr(1).c_str());
  archive_entry_set_filetype(entry.get(), directory ? AE_IFDIR : AE_IFREG);
  archive_entry_set_perm(entry.get(), directory ? 0755 : 0644);
  archive_entry_set_size(entry.get(), static_cast<la_int64_t>(content.size()));
  archive_entry_set_mtime(entry.get(), std::time(nullptr), 0);
  const auto descriptor = security_descriptor(directory);
  archive_entry_xattr_add_entry(entry.get(), "system.ntfs_acl", descriptor.data(),
                                descriptor.size());
  if (archive_write_header(archive_.get(), entry.get()) != ARCHIVE_OK ||
      archive_write_data(archive_.get(), content.data(), content.size()) !=
          static_cast<la_ssize_t>(content.size()))
    fail();
  bytes_ += content.size();
}

void Delivery::add_directory(const std::string &path) {
  entry(path, true, "");
}

void Delivery::add(const std::string &path, const std::string &content) {
  entry(path, false, content);
}

void Delivery::add_file(const std::string &path, const std::string &host_file) {
  std::ifstream file(host_file, std::ios::binary);
  const std::string content{std::istreambuf_iterator<char>(file), {}};
  if (!file) throw Error(Code::io, "cannot read", host_file);
  entry(path, false, content);
}

const std::string &Delivery::finish() {
  if (archive_write_close(archive_.get()) != ARCHIVE_OK) fail();
  return tar_file_;
}

}  // namespace v2v::convert_windows
