// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Which devices a converted Linux guest can drive. Pure functions.
#pragma once

#include <v2v/linux/kernels.hpp>
#include <v2v/values.hpp>

#include <string>
#include <vector>

namespace v2v::linux {

enum class DistroFamily { debian, redhat, suse, alt, other };
/// By libguestfs's name of the distribution: guestfs(3), guestfs_inspect_get_distro.
DistroFamily distro_family(const std::string &distro);

/// What IDE disks are called: "hd" before libata, otherwise "sd". SUSE changed with the kernels of
/// its release 11, as all others did.
std::string ide_prefix(const Inspection &inspection);

/// The devices that this kernel can drive, and the machine for it. Without a virtio disk driver:
/// IDE, and a machine type that has real IDE where the firmware allows it.
GuestCaps linux_guest_caps(const Inspection &inspection, const Kernel &kernel);

/// The modules that the initramfs needs for these devices.
std::vector<std::string> boot_modules(const GuestCaps &caps);

}  // namespace v2v::linux
