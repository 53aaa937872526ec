// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The shell script that starts the guest under QEMU. Pure; any thread.
#pragma once

#include <string>
#include <v2v/machine/machine.hpp>
#include <vector>

namespace v2v::output_qemu {

/// What the guest keeps between starts, beside its disks; made by the script.
struct StateFiles {
  std::string nvram;  ///< the UEFI variables; a file
  std::string tpm;    ///< the TPM's state; a directory
};

/// A POSIX shell script. It runs on any machine that has QEMU and sees the disks: what depends on
/// that machine (KVM, firmware, display, sound server, vsock) is found out when it runs.
/// @throws Error(unsupported) for a UEFI guest of an architecture whose firmware is not known
std::string qemu_script(const Metadata &metadata, const std::vector<machine::DiskSource> &disks,
                        const StateFiles &state, const machine::Warn &warn);

}  // namespace v2v::output_qemu
