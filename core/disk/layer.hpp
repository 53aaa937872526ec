// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A layer of a disk that v2v reads by itself: the source below an overlay, or the data that the
// overlay holds. A walk over it hands out its data as batches; threads copy batches at the same
// time, each with a scratch of its own, into a sink (layer_sink.hpp).
//
// A Layer is immutable and may be used from any thread; a LayerWalk from one at a time.
#pragma once

#include <core/disk/extents.hpp>
#include <core/disk/vmdk_stream.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace v2v::core {

class LayerSink;

/// What a thread needs for itself while it copies.
struct Scratch {
  std::vector<std::byte> stored;  ///< as read from a file
  std::vector<std::byte> data;    ///< inflated
  Inflater inflater;
};

/// A stretch of the disk, and where its bytes lie in the layer's file.
struct Piece {
  std::uint64_t start = 0, length = 0;  ///< bytes of the disk
  std::uint64_t place = 0, stored = 0;  ///< bytes of the file; stored: at most
};
/// Work for a thread for some milliseconds.
using Batch = std::vector<Piece>;

class LayerWalk {
 public:
  virtual ~LayerWalk() = default;
  /// The next batch of what the changes above do not cover wholly; empty at the end.
  virtual Batch next(const Changes &above, const Cancellation &cancellation) = 0;
};

/// From a place on, to where it may end.
struct Stretch {
  std::uint64_t end = 0;  ///< byte of the disk
  bool data = false;      ///< else it reads as zeroes
};

class Layer {
 public:
  virtual ~Layer() = default;
  /// How it is read, for -v.
  virtual std::string how() const = 0;
  virtual std::unique_ptr<LayerWalk> walk() const = 0;
  /// So many threads can copy from it at the same time; 0: any number.
  virtual unsigned most_threads() const { return 0; }
  /// Takes a batch of this layer's walk to the sink.
  virtual void copy(const Batch &batch, Scratch &scratch, const LayerSink &sink) const = 0;
  /// What is at byte `at`, and until where; not beyond `end`, and beyond `at`.
  virtual Stretch stretch(std::uint64_t at, std::uint64_t end,
                          const Cancellation &cancellation) const = 0;
  /// Reads from a stretch with data.
  /// @param at  a byte of the disk; of the layer of an overlay's changes, of its file
  virtual void read_at(std::uint64_t at, std::span<std::byte> bytes, Scratch &scratch,
                       const Cancellation &cancellation) const = 0;
};

}  // namespace v2v::core
