// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What the disks hold: the operating system and its mount points. Asked once; everything later works on
// the answer.
#pragma once

#include <core/guest/appliance.hpp>
#include <core/guest/root_choice.hpp>
#include <v2v/values.hpp>

#include <string>
#include <vector>

namespace v2v::core {

/// Has libguestfs inspect the disks, chooses the root and describes it. Nothing is mounted afterwards.
/// @param disks, filesystems  what the disks are called and hold, for the message when nothing is found
/// @throws Error(unsupported) if there is no operating system, a live CD, or one not known
Inspection inspect(guestfs_h *g, const std::vector<std::string> &disks,
                   const std::vector<Filesystem> &filesystems, const RootWish &wish);

/// The one to convert of what a RootSearch found.
Inspection choose_system(const std::vector<Inspection> &systems, const RootWish &wish);

/// Mounts what inspection found, read-write, the root first. A file system other than the root
/// that does not mount is a warning. Devices that the guest's fstab names become what they are here.
/// @throws Error(unsupported) for a hibernated Windows
void mount_guest(guestfs_h *g, Inspection &inspection, Reporter &reporter);

/// Mounts the EFI System Partition of a UEFI guest that does not name it in its fstab (systemd finds
/// it by its type), where systemd would, so that the converter can see to the loader on it.
void mount_esp(guestfs_h *g, Inspection &inspection, Reporter &reporter);

}  // namespace v2v::core
