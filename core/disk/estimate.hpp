// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// How much a disk will take on its target, told from the guest's file systems before anything is
// converted. Pure.
#pragma once

#include <core/guest/filesystems.hpp>

#include <cstdint>
#include <vector>

namespace v2v::core {

/// The estimate of virt-v2v before 2.0: from each disk its share of the space that will be free
/// after trimming is taken off. File systems that trimming does not shrink count as full.
/// @param sizes  virtual sizes of all disks, bytes
/// @return one estimate per disk, bytes; never more than its size
std::vector<std::uint64_t> estimate_target_sizes(const std::vector<FilesystemUsage> &filesystems,
                                                 const std::vector<std::uint64_t> &sizes);

}  // namespace v2v::core
