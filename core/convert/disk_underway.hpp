// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// One disk on its way through a conversion: each step adds what it finds out.
#pragma once

#include <core/disk/disk_map.hpp>
#include <core/disk/overlay.hpp>
#include <v2v/values.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace v2v::core {

struct DiskUnderway {
  std::uint64_t source_size = 0;   ///< what the guest sees of the source, bytes
  std::optional<Overlay> overlay;  ///< from the launch of the appliance on
  DiskContents contents;           ///< of the overlay, once the appliance has ended
  std::optional<DiskMap> map;      ///< of them, if a chronicle is kept
  TargetDisk wanted;               ///< what the output is asked for
  Target target;                   ///< as the output prepared it
};

/// What the output is asked for, of all disks.
std::vector<TargetDisk> target_disks(const std::vector<DiskUnderway> &disks);

/// The virtual sizes of what it is asked for, bytes.
std::vector<std::uint64_t> target_sizes(const std::vector<DiskUnderway> &disks);

/// @param sizes  one for each disk, bytes
void set_estimates(std::vector<DiskUnderway> &disks, const std::vector<std::uint64_t> &sizes);

/// Bytes that each disk needs on a target, once its contents are known.
std::vector<std::uint64_t> measured_sizes(const std::vector<DiskUnderway> &disks,
                                          const Cancellation &cancellation);

}  // namespace v2v::core
