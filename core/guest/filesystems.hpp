// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The guest's file systems: checking them before and after, room in them, and trimming them so that
// deleted blocks are not copied.
#pragma once

#include <core/guest/appliance.hpp>
#include <core/guest/root_search.hpp>
#include <v2v/values.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace v2v::core {

/// Checks each ext, xfs and btrfs file system without changing more than its journal. Nothing may
/// be mounted.
/// @param search  before conversion: looks at each of them on the occasion, and the journal of a guest
///                that was not shut down cleanly is replayed; null afterwards
/// @throws Error(corrupt) for a damaged one
void check_filesystems(guestfs_h *g, const std::vector<Filesystem> &filesystems,
                       RootSearch *search);

/// The file systems that a check after the conversion is right about: all but the XFS of RHEL 7 and its
/// kin. Their free lists have another layout than later kernels write, so that xfs_repair sees damage where
/// there is none; the guest's own kernel adjusts them when it mounts.
std::vector<Filesystem> checked_afterwards(const Inspection &inspection);

/// A mounted file system: the room in it, in bytes and inodes.
struct FilesystemUsage {
  std::string mountpoint, type;
  std::uint64_t size = 0, free = 0;
  std::uint64_t inodes = 0, free_inodes = 0;  ///< 0 inodes: the file system has no such limit
  bool read_only = false;
};
std::vector<FilesystemUsage> filesystem_usage(guestfs_h *g, const Inspection &inspection);

/// Whether a conversion has room in the guest, by the numbers of virt-v2v(1), "Free space in the
/// guest"; on Linux without a separate /boot half of that for / is enough.
/// @throws Error(no_space); Error(unsupported) for a root that could only be mounted read-only
void check_free_space(const std::vector<FilesystemUsage> &usage, bool windows);

/// Discards unused blocks of every file system. Nothing may be mounted. One that does not trim is a
/// warning.
void trim_filesystems(guestfs_h *g, const std::vector<Filesystem> &filesystems, Reporter &reporter);

}  // namespace v2v::core
