// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/disk/disk_contents.hpp>

#include <core/disk/extents.hpp>
#include <core/disk/image_size.hpp>
#include <core/disk/layered_disk.hpp>

#include <algorithm>

namespace v2v::core {
namespace {

constexpr std::uint64_t cluster = 64 * 1024;

/// Each cluster is counted once, though several extents may lie in it.
std::uint64_t clusters_with_data(const std::vector<Extent> &extents) {
  std::uint64_t clusters = 0, counted_to = 0;
  for (const auto &extent : extents) {
    if (extent.zero) continue;
    const auto first = std::max(extent.start / cluster, counted_to);
    counted_to = (extent.start + extent.length + cluster - 1) / cluster;
    clusters += counted_to - first;
  }
  return clusters;
}

}  // namespace

DiskContents contents_of(const Location &image, const std::optional<Location> &base,
                         const Cancellation &cancellation) {
  // qemu would walk a VMDK grain by grain: minutes for one of many TiB, even if it is empty.
  if (base)
    if (auto layers = LayeredDisk::open(image, *base, cancellation))
      return {layers->size(), layers->data(), layers->clusters(), layers};
  const auto extents = map_extents(image, cancellation);
  const auto size = extents.empty() ? 0 : extents.back().start + extents.back().length;
  return {size, data_bytes(extents), clusters_with_data(extents), nullptr};
}

std::uint64_t measured_size(const DiskContents &contents, const Cancellation &cancellation) {
  return measured_size(contents.size, contents.clusters, cancellation);
}

}  // namespace v2v::core
