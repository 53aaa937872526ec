// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Reads pieces of an image file, of a block device, or of a slice of a file (a disk inside a tar),
// always inside its bounds. An ImageReader borrows its file descriptor and keeps no state, so it
// may be used from any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace v2v::images {

/// Bytes read from an image, and the numbers in them. Every access is checked.
class Bytes {
 public:
  explicit Bytes(std::string data) : data_(std::move(data)) {}

  std::size_t size() const { return data_.size(); }
  std::string_view all() const { return data_; }
  /// @throws std::out_of_range if the bytes end before; a defect of the caller
  std::string_view text(std::size_t at, std::size_t count) const;
  std::uint16_t le16(std::size_t at) const { return static_cast<std::uint16_t>(little(at, 2)); }
  std::uint32_t le32(std::size_t at) const { return static_cast<std::uint32_t>(little(at, 4)); }
  std::uint64_t le64(std::size_t at) const { return little(at, 8); }
  std::uint32_t be32(std::size_t at) const { return static_cast<std::uint32_t>(big(at, 4)); }
  std::uint64_t be64(std::size_t at) const { return big(at, 8); }

 private:
  std::uint64_t little(std::size_t at, std::size_t count) const;
  std::uint64_t big(std::size_t at, std::size_t count) const;

  std::string data_;
};

class ImageReader {
 public:
  /// @param fd      open for reading; stays its owner's
  /// @param name    what messages call the image
  /// @param offset  bytes from the start of the file where the image begins
  /// @param length  bytes of the image; 0: up to the end of the file
  /// @throws Error(io) if the size cannot be found out, Error(corrupt) if the slice is not inside
  ImageReader(int fd, std::string name, std::uint64_t offset = 0, std::uint64_t length = 0);

  const std::string &name() const { return name_; }
  std::uint64_t size() const { return size_; }
  /// True if `count` bytes at `at` are inside the image.
  bool holds(std::uint64_t at, std::uint64_t count) const {
    return at <= size_ && count <= size_ - at;
  }
  /// @param count  at most 64 MiB: no table of a header is larger
  /// @throws Error(corrupt) if they are not all inside the image, Error(io) if reading fails
  Bytes read(std::uint64_t at, std::uint64_t count) const;
  /// As read, but fewer bytes where the image ends before.
  Bytes read_up_to(std::uint64_t at, std::uint64_t count) const;

 private:
  int fd_;
  std::string name_;
  std::uint64_t offset_, size_;
};

}  // namespace v2v::images
