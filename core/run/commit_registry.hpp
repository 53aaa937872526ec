// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Which of this machine's disks are being overwritten with their converted contents, or were when that
// was cut short. What is to be written lies in a run directory; an entry here is what makes the decision
// to write it: as long as there is one, the run directory stays, the disk is half written perhaps, and
// only writing all of it again makes it whole. A start that finds no entry for a disk may use it.
//
// Entries are files, one per commit, on disk before a function returns. Every function may be called
// from any process; two commits of one disk are kept apart by its locks (core/disk/image_lock).
#pragma once

#include <v2v/values.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace v2v::core {

/// What stays the same of a disk over a restart of the machine; device numbers do not.
struct DiskIdentity {
  bool block_device = false;
  std::uint64_t inode = 0;  ///< 0 for a block device: it has its path alone
  std::int64_t born_seconds = 0, born_nanoseconds = 0;  ///< 0: the file system does not tell
  bool operator==(const DiskIdentity &) const = default;
};

/// @throws Error(not_found), Error(access), Error(io)
DiskIdentity identify(const std::filesystem::path &disk);

struct CommittedDisk {
  Location location;  ///< a local file or block device, by its canonical path
  DiskIdentity identity;
  std::string overlay;  ///< the file in the run directory that holds its changes
};

struct Commit {
  std::filesystem::path run_directory;
  std::string guest;
  std::vector<CommittedDisk> disks;
};

class CommitRegistry {
 public:
  /// @param directories  the first is for this user's entries; all are looked into
  explicit CommitRegistry(std::vector<std::filesystem::path> directories)
      : directories_(std::move(directories)) {}
  /// V2V_STATE_DIR; else /var/lib/v2v for root, the XDG state directory for others, who look into
  /// root's as well.
  static CommitRegistry of_this_user();

  /// @throws Error(io), Error(access), Error(no_space)
  void add(const Commit &commit) const;
  /// @throws Error(io)
  void remove(const Commit &commit) const;

  /// The unfinished commit that needs what is in this run directory.
  /// @throws Error(corrupt) as find
  std::optional<Commit> of(const std::filesystem::path &run_directory) const;
  /// The unfinished commit that this disk belongs to.
  /// @throws Error(corrupt) for an entry that cannot be read, since it could be about this disk
  std::optional<Commit> find(const std::filesystem::path &disk) const;

 private:
  std::vector<std::filesystem::path> directories_;
};

/// What a person types to finish it.
std::string finishing_command(const Commit &commit);

}  // namespace v2v::core
