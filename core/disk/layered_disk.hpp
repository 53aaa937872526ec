// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A disk as its layers, if v2v can read them by itself: the source, and what the overlay changed.
// It says how much data there is without asking qemu about the source, which for a VMDK of many TiB
// would take minutes. Immutable.
#pragma once

#include <core/copy/copy.hpp>
#include <core/disk/layer.hpp>

#include <memory>

namespace v2v::core {

class LayeredDisk {
 public:
  /// @param overlay  a qcow2 file
  /// @param base     the source that it lies over
  /// @return null if only qemu can read them
  /// @throws Error(corrupt), Error(io) … about the source; Error(cancelled)
  static std::shared_ptr<const LayeredDisk> open(const Location &overlay, const Location &base,
                                                 const Cancellation &cancellation);

  /// Bytes the guest sees.
  std::uint64_t size() const { return changes_.size; }
  /// Bytes that hold data: what a copy has to look at.
  std::uint64_t data() const { return data_; }
  /// Clusters of 64 KiB that hold data: what a qcow2 target has to have. Exact where the base was
  /// written from front to back, and never too few.
  std::uint64_t clusters() const { return clusters_; }

  const Layer &base() const { return *base_; }
  /// What hides parts of the base.
  const Changes &changes() const { return changes_; }
  const Layer &top() const { return *top_; }

 private:
  LayeredDisk(const Location &overlay, std::unique_ptr<const Layer> base, Changes changes,
              const Cancellation &cancellation);
  void count(std::uint64_t start, std::uint64_t length);

  std::unique_ptr<const Layer> base_;
  Changes changes_;
  std::unique_ptr<const Layer> top_;
  std::uint64_t data_ = 0, clusters_ = 0;
  std::uint64_t next_cluster_ = 0;  ///< after the one that was counted last
};

}  // namespace v2v::core
