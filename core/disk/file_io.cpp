// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/disk/file_io.hpp>

#include <core/disk/qemu_location.hpp>
#include <v2v/error.hpp>

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace v2v::core {
namespace {

/// @return fewer bytes only if the file ends
std::size_t read_some(int fd, std::span<std::byte> bytes, std::uint64_t at,
                      const std::string &name) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const auto got =
        ::pread(fd, bytes.data() + done, bytes.size() - done, static_cast<off_t>(at + done));
    if (got == 0) break;
    if (got > 0) done += static_cast<std::size_t>(got);
    if (got < 0 && errno != EINTR)
      throw Error(
          Code::io,
          fmt::format("cannot read {} bytes at {}: {}", bytes.size(), at, std::strerror(errno)),
          name);
  }
  return done;
}

}  // namespace

FileDescriptor open_for_reading(const Location &location) {
  const auto path = location.type == Location::Type::fd
                        ? fmt::format("/proc/self/fd/{}", location.fd)
                        : location.path;
  FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file) return file;
  const auto code = errno == ENOENT ? Code::not_found : errno == EACCES ? Code::access : Code::io;
  throw Error(code, fmt::format("cannot open the disk: {}", std::strerror(errno)),
              display_name(location));
}

void read_fully(int fd, std::span<std::byte> bytes, std::uint64_t at, const std::string &name) {
  const auto got = read_some(fd, bytes, at, name);
  if (got != bytes.size())
    throw Error(
        Code::io,
        fmt::format("cannot read {} bytes at {}: the file became shorter", bytes.size(), at), name);
}

void read_or_zero(int fd, std::span<std::byte> bytes, std::uint64_t at, const std::string &name) {
  const auto rest = bytes.subspan(read_some(fd, bytes, at, name));
  std::fill(rest.begin(), rest.end(), std::byte{0});
}

void will_read(int fd, std::uint64_t at, std::uint64_t length) {
  // Advice; a file system that does not take it reads later.
  (void)::posix_fadvise(fd, static_cast<off_t>(at), static_cast<off_t>(length),
                        POSIX_FADV_WILLNEED);
}

void write_fully(int fd, std::span<const std::byte> bytes, std::uint64_t at,
                 const std::string &name) {
  while (!bytes.empty()) {
    const auto put = ::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(at));
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) {
      const auto reason = put < 0 ? errno : EIO;
      throw Error(
          reason == ENOSPC || reason == EDQUOT ? Code::no_space : Code::io,
          fmt::format("cannot write {} bytes at {}: {}", bytes.size(), at, std::strerror(reason)),
          name, reason == EFBIG ? "choose a file system for large files, or -of qcow2" : "");
    }
    bytes = bytes.subspan(static_cast<std::size_t>(put));
    at += static_cast<std::uint64_t>(put);
  }
}

FileRange next_data(int fd, std::uint64_t at, std::uint64_t end) {
  if (at >= end) return {end, end};
  const auto data = ::lseek(fd, static_cast<off_t>(at), SEEK_DATA);
  if (data < 0) return errno == ENXIO ? FileRange{end, end} : FileRange{at, end};
  const auto begin = std::clamp(static_cast<std::uint64_t>(data), at, end);
  if (begin == end) return {end, end};
  const auto hole = ::lseek(fd, data, SEEK_HOLE);
  if (hole <= data) return {begin, end};
  return {begin, std::min(static_cast<std::uint64_t>(hole), end)};
}

bool is_zero(std::span<const std::byte> bytes) {
  // Equal to itself moved by some bytes, of which the first are zero: so memcmp does the work.
  constexpr std::size_t head = 16;
  const auto first = bytes.first(std::min(bytes.size(), head));
  if (!std::all_of(first.begin(), first.end(), [](std::byte b) { return b == std::byte{0}; }))
    return false;
  return bytes.size() <= head ||
         std::memcmp(bytes.data(), bytes.data() + head, bytes.size() - head) == 0;
}

}  // namespace v2v::core
