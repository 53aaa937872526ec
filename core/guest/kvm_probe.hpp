// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Does KVM run a guest on this machine? With nested virtualisation /dev/kvm can open, create a
// machine, and then hang in its BIOS for ever; libguestfs would wait for minutes.
#pragma once

#include <core/run/cancellation.hpp>
#include <core/run/reporter.hpp>

#include <filesystem>
#include <string>

namespace v2v::core {

/// Boots a one-sector guest under KVM, at most 10 s. The answer is remembered in a small file until
/// the machine boots again.
/// @param qemu      the qemu binary that libguestfs uses
/// @param scratch   a directory for the one-sector disk
/// @returns false also where there is no usable /dev/kvm. When KVM is there but hangs, says so the
///          first time
bool kvm_works(const std::string &qemu, const std::filesystem::path &scratch, Reporter &reporter,
               const Cancellation &cancellation);

}  // namespace v2v::core
