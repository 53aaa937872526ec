// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Where the bytes of a layer go: to a target that reads as zeroes. Left out is what a change above
// the layer covers, and whole blocks of zeroes. May be used from any thread.
#pragma once

#include <core/copy/copy_target.hpp>
#include <core/disk/extents.hpp>

#include <atomic>

namespace v2v::core {

class LayerSink {
 public:
  /// @param largest_write  no write to the target crosses a multiple of so many bytes; 0: no limit
  LayerSink(CopyTarget &target, const Changes &above, std::uint64_t largest_write,
            std::atomic<std::uint64_t> &done, const Cancellation &cancellation)
      : target_(target),
        above_(above),
        largest_write_(largest_write),
        done_(done),
        cancellation_(cancellation) {}

  const Cancellation &cancellation() const { return cancellation_; }

  /// @param start  byte of the disk
  void write(std::uint64_t start, std::span<const std::byte> bytes) const;

  /// Calls body(start, length) for each part that no change covers. For a layer that reads only
  /// those; they may then be written or cloned.
  void for_visible(std::uint64_t start, std::uint64_t length,
                   const std::function<void(std::uint64_t, std::uint64_t)> &body) const;

  /// Lets the target share bytes of a file with it, all of them visible.
  /// @return false: it cannot; write them
  bool clone(std::uint64_t start, std::uint64_t length, int fd, std::uint64_t place) const;

 private:
  void write_visible(std::uint64_t start, std::span<const std::byte> bytes) const;
  void write_data(std::uint64_t start, std::span<const std::byte> bytes) const;

  CopyTarget &target_;
  const Changes &above_;
  const std::uint64_t largest_write_;
  std::atomic<std::uint64_t> &done_;  ///< visible bytes that have been dealt with
  const Cancellation &cancellation_;
};

}  // namespace v2v::core
