// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What an initramfs has and what it lacks for booting on KVM. Pure functions; thread-safe.
#pragma once

#include <v2v/linux/initramfs_archive.hpp>
#include <v2v/linux/kernels.hpp>

#include <string>
#include <vector>

namespace v2v::linux {

/// The tool that made an initramfs, told by the files that only it puts there.
enum class InitramfsKind { initramfs_tools, dracut, mkinitcpio, other };
InitramfsKind initramfs_kind(const InitramfsArchive &archive);
/// What people call it: "initramfs-tools".
const char *kind_name(InitramfsKind kind);

/// What a guest needs before its root is mounted: the disks, and the network for those that are
/// unlocked or mounted over it. What these modules need themselves goes without saying.
const std::vector<std::string> &virtio_boot_modules();

/// Where the modules of a kernel are in the archive, links resolved; where they would be if there
/// are none.
std::string modules_directory(const InitramfsArchive &archive, const std::string &version);

/// Those of the wanted modules that the kernel has as loadable ones and that cannot be loaded from
/// the archive: their file is not in it, or one of a module they need, or its modules.dep does not
/// list them. What is built into the kernel, or what it does not have at all, is never missing.
std::vector<std::string> missing_modules(const InitramfsArchive &archive, const Kernel &kernel,
                                         const std::vector<std::string> &wanted);

}  // namespace v2v::linux
