// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Unpacks one compressed stream that lies at the beginning of a longer piece of memory, and says
// how many bytes it took. Where one segment of an initramfs ends the next begins, so that number
// must be exact: the libraries of the formats give it, libarchive's filters do not, as they read
// ahead and join streams that follow each other. That is why they are used here directly.
//
// The input is hostile: memory is bounded by the caller's budget and by limits on dictionaries.
// Pure functions; thread-safe. Private to the toolkit.
#pragma once

#include <v2v/error.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace v2v::linux {

enum class Packing { none, gzip, bzip2, lzma, xz, lzop, lz4_legacy, lz4_frame, zstd };

/// By its first bytes, as the kernel tells them apart (lib/decompress.c); `none` for what begins
/// like none of them.
Packing packing_of(std::string_view data);

/// What people call it: "gzip".
const char *packing_name(Packing packing);

/// Bytes whose memory is not cleared as they grow to hundreds of MiB, as a std::string's would be.
class Bytes {
 public:
  std::string_view view() const { return {memory_.get(), size_}; }
  std::size_t size() const { return size_; }
  char *data() { return memory_.get(); }
  /// Memory that was untouched is not given back when it shrinks: it does not count as used.
  void resize(std::size_t size);

 private:
  std::unique_ptr<char[]> memory_;
  std::size_t size_ = 0, capacity_ = 0;
};

struct Unpacked {
  Bytes content;
  std::size_t consumed = 0;  ///< bytes of the input that belong to the stream
};

/// What is wrong with a stream; the caller knows which file it is in, and where.
struct UnpackFailure {
  Code code = Code::corrupt;
  std::string reason;
};

/// @param budget  most bytes of content
/// @throws UnpackFailure
Unpacked unpack(Packing packing, std::string_view data, std::size_t budget);

}  // namespace v2v::linux
