// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A converted UEFI guest starts with fresh NVRAM: the entry "debian" that pointed the old firmware
// to \EFI\debian\shimx64.efi is gone, and only \EFI\BOOT\BOOTX64.EFI is found (UEFI specification
// 2.10, 3.5.1.1). This puts a loader there, whatever the distribution.
#pragma once

#include <v2v/linux/guest.hpp>
#include <v2v/linux/log.hpp>
#include <v2v/values.hpp>

#include <string>

namespace v2v::linux {

/// Where the guest's EFI System Partition is mounted: /boot/efi, /efi, /boot …; empty for a BIOS
/// guest and if it is not mounted.
std::string esp_mountpoint(const Inspection &inspection);

/// What a distribution calls its directory below EFI/: Linux Mint's is "ubuntu".
std::string esp_vendor(const std::string &distro);

/// Makes sure that the firmware finds a loader; warns if it will not.
/// @param esp  as from esp_mountpoint()
void ensure_uefi_fallback(Guest &guest, const Inspection &inspection, const std::string &esp,
                          const Log &log);

}  // namespace v2v::linux
