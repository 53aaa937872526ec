// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Windows before Vista asks the BIOS for the disk's geometry with the number of heads that is in the boot
// sector of its NTFS. On another virtual machine the BIOS has another idea of it, and Windows stops with
// "A disk read error occurred".
#pragma once

#include <string>

struct guestfs_h;

namespace v2v::convert_windows {

/// Writes the number of heads that QEMU's BIOS gives a disk of this size into the boot sector of `root`.
/// No file system may be mounted.
/// @return false, without writing: the root is no partition or no NTFS
bool fix_ntfs_heads(guestfs_h *handle, const std::string &root);

}  // namespace v2v::convert_windows
