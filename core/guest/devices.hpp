// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What is on the guest's disks, partitions and volumes.
#pragma once

#include <core/guest/disk_layout.hpp>
#include <v2v/values.hpp>

#include <guestfs.h>

#include <string>
#include <vector>

namespace v2v::core {

/// What each disk without partitions, partition, RAID, opened container and logical volume holds, by
/// blkid's names: file systems, with the subvolumes of btrfs as "btrfsvol:DEVICE/PATH", and containers of
/// others ("LVM2_member", "crypto_LUKS"); "unknown" for nothing that is known. One call for each;
/// libguestfs's own list takes several and runs parted for each.
/// @param unlocked  whether encrypted disks were opened
std::vector<Filesystem> list_devices(guestfs_h *g, const std::vector<DiskStart> &disks,
                                     bool unlocked);

/// Stops the RAIDs, which the guest would otherwise have to bring in step again at its first boot. Nothing
/// may be mounted; nothing on them is reachable afterwards.
void stop_raids(guestfs_h *g, const std::vector<Filesystem> &devices);

/// Whether a device of this type holds other devices: a part of a RAID, of a volume group or of a ZFS
/// pool, or an encrypted disk.
bool is_container(const std::string &type);

}  // namespace v2v::core
