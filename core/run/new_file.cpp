// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/run/new_file.hpp>

#include <v2v/error.hpp>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <random>

namespace v2v::core {
namespace {

Code code_of(int reason) {
  if (reason == ENOSPC || reason == EDQUOT || reason == EFBIG) return Code::no_space;
  if (reason == ENOENT || reason == ENOTDIR) return Code::not_found;
  return reason == EIO ? Code::io : Code::access;
}

/// Not for several threads, since it can only be read by setting it.
mode_t current_umask() {
  const auto mask = ::umask(0077);
  ::umask(mask);
  return mask;
}

/// Like the name, but nobody else's.
std::string name_beside(const std::filesystem::path &path) {
  return (path.parent_path() / ("." + path.filename().string() + ".XXXXXX")).string();
}

}  // namespace

NewFile::NewFile(std::filesystem::path path, mode_t mode, std::string what)
    : path_(std::move(path)), what_(std::move(what)) {
  struct stat there {};
  if (path_.filename().empty()) fail(EISDIR);
  if (::stat(path_.c_str(), &there) == 0 && !S_ISREG(there.st_mode))
    fail(S_ISDIR(there.st_mode) ? EISDIR : EEXIST);
  const auto directory = path_.has_parent_path() ? path_.parent_path() : ".";
  fd_ = FileDescriptor(::open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, mode));
  if (fd_) return;
  // Not every file system has files without names; a directory that is not there says so again.
  unfinished_ = name_beside(path_);
  fd_ = FileDescriptor(::mkostemp(unfinished_.data(), O_CLOEXEC));
  if (!fd_) {
    const int reason = errno;
    unfinished_.clear();
    fail(reason);
  }
  if (::fchmod(fd_.get(), mode & ~current_umask()) != 0) fail(errno);
}

NewFile::~NewFile() {
  if (!unfinished_.empty()) ::unlink(unfinished_.c_str());
}

void NewFile::fail(int reason) const {
  throw Error(code_of(reason),
              reason == EEXIST ? fmt::format("cannot write {}: it is no ordinary file", what_)
                               : fmt::format("cannot write {}: {}", what_, std::strerror(reason)),
              path_.string(), "name a file in a directory that you may write to");
}

void NewFile::write(const std::string &text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto written = ::write(fd_.get(), text.data() + at, text.size() - at);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) fail(written < 0 ? errno : ENOSPC);
    at += static_cast<std::size_t>(written);
  }
}

void NewFile::publish() {
  // A file without a name gets one that is free first: only a rename replaces what is there.
  for (int attempt = 0; unfinished_.empty(); ++attempt) {
    auto name = name_beside(path_);
    name.replace(name.size() - 6, 6, fmt::format("{:06x}", std::random_device{}() & 0xffffff));
    const auto self = fmt::format("/proc/self/fd/{}", fd_.get());
    if (::linkat(AT_FDCWD, self.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) == 0)
      unfinished_ = name;
    else if (errno != EEXIST || attempt == 100)
      fail(errno);
  }
  if (::rename(unfinished_.c_str(), path_.c_str()) != 0) fail(errno);
  unfinished_.clear();
}

}  // namespace v2v::core
