// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The lock is flock(2) on the directory itself. It belongs to the open file, which the child
// inherits, so it is held until the last process of the conversion is gone, however it ends.
#include <core/run/run_directory.hpp>

#include <v2v/error.hpp>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <optional>

namespace v2v::core {
namespace fs = std::filesystem;
namespace {

constexpr const char *prefix = "v2v-run-";

// The lock of `path`, or nothing if somebody else holds it or it is gone or not ours.
std::optional<FileDescriptor> lock(const fs::path &path) {
  FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
  struct stat opened {
  }, now{};
  if (!fd || ::fstat(fd.get(), &opened) != 0 || opened.st_uid != ::geteuid()) return std::nullopt;
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) return std::nullopt;
  // Between open and flock another start may have taken it for stale and removed it.
  if (::lstat(path.c_str(), &now) != 0 || now.st_ino != opened.st_ino) return std::nullopt;
  return fd;
}

// As far as they can be read: an error in the middle of a directory ends the list, where the loops
// of std::filesystem would throw.
std::vector<fs::path> entries_of(const fs::path &directory) {
  std::vector<fs::path> paths;
  std::error_code error;
  for (fs::directory_iterator entry(directory, error), end; !error && entry != end;
       entry.increment(error))
    paths.push_back(entry->path());
  return paths;
}

}  // namespace

void RunDirectory::check_space(const fs::path &parent, std::uint64_t needed) {
  struct statvfs room {};
  if (::statvfs(parent.c_str(), &room) != 0)
    throw Error(Code::not_found,
                fmt::format("cannot use the temporary directory: {}", std::strerror(errno)),
                parent.string(), "create it, or set VIRT_V2V_TMPDIR to another directory");
  const std::uint64_t free = std::uint64_t{room.f_bavail} * room.f_frsize;
  if (free < needed)
    throw Error(Code::no_space,
                fmt::format("insufficient free space in the conversion server temporary directory: "
                            "{:.1f} MB free, {:.1f} MB needed",
                            static_cast<double>(free) / 1e6, static_cast<double>(needed) / 1e6),
                parent.string(), "free some space, or set VIRT_V2V_TMPDIR to another directory");
}

fs::path RunDirectory::parent_directory() {
  for (const char *name : {"VIRT_V2V_TMPDIR", "LIBGUESTFS_CACHEDIR"})
    if (const char *value = std::getenv(name); value && *value) return fs::absolute(value);
  if (const char *value = std::getenv("TMPDIR"); value && *value && fs::path(value) != "/tmp")
    return fs::absolute(value);
  return "/var/tmp";
}

RunDirectory RunDirectory::create(const fs::path &parent, std::uint64_t needed) {
  check_space(parent, needed);
  // Somebody who cleans up may take a new directory for a stale one before it is locked.
  for (int attempt = 0; attempt < 16; ++attempt) {
    auto name = (parent / (std::string(prefix) + "XXXXXX")).string();
    if (!::mkdtemp(name.data()))
      throw Error(Code::access,
                  fmt::format("cannot create a temporary directory: {}", std::strerror(errno)),
                  parent.string(), "make it writable, or set VIRT_V2V_TMPDIR to another directory");
    if (auto fd = lock(name)) return RunDirectory(name, std::move(*fd));
    std::error_code ignored;
    fs::remove(name, ignored);
  }
  throw Error(Code::unsupported, "cannot lock a temporary directory here", parent.string(),
              "set VIRT_V2V_TMPDIR to a directory on a local file system");
}

std::optional<RunDirectory> RunDirectory::claim(const fs::path &path) {
  if (auto fd = lock(path)) return RunDirectory(path, std::move(*fd));
  return std::nullopt;
}

std::vector<RunDirectory> RunDirectory::claim_stale(const fs::path &parent) {
  std::vector<RunDirectory> stale;
  for (const auto &path : entries_of(parent))
    if (path.filename().string().rfind(prefix, 0) == 0)
      if (auto run = claim(path)) stale.push_back(std::move(*run));
  return stale;
}

void RunDirectory::remove_all_but_journal() const noexcept {
  std::error_code ignored;
  for (const auto &path : entries_of(path_))
    if (path.filename() != "journal") fs::remove_all(path, ignored);
}

void RunDirectory::remove() const noexcept {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

}  // namespace v2v::core
