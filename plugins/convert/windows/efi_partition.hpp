// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What Windows needs on its EFI System Partition to boot with another firmware: a fallback loader, because
// the entry that named Windows's own stays behind with the old machine's variables, and a boot store
// that lets it draw.
#pragma once

#include "guest_files.hpp"

#include <v2v/text/log.hpp>

#include <string>

namespace v2v::convert_windows {

/// @param device     the partition, not mounted
/// @param mount_at   an empty directory of the guest
/// @param arch       "x86_64", "i386", "aarch64"
/// @param directory  on the host, for the boot store
void repair_efi_partition(GuestFiles &files, const std::string &device, const std::string &mount_at,
                          const std::string &arch, const std::string &directory,
                          const text::Log &log);

}  // namespace v2v::convert_windows
