// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Which parts of a disk hold data: the overlay and everything below it, as qemu sees them.
#pragma once

#include <core/run/cancellation.hpp>
#include <v2v/values.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace v2v::core {

struct Extent {
  std::uint64_t start = 0, length = 0;  ///< bytes
  bool zero = false;                    ///< reads as zeroes: a hole, or trimmed
  unsigned depth = 0;                   ///< 0: this image says so; 1: the image below; …

  bool operator==(const Extent &) const = default;
};

/// The whole disk in order, without gaps; neighbours differ in `zero` or `depth`. Extents of depth
/// 0 are what an overlay changed, which is all that remains to be written where the source was
/// copied before.
std::vector<Extent> map_extents(const Location &location, const Cancellation &cancellation);

/// A part of a disk that an overlay says, and no longer the source below it.
struct Change {
  std::uint64_t start = 0, length = 0;  ///< bytes of the disk
  bool zero = false;                    ///< trimmed, or written with zeroes
  std::uint64_t place = 0;              ///< of its data in the overlay's file, unless zero

  bool operator==(const Change &) const = default;
};

struct Changes {
  std::uint64_t size = 0;       ///< of the disk, bytes
  std::vector<Change> changes;  ///< in order, without overlap
};

/// Calls body(start, length) for each part of this stretch of the disk that is not changed, in order.
void for_unchanged(const Changes &changes, std::uint64_t start, std::uint64_t length,
                   const std::function<void(std::uint64_t, std::uint64_t)> &body);

/// What an overlay changed. Looks only at the overlay: the source below may be of any size and
/// take any time to map.
/// @return nothing if data does not lie open in the overlay's file (compressed, encrypted), or
///         qemu-img is too old to tell
std::optional<Changes> map_changes(const Location &overlay, const Cancellation &cancellation);

/// Bytes that are not zeroes: what a copy has to move.
std::uint64_t data_bytes(const std::vector<Extent> &extents);

}  // namespace v2v::core
