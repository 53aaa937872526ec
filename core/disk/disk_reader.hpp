// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Reads a disk that v2v reads by itself at any place: what the overlay changed, else the source.
// Immutable; any thread.
#pragma once

#include <core/disk/layered_disk.hpp>

#include <memory>
#include <span>

namespace v2v::core {

class DiskReader {
 public:
  explicit DiskReader(std::shared_ptr<const LayeredDisk> disk) : disk_(std::move(disk)) {}

  std::uint64_t size() const { return disk_->size(); }
  /// From byte `at` on, not beyond `end`. Neighbours may be alike.
  Stretch stretch(std::uint64_t at, std::uint64_t end, const Cancellation &cancellation) const;
  /// Holes are filled with zeroes and not read.
  /// @throws Error(corrupt), Error(io) about the source or the overlay; Error(cancelled)
  void read(std::uint64_t at, std::span<std::byte> bytes, Scratch &scratch,
            const Cancellation &cancellation) const;

 private:
  const Change *change_at_or_after(std::uint64_t at) const;

  std::shared_ptr<const LayeredDisk> disk_;
};

}  // namespace v2v::core
