// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The initramfs holds copies of /etc/crypttab and of the resume device's name, made when it was
// built: renaming devices in /etc does not reach them. Pure functions.
#pragma once

#include <v2v/linux/devices.hpp>
#include <v2v/linux/initramfs_archive.hpp>
#include <v2v/linux/initramfs_graft.hpp>

#include <vector>

namespace v2v::linux {

/// The files of an initramfs-tools archive that name devices which change, with the new names; none
/// if there are none.
std::vector<InitramfsFile> renamed_early_files(const InitramfsArchive &archive,
                                               const DeviceMap &map, const UuidResolver &resolve);

}  // namespace v2v::linux
