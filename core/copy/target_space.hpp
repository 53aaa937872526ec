// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Room for the targets on the file systems of this machine.
#pragma once

#include <core/copy/copy.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace v2v::core {

/// Bytes this process may still use on the file system of a path; nothing: that cannot be told, or
/// the file system compresses, so that the size of the data says nothing.
std::optional<std::uint64_t> free_bytes(const std::string &path);

/// What messages call the target of a job.
std::string name_of_target(const CopyJob &job);

/// Before the first byte is written: the data of all disks must fit where they go. Targets whose
/// size cannot be told are left out: compressed ones, those on file systems that compress, and
/// those that are no local files.
/// @param totals  bytes of data of each job
/// @throws Error(no_space) that says where how much is missing
void check_target_space(const std::vector<CopyJob> &jobs, const std::vector<std::uint64_t> &totals);

/// The error for a copy that ran out of space.
/// @param left   bytes of data that were not yet written
/// @param cause  what the copy said
Error no_space_error(const CopyJob &job, std::uint64_t left, const Error &cause);

}  // namespace v2v::core
