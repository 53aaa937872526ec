// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Which parts of a disk hold data: the overlay and everything below it, as qemu sees them.
#pragma once

#include <core/run/cancellation.hpp>
#include <v2v/values.hpp>

#include <cstdint>
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

/// Bytes that are not zeroes: what a copy has to move.
std::uint64_t data_bytes(const std::vector<Extent> &extents);

}  // namespace v2v::core
