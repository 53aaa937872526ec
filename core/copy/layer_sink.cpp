// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/copy/layer_sink.hpp>

#include <core/disk/file_io.hpp>

#include <algorithm>

namespace v2v::core {
namespace {

/// Zeroes from this length on, and aligned to it, become holes: a qcow2 cluster, and what qemu-img
/// is told elsewhere.
constexpr std::uint64_t block = 64 * 1024;

}  // namespace

void LayerSink::for_visible(std::uint64_t start, std::uint64_t length,
                            const std::function<void(std::uint64_t, std::uint64_t)> &body) const {
  for_unchanged(above_, start, length, body);
}

void LayerSink::write(std::uint64_t start, std::span<const std::byte> bytes) const {
  cancellation_.check();
  for_visible(start, bytes.size(), [&](std::uint64_t at, std::uint64_t length) {
    write_visible(at, bytes.subspan(at - start, length));
  });
}

void LayerSink::write_visible(std::uint64_t start, std::span<const std::byte> bytes) const {
  const auto size = bytes.size();
  std::size_t data = 0, at = 0;  // bytes from data to at are to be written
  while (at < size) {
    const auto length = std::min<std::uint64_t>(block - (start + at) % block, size - at);
    if (is_zero(bytes.subspan(at, length))) {
      if (data < at) write_data(start + data, bytes.subspan(data, at - data));
      data = at + length;
    }
    at += length;
  }
  if (data < size) write_data(start + data, bytes.subspan(data));
  done_ += size;
}

void LayerSink::write_data(std::uint64_t start, std::span<const std::byte> bytes) const {
  while (!bytes.empty()) {
    auto length = static_cast<std::uint64_t>(bytes.size());
    if (largest_write_ != 0) length = std::min(length, largest_write_ - start % largest_write_);
    target_.write(start, bytes.first(length));
    bytes = bytes.subspan(length);
    start += length;
  }
}

bool LayerSink::clone(std::uint64_t start, std::uint64_t length, int fd,
                      std::uint64_t place) const {
  cancellation_.check();
  if (!target_.clone(start, length, fd, place)) return false;
  done_ += length;
  return true;
}

}  // namespace v2v::core
