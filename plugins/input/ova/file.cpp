// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "file.hpp"

#include <v2v/error.hpp>
#include <v2v/text/printable.hpp>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace v2v::input_ova {
namespace {

// Zeroes are looked for in pieces of what file systems allocate at least, or a little more.
constexpr std::size_t hole_size = 65536;
constexpr std::uint64_t check_every = std::uint64_t(64) << 20;
// Left free, so that a hostile archive does not take the last byte from everything else here.
constexpr std::uint64_t left_free = std::uint64_t(64) << 20;
constexpr const char *more_room =
    "free some space, or set VIRT_V2V_TMPDIR to a directory with more room";

double gibibytes(std::uint64_t bytes) {
  return static_cast<double>(bytes) / (1 << 30);
}

bool is_zero(std::string_view data) {
  return data.empty() ||
         (data[0] == '\0' && std::memcmp(data.data(), data.data() + 1, data.size() - 1) == 0);
}

[[noreturn]] void fail(const std::string &path, const char *what) {
  if (errno == ENOSPC || errno == EDQUOT)
    throw Error(Code::no_space, fmt::format("{}: {}", what, std::strerror(errno)), path, more_room);
  throw Error(Code::io, fmt::format("{}: {}", what, std::strerror(errno)), path);
}

}  // namespace

InputFile::InputFile(const std::string &path) {
  const auto name = text::printable(path);
  struct stat status = {};
  // O_NONBLOCK: a FIFO must not make open wait; nothing else is changed by it.
  file_ =
      process::FileDescriptor(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
  if (!file_ || ::fstat(file_.get(), &status) != 0) {
    const auto reason = errno;
    if (reason == ENOENT || reason == ENOTDIR)
      throw Error(Code::not_found, "No such file or directory", name, "check the path of the OVA");
    if (reason == EACCES || reason == EPERM)
      throw Error(Code::access, "it may not be read", name, "run v2v as a user who may read it");
    throw Error(Code::io, fmt::format("cannot open it: {}", std::strerror(reason)), name);
  }
  if (!S_ISREG(status.st_mode))
    throw Error(Code::usage, "this is no plain file", name,
                "give an OVA file, an OVF file, or the directory that an OVA was unpacked to");
  size_ = static_cast<std::uint64_t>(status.st_size);
}

SparseFile::SparseFile(const std::string &directory, const std::string &stem, std::uint64_t limit)
    : path_(fmt::format("{}/{}-XXXXXX", directory, stem)), limit_(limit) {
  file_ = process::FileDescriptor(::mkostemp(path_.data(), O_CLOEXEC));
  if (!file_) fail(path_, "cannot create the file");
}

void SparseFile::append(std::string_view data) {
  const auto start = size_;
  grow(data.size());
  for (std::size_t at = 0; at < data.size();) {
    // Up to the next boundary of the file, so that pieces of any size make the same holes.
    const auto length = std::min(hole_size - (start + at) % hole_size, data.size() - at);
    const auto piece = data.substr(at, length);
    if (!is_zero(piece)) write(start + at, piece);
    at += length;
  }
}

void SparseFile::skip(std::uint64_t bytes) {
  grow(bytes);
}

void SparseFile::finish() {
  if (::ftruncate(file_.get(), static_cast<off_t>(size_)) != 0)
    fail(path_, "cannot set the file's size");
}

void SparseFile::grow(std::uint64_t bytes) {
  if (bytes > limit_ - size_)
    throw Error(Code::corrupt,
                fmt::format("it unpacks to more than the {} bytes that it may have", limit_), path_,
                "do not trust this OVA, or export the guest again");
  size_ += bytes;
}

void SparseFile::write(std::uint64_t at, std::string_view data) {
  if (unchecked_ >= check_every) {
    unchecked_ = 0;
    if (free_space(path_.substr(0, path_.rfind('/'))) < left_free)
      throw Error(Code::no_space, "there is no room to unpack the OVA", path_, more_room);
  }
  unchecked_ += data.size();
  while (!data.empty()) {
    const auto written = ::pwrite(file_.get(), data.data(), data.size(), static_cast<off_t>(at));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(path_, "cannot write");
    at += static_cast<std::uint64_t>(written);
    data.remove_prefix(static_cast<std::size_t>(written));
  }
}

std::uint64_t free_space(const std::string &directory) {
  struct statvfs status = {};
  if (::statvfs(directory.c_str(), &status) != 0)
    throw Error(Code::io, fmt::format("cannot find out its free space: {}", std::strerror(errno)),
                directory);
  return std::uint64_t(status.f_bavail) * status.f_frsize;
}

void check_space(const std::string &directory, std::uint64_t needed, const std::string &what) {
  const auto available = free_space(directory);
  if (needed > available || available - needed < left_free)
    throw Error(Code::no_space,
                fmt::format("unpacking {} takes up to {:.1f} GiB, and {:.1f} GiB are free", what,
                            gibibytes(needed), gibibytes(available)),
                directory, more_room);
}

}  // namespace v2v::input_ova
