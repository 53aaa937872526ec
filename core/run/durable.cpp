// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/run/durable.hpp>

#include <core/run/file_descriptor.hpp>
#include <v2v/error.hpp>

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace v2v::core {
namespace fs = std::filesystem;
namespace {

[[noreturn]] void fail(const char *what, const fs::path &path) {
  const int reason = errno;
  const auto code = reason == ENOSPC || reason == EDQUOT                     ? Code::no_space
                    : reason == EACCES || reason == EPERM || reason == EROFS ? Code::access
                    : reason == EEXIST                                       ? Code::exists
                                                                             : Code::io;
  throw Error(code, fmt::format("{}: {}", what, std::strerror(reason)), path.string());
}

}  // namespace

void sync_path(const fs::path &path) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  // Some network file systems know nothing to do for a directory, and say so.
  if (!file || (::fsync(file.get()) != 0 && errno != EINVAL))
    fail("cannot bring it to stable storage", path);
}

void make_directories(const fs::path &directory) {
  if (fs::is_directory(directory)) return;
  if (directory.has_parent_path() && directory.parent_path() != directory)
    make_directories(directory.parent_path());
  if (::mkdir(directory.c_str(), 0755) != 0 && errno != EEXIST)
    fail("cannot make the directory", directory);
  sync_path(directory.parent_path());
}

void write_new_file(const fs::path &file, const std::string &content) {
  auto unfinished = file;
  unfinished += ".new";
  {
    const FileDescriptor fd(
        ::open(unfinished.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644));
    if (!fd) fail("cannot create the file", unfinished);
    const auto written = ::write(fd.get(), content.data(), content.size());
    if (written >= 0 && written != static_cast<ssize_t>(content.size())) errno = ENOSPC;
    if (written != static_cast<ssize_t>(content.size()) || ::fsync(fd.get()) != 0)
      fail("cannot write the file", unfinished);
  }
  errno = EEXIST;
  if (fs::exists(file) || ::rename(unfinished.c_str(), file.c_str()) != 0)
    fail("cannot create the file", file);
  sync_path(file.parent_path());
}

bool is_in_memory(const fs::path &path) {
  struct statfs status = {};
  if (::statfs(path.c_str(), &status) != 0) return false;
  const auto type = static_cast<unsigned long>(status.f_type);
  return type == TMPFS_MAGIC || type == RAMFS_MAGIC;
}

}  // namespace v2v::core
