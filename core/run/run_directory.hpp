// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The run directory: one private directory (mode 0700) for everything a conversion makes on this
// machine: overlays, temporary files, the journal. It is locked as long as a process of the
// conversion lives, so a later start can tell a stale one from one in use.
#pragma once

#include <core/run/file_descriptor.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

namespace v2v::core {

class RunDirectory {
 public:
  /// Where run directories are made: VIRT_V2V_TMPDIR, else LIBGUESTFS_CACHEDIR, else TMPDIR if that
  /// is not /tmp, else /var/tmp: overlays can grow large, and /tmp is often in memory.
  static std::filesystem::path parent_directory();

  /// @throws Error(no_space) unless `needed` bytes are free in `parent`; Error(not_found)
  static void check_space(const std::filesystem::path &parent, std::uint64_t needed);

  /// Makes and locks a new one.
  /// @throws Error(no_space) unless `needed` bytes are free there
  static RunDirectory create(const std::filesystem::path &parent, std::uint64_t needed);

  /// Locks each directory that was left behind by a conversion of this user that no longer runs.
  static std::vector<RunDirectory> claim_stale(const std::filesystem::path &parent);

  /// Locks one that a conversion has left, if it is there, this user's, and nobody holds it.
  static std::optional<RunDirectory> claim(const std::filesystem::path &path);

  const std::filesystem::path &path() const { return path_; }
  /// Removes everything in it but the journal, which a later start needs to try again.
  void remove_all_but_journal() const noexcept;
  void remove() const noexcept;

 private:
  RunDirectory(std::filesystem::path path, FileDescriptor lock)
      : path_(std::move(path)), lock_(std::move(lock)) {}

  std::filesystem::path path_;
  FileDescriptor lock_;
};

}  // namespace v2v::core
