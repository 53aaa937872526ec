// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Does KVM run a guest on this machine? With nested virtualisation /dev/kvm can open, create a
// machine, and then hang in its BIOS for ever; libguestfs would wait for minutes.
#pragma once

#include <core/run/cancellation.hpp>
#include <core/run/reporter.hpp>

#include <chrono>
#include <filesystem>
#include <string>

namespace v2v::core {

/// Boots a one-sector guest under KVM.
/// @param qemu      the qemu binary that libguestfs uses
/// @param memory    the file that remembers the answer until the machine boots again
/// @param limit     a guest that has not ended by then hangs
/// @returns false also where there is no usable /dev/kvm. When KVM is there but does not work, says
///          so the first time
bool kvm_works(const std::string &qemu, const std::filesystem::path &memory, Reporter &reporter,
               const Cancellation &cancellation,
               std::chrono::milliseconds limit = std::chrono::seconds(10));

/// Says that KVM does not work after all, and remembers it like kvm_works().
void kvm_failed(const std::string &reason, const std::filesystem::path &memory, Reporter &reporter);

/// The user's own file for that: in a directory that lasts until the next boot where there is one,
/// else in the cache.
std::filesystem::path kvm_memory_file();

}  // namespace v2v::core
