// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What a disk of a converted guest is made of, for people: where the source's data is, what the conversion
// wrote, and what it freed.
#pragma once

#include <core/disk/extents.hpp>
#include <core/disk/overlay.hpp>

#include <cstdint>
#include <vector>

namespace v2v::core {

struct DiskMap {
  /// A stretch of the disk: how much of it is what, in percent. The rest is a hole.
  struct Cell {
    unsigned kept = 0, written = 0, trimmed = 0;
    bool operator==(const Cell &) const = default;
  };
  std::uint64_t size = 0;     ///< bytes
  std::uint64_t kept = 0;     ///< the source's data that is copied as it is
  std::uint64_t written = 0;  ///< by the conversion
  std::uint64_t trimmed = 0;  ///< the source's data that is free space and not copied
  std::vector<Cell> cells;    ///< equal stretches in order
};

/// @param base     where the source has data, in order and without overlap
/// @param changes  what lies over it
/// @param cells    at most
DiskMap map_disk(const std::vector<Extent> &base, const Changes &changes, std::size_t cells);

/// Walks the source's tables: without contents.layers by qemu-img, which can take a while.
/// @param contents  of the overlay
/// @throws as map_extents
DiskMap map_disk(const Overlay &overlay, const DiskContents &contents,
                 const Cancellation &cancellation);

}  // namespace v2v::core
