// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// How large a disk is: as the guest sees it, and as it lies on this machine. Asked of qemu, on the
// explicit location, with a time limit, so that a server that does not answer is an error.
#pragma once

#include <core/run/cancellation.hpp>
#include <v2v/values.hpp>

#include <cstdint>

namespace v2v::core {

/// Bytes the guest sees. The first time that a source is opened by qemu: disks that a running
/// machine writes to and NBD servers that do not answer are found out here.
/// @throws qemu_img_error; Error(access) for a disk in use; Error(corrupt) for one of no bytes
std::uint64_t virtual_size(const Location &location, const Cancellation &cancellation);

/// Bytes a qcow2 target needs, metadata included (for --print-estimate), for a disk of this size
/// of which so many clusters of 64 KiB hold data.
std::uint64_t measured_size(std::uint64_t virtual_size, std::uint64_t clusters,
                            const Cancellation &cancellation);

/// Bytes that a file takes on its file system, as du tells; 0 for what is no local file.
std::uint64_t allocated_size(const Location &location);

}  // namespace v2v::core
