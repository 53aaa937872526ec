// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The one interface through which the Linux toolkit touches a guest. GuestfsGuest is the real one,
// DirectoryGuest shows a directory tree as a guest, so that the toolkit's logic is tested without
// an appliance.
//
// Under an appliance every call costs 1 ms with KVM and 80 ms without: read whole directories with
// one preload, keep what was read, write a file once.
//
// Paths are absolute guest paths. Symbolic links are resolved inside the guest, never on the host.
// Not thread-safe. Failures throw v2v::Error with the guest's path as the object.
#pragma once

#include <v2v/error.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace v2v::linux {

struct FileInfo {
  enum class Type { file, directory, other };
  Type type = Type::other;
  std::uint64_t size = 0;               ///< bytes
  std::uint32_t mode = 0;               ///< permission bits
  std::uint64_t device = 0, inode = 0;  ///< two names of one file have the same pair
};

struct CommandResult {
  int status = 0;      ///< exit status; not 0 also when the command could not be started
  std::string output;  ///< standard output and standard error, mixed
};

class Guest {
 public:
  virtual ~Guest() = default;

  /// What `path` names, links followed; nothing if it does not exist or the link dangles. Always
  /// with the true device and inode: to ask only for the kind of file, use is_file().
  virtual std::optional<FileInfo> stat(const std::string &path) = 0;
  /// Names in a directory, sorted; empty if it is not one.
  virtual std::vector<std::string> list(const std::string &directory) = 0;
  /// Absolute paths of everything below a directory, sorted; links are not followed.
  virtual std::vector<std::string> find(const std::string &directory) = 0;
  /// Target of the symbolic link at `path`, as it is written there; nothing if it is not a link.
  virtual std::optional<std::string> link_target(const std::string &path) = 0;
  /// The content of a regular file, which must exist. At most 512 MiB.
  virtual std::string read(const std::string &path) = 0;

  /// Replaces the content, keeping owner, mode and attributes of an existing file; otherwise makes
  /// the file with `mode`, root's, and its directories.
  virtual void write(const std::string &path, std::string_view content,
                     std::uint32_t mode = 0644) = 0;
  virtual void append(const std::string &path, std::string_view content) = 0;
  /// Removes a file or a link; one that is not there is no error.
  virtual void remove(const std::string &path) = 0;
  virtual void rename(const std::string &from, const std::string &to) = 0;
  virtual void copy(const std::string &from, const std::string &to) = 0;
  /// A directory with all that is missing above it, root's; one that is there stays as it is.
  virtual void make_directory(const std::string &path, std::uint32_t mode = 0755) = 0;
  virtual void set_owner(const std::string &path, unsigned user, unsigned group) = 0;
  /// Bytes that can still be written to the file system of `directory`, root's reserve included.
  virtual std::uint64_t free_space(const std::string &directory) = 0;
  /// A symbolic link at `path`, replacing a file or link that is there.
  virtual void symlink(const std::string &target, const std::string &path) = 0;

  /// Runs a program of the guest, with the guest as its root.
  virtual CommandResult run(const std::vector<std::string> &argv) = 0;

  /// A hint: everything below these directories will be read soon. Costs one call for each.
  virtual void preload(const std::vector<std::string> &directories) = 0;

  /// A hint: these files will be read soon. Costs one call for all of them if a directory above
  /// them was searched with find().
  virtual void preload_files(const std::vector<std::string> &) {}

  // In terms of the above. Cheaper than stat() where a preloaded directory knows the answer.
  virtual bool is_file(const std::string &path) {
    const auto info = stat(path);
    return info && info->type == FileInfo::Type::file;
  }
  virtual bool is_directory(const std::string &path) {
    const auto info = stat(path);
    return info && info->type == FileInfo::Type::directory;
  }
  std::optional<std::string> read_if_file(const std::string &path) {
    if (!is_file(path)) return std::nullopt;
    return read(path);
  }
};

}  // namespace v2v::linux
