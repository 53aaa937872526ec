// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The kernel of libguestfs's appliance, unpacked on this machine. Under emulation (TCG) it takes four
// seconds, a quarter of the whole start, to unpack itself; here it takes one, and only once.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace v2v::core {

/// The ELF file inside a kernel for x86 (bzImage), if qemu can start that: it has an entry for PVH.
/// @returns nothing if it is no such kernel, or packed in a way that libarchive does not know
std::optional<std::string> unpack_kernel(std::string_view bz_image);

/// Unpacks the kernel of the appliance in `appliance`, or finds it unpacked by an earlier run: the file
/// lies beside `appliance`, in the directory that libguestfs keeps for this user alone.
/// @returns nothing if there is no appliance yet, or its kernel must start as it is
std::optional<std::filesystem::path> unpacked_kernel(const std::filesystem::path &appliance);

/// Remembers that this unpacked kernel did not start where the packed one did.
void refuse_unpacked_kernel(const std::filesystem::path &kernel);

}  // namespace v2v::core
