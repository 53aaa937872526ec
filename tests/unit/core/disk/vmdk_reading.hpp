// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Reads a whole VMDK through VmdkStream, grain by grain.
#pragma once

#include <core/disk/qemu_location.hpp>
#include <core/disk/vmdk_stream.hpp>

#include <algorithm>
#include <random>

namespace v2v::test {

inline std::string read_vmdk(const Location &location) {
  const auto stream = core::VmdkStream::open(location);
  if (!stream) throw Error(Code::unsupported, "not for this reader");
  const core::Cancellation never;
  const core::Inflater inflater;
  core::GrainCursor cursor(*stream);
  std::string content(stream->size(), '\0');
  std::vector<std::byte> scratch(stream->header().grain_size);
  for (const auto *grains = &cursor.next(never); !grains->empty(); grains = &cursor.next(never))
    for (const auto &grain : *grains) {
      std::vector<std::byte> stored(
          std::min(stream->longest_stored(), stream->reader().size() - grain.place));
      stream->read(stored, grain.place);
      const auto data = stream->decode(grain, stored, scratch, inflater);
      std::copy_n(reinterpret_cast<const char *>(data.data()), data.size(),
                  content.begin() + static_cast<std::ptrdiff_t>(grain.start));
    }
  return content;
}

/// Bytes that differ from number to number, some of them easy to compress.
inline std::string pattern(std::size_t size, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i < size; ++i)
    bytes[i] = static_cast<char>(i % 700 < 300 ? random() : seed + 1);
  return bytes;
}

}  // namespace v2v::test
