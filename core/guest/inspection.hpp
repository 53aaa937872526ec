// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What the disks hold: operating system, mount points, packages. Asked once; everything later works
// on the answer.
#pragma once

#include <core/guest/appliance.hpp>
#include <core/guest/root_choice.hpp>
#include <v2v/values.hpp>

#include <functional>
#include <string>
#include <vector>

namespace v2v::core {

/// Inspects, chooses the root and describes it. Nothing is mounted afterwards.
/// @param disks  what the disks are called, for the message when nothing is found
/// @throws Error(unsupported) if there is no operating system, a live CD, or one not known
Inspection inspect(guestfs_h *g, const std::vector<std::string> &disks, const std::string &wish,
                   const std::function<std::string(const std::vector<RootChoice> &)> &ask);

/// Mounts what inspection found, read-write, the root first. A file system other than the root
/// that does not mount is a warning. Devices that the guest's fstab names become what they are here.
/// @throws Error(unsupported) for a hibernated Windows
void mount_guest(guestfs_h *g, Inspection &inspection, Reporter &reporter);

/// Mounts the EFI System Partition of a UEFI guest that does not name it in its fstab (systemd finds
/// it by its type), where systemd would, so that the converter can see to the loader on it.
void mount_esp(guestfs_h *g, Inspection &inspection, Reporter &reporter);

/// The installed packages (Linux) or programs (Windows) of the mounted guest.
std::vector<Application> list_applications(guestfs_h *g, const std::string &root);

}  // namespace v2v::core
