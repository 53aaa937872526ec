// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Reads a streamOptimized (or monolithicSparse) VMDK: finds its grains and inflates them. It agrees
// with qemu's vmdk driver on every byte of an image that is whole, and is stricter with one that is
// not: a grain or a table outside the file, a marker that belongs to another grain, a stream that
// is too long, too short or broken is an error that names the byte.
//
// WHY our own. qemu inflates one grain at a time, on one core, and asks for the state of a disk
// grain by grain: minutes for an empty disk of 8 TiB. Here a cursor walks the tables, and any
// number of threads inflate what it finds.
//
// Memory stays small whatever an image says: directory and tables are read a piece at a time. A
// VmdkStream is immutable; a GrainCursor belongs to one thread at a time.
#pragma once

#include <core/disk/vmdk_header.hpp>
#include <core/run/cancellation.hpp>
#include <core/run/file_descriptor.hpp>
#include <v2v/values.hpp>

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

struct libdeflate_decompressor;

namespace v2v::core {

/// Inflates; one for each thread.
class Inflater {
 public:
  Inflater();
  ~Inflater();
  Inflater(const Inflater &) = delete;
  Inflater &operator=(const Inflater &) = delete;
  libdeflate_decompressor *get() const { return state_; }

 private:
  libdeflate_decompressor *state_;
};

/// A grain that holds data.
struct Grain {
  std::uint64_t start = 0;  ///< byte of the disk
  std::uint64_t place = 0;  ///< byte of the image, from its offset
};

class VmdkStream {
 public:
  /// @param location  a local file or descriptor, format vmdk
  /// @return nothing for what is not such a VMDK; see read_vmdk_header, and so the errors
  static std::optional<VmdkStream> open(const Location &location);

  const VmdkHeader &header() const { return header_; }
  const images::ImageReader &reader() const { return reader_; }
  std::uint64_t size() const { return header_.capacity; }
  /// Bytes of the disk in a grain: fewer in the last.
  std::uint64_t length(const Grain &grain) const;
  /// The most bytes of the image that a grain can take.
  std::uint64_t longest_stored() const;

  /// Bytes of the image, from the stream's beginning.
  void read(std::span<std::byte> bytes, std::uint64_t at) const;
  /// Lets the system begin to read what will be needed soon.
  void will_read(std::uint64_t at, std::uint64_t length) const;
  /// True if the image has a hole there, so that its bytes are zero.
  bool is_hole(std::uint64_t at, std::uint64_t length) const;

  /// The grain that byte `at` of the disk is in; without one the byte is zero, and so are those up
  /// to `end`. Where there is one, `end` is where it ends on the disk.
  /// @throws Error(corrupt), Error(io)
  struct Found {
    std::optional<Grain> grain;
    std::uint64_t end = 0;
  };
  Found find(std::uint64_t at) const;
  /// Whether the entry of a grain table names a grain.
  bool holds_data(std::uint64_t sector) const;
  /// @throws Error(corrupt) unless it lies inside the image
  Grain checked_grain(std::uint64_t index, std::uint64_t sector) const;

  /// The bytes of a grain.
  /// @param stored   what the image has at its place; may be more than the grain takes
  /// @param scratch  header().grain_size bytes, used if the grain is compressed
  /// @return length(grain) bytes, in `stored` or `scratch`
  /// @throws Error(corrupt)
  std::span<const std::byte> decode(const Grain &grain, std::span<const std::byte> stored,
                                    std::span<std::byte> scratch, const Inflater &inflater) const;

 private:
  std::uint64_t entry_at(std::uint64_t place) const;

  VmdkStream(FileDescriptor file, images::ImageReader reader, VmdkHeader header,
             std::uint64_t offset);

  FileDescriptor file_;
  images::ImageReader reader_;  ///< of file_
  VmdkHeader header_;
  std::uint64_t offset_;
};

/// Walks the tables, once.
class GrainCursor {
 public:
  explicit GrainCursor(const VmdkStream &stream);

  /// The next grains with data, fewer than 128 Ki, in the order of their places in the image: so
  /// that it is read from front to back even if its writer jumped about in the disk.
  /// @return empty at the end
  /// @throws Error(corrupt), Error(io), Error(cancelled)
  const std::vector<Grain> &next(const Cancellation &cancellation);

 private:
  std::uint64_t directory_entry(std::uint64_t index);
  void read_tables(std::uint64_t count, std::uint64_t at);
  void take_table(std::uint64_t table, std::span<const std::byte> entries);
  void add(std::uint64_t index, std::uint64_t sector);

  const VmdkStream &stream_;
  const VmdkHeader &header_;
  std::vector<Grain> window_;
  std::vector<std::byte> directory_, tables_;
  std::uint64_t directory_first_ = 0;  ///< index of the first entry in directory_
  std::uint64_t next_table_ = 0;       ///< index in the directory
  std::uint64_t tables_seen_ = 0, grains_seen_ = 0;
};

}  // namespace v2v::core
