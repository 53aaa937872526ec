// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Xen's consoles hvc0 and xvc0 do not exist under KVM: a login or a kernel console on them becomes
// one on ttyS0, or goes if the target shows no serial line.
#pragma once

#include <v2v/linux/bootloader.hpp>
#include <v2v/linux/guest.hpp>
#include <v2v/linux/log.hpp>

namespace v2v::linux {

/// Changes inittab, securetty, systemd's logins and, in memory, the bootloader.
/// @param keep  false: remove, the logins on ttyS0 as well
void convert_console(Guest &guest, Bootloader &bootloader, bool keep, const Log &log);

}  // namespace v2v::linux
