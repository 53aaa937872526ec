// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Empty disks as files, and room for them. Functions; any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <v2v/machine/machine.hpp>
#include <v2v/values.hpp>

namespace v2v::local_disks {

struct Creation {
  bool preallocated = false;              ///< reserve all blocks
  std::function<void()> check_cancelled;  ///< throws Error(cancelled); may be empty
};

/// A new file that reads as zeroes.
/// @throws Error(no_space) if there is no room for what is reserved; Error(unsupported) if the file
///         system cannot hold so large a file; Error(io), also if something is there
void create_raw(const std::string &path, std::uint64_t size, const Creation &creation);

/// An empty qcow2 (compat 1.1) at `path`, which may exist: then owner and mode stay as they are.
/// @throws Error(not_found) without qemu-img; Error(io)
void create_qcow2(const std::string &path, std::uint64_t size, const Creation &creation);

/// One of the above, as the disk's format says.
void create_disk(const std::string &path, const TargetDisk &disk, const Creation &creation);

/// Whether `needed` bytes fit into the file system of `directory`. Only what is certain is an error:
/// that what is reserved does not fit, or that there is no room at all. How much of a sparse disk holds
/// data is a guess as long as the guest is not converted, too high by far where a disk is not
/// partitioned to its end or its file system is not known well; the host compares what it has to write
/// before the first byte.
/// @param name  what messages call the directory
/// @throws Error(no_space)
void check_room(const std::string &directory, const std::string &name, std::uint64_t needed,
                bool reserved, const machine::Warn &warn);

}  // namespace v2v::local_disks
