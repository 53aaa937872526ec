// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The one driver that Windows needs to find its system disk on KVM, entered into SYSTEM so that the boot
// loader loads it and Plug and Play binds it to the disk controller before anything can be installed.
//
// Up to Windows 7 the binding is a key of CriticalDeviceDatabase. Since Windows 8 it is what an installed
// INF leaves in DriverDatabase: the INF, its package with a configuration, and the id of each device. The
// package's name must have the form <inf>_<architecture>_<16 hex digits>: pnputil, Windows Update and an
// upgrade check it. The service's StartOverride key is how Windows 8 and later do not start at boot a
// driver whose device was not there at the last start, so it has to go.
//
// Not thread-safe: as the hive.
#pragma once

#include <v2v/windows/hive.hpp>

#include <array>
#include <string>
#include <vector>

namespace v2v::windows {

/// The ids, as in "PCI\VEN_…", of the disk controller of `driver` on KVM: of its legacy and of its
/// modern device. Error(unsupported) for a name that is none of a virtio block driver.
std::array<std::string, 2> boot_device_ids(const std::string &driver);

/// Enters `driver` as a service that starts at boot, with the image system32\drivers\<driver>.sys, bound to
/// boot_device_ids(). What else a service of that name has, in a guest that ran on KVM before, stays.
/// @param control_set  of current_control_set()
/// @param driver       "viostor", "vioscsi", or an old name: "virtio_blk", "vrtioblk"
/// @param winarch      "x86" or "amd64"; Error(unsupported) for others
void register_boot_driver(Hive &system, const std::string &control_set, const std::string &driver,
                          const std::string &winarch);

/// For the hive as opened again after the commit: Error(corrupt) naming the first key or value without
/// which the guest would not find its system disk.
void verify_boot_driver(const Hive &system, const std::string &control_set,
                        const std::string &driver, const std::string &winarch);

/// The keys that register_boot_driver() may touch, for unplanned().
std::vector<std::string> boot_driver_keys(const std::string &control_set, const std::string &driver,
                                          const std::string &winarch);

}  // namespace v2v::windows
