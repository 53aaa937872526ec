// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/disk/estimate.hpp>

#include <algorithm>
#include <array>
#include <numeric>
#include <string_view>

namespace v2v::core {
namespace {

bool frees_blocks(const std::string &type) {
  static constexpr std::array<std::string_view, 4> types = {"ext2", "ext3", "ext4", "xfs"};
  return std::find(types.begin(), types.end(), type) != types.end();
}

}  // namespace

std::vector<std::uint64_t> estimate_target_sizes(const std::vector<FilesystemUsage> &filesystems,
                                                 const std::vector<std::uint64_t> &sizes) {
  const auto disks = std::accumulate(sizes.begin(), sizes.end(), std::uint64_t(0));
  if (disks == 0) return sizes;
  std::uint64_t total = 0, free = 0;
  for (const auto &filesystem : filesystems) {
    total += filesystem.size;
    if (frees_blocks(filesystem.type)) free += filesystem.free;
  }
  // Part of the disks is under no file system; what is free in those counts in proportion.
  const auto ratio = static_cast<double>(total) / static_cast<double>(disks);
  const auto scaled = static_cast<double>(static_cast<std::uint64_t>(free * ratio));
  std::vector<std::uint64_t> estimates;
  for (const auto size : sizes) {
    const auto share = static_cast<double>(size) / static_cast<double>(disks);
    estimates.push_back(size - std::min(size, static_cast<std::uint64_t>(share * scaled)));
  }
  return estimates;
}

}  // namespace v2v::core
