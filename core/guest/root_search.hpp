// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Finds the systems on the disks, Linux and Windows, in few calls to the appliance, while each file system
// is mounted for its check anyway. libguestfs's own inspection mounts them all once more and asks much
// that a conversion does not need; it remains the one to ask where this search may have missed
// something: other systems, file systems that can hold them, a Linux without os-release.
#pragma once

#include <core/guest/disk_layout.hpp>
#include <v2v/values.hpp>

#include <guestfs.h>

#include <optional>
#include <string>
#include <vector>

namespace v2v::core {

class RootSearch {
 public:
  RootSearch(guestfs_h *g, std::vector<Filesystem> filesystems, const std::vector<DiskStart> &disks)
      : g_(g), filesystems_(std::move(filesystems)), disks_(disks) {}

  /// Looks for a system on `filesystem`, which is mounted read-only on /, and in its subvolumes.
  /// Nothing is mounted afterwards.
  void look(const Filesystem &filesystem);

  /// Everything about each system but its packages. Nothing: libguestfs has to look.
  std::optional<std::vector<Inspection>> systems() const;

 private:
  void look_at_root(const std::string &device);
  void look_for_windows(const std::string &device);
  void look_at_subvolumes(const std::string &device);
  std::vector<Mountpoint> mountpoints(const std::string &root, const std::string &fstab);
  std::optional<std::string> find_tag(const std::string &tag, const std::string &value) const;

  guestfs_h *g_;
  std::vector<Filesystem> filesystems_;
  const std::vector<DiskStart> &disks_;
  std::vector<Inspection> systems_;
  bool not_understood_ = false;  // a system, but which, or where its parts are
};

/// Subvolumes of btrfs that may be whole systems, but never the one that runs: snapshots of snapper and
/// timeshift, containers of docker, podman and systemd-nspawn.
bool never_boots(const std::string &device);

/// Into the order in which they can be mounted.
void sort_by_depth(std::vector<Mountpoint> &mountpoints);

}  // namespace v2v::core
