// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/convert/disk_underway.hpp>

namespace v2v::core {

std::vector<TargetDisk> target_disks(const std::vector<DiskUnderway> &disks) {
  std::vector<TargetDisk> wanted;
  for (const auto &disk : disks) wanted.push_back(disk.wanted);
  return wanted;
}

std::vector<std::uint64_t> target_sizes(const std::vector<DiskUnderway> &disks) {
  std::vector<std::uint64_t> sizes;
  for (const auto &disk : disks) sizes.push_back(disk.wanted.virtual_size);
  return sizes;
}

void set_estimates(std::vector<DiskUnderway> &disks, const std::vector<std::uint64_t> &sizes) {
  for (std::size_t i = 0; i < disks.size(); ++i) disks[i].wanted.estimated_size = sizes[i];
}

std::vector<std::uint64_t> measured_sizes(const std::vector<DiskUnderway> &disks,
                                          const Cancellation &cancellation) {
  std::vector<std::uint64_t> sizes;
  for (const auto &disk : disks) sizes.push_back(measured_size(disk.contents, cancellation));
  return sizes;
}

}  // namespace v2v::core
