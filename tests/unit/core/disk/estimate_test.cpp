// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/disk/estimate.hpp>

#include <gtest/gtest.h>

namespace v2v::test {
namespace {

constexpr std::uint64_t gigabyte = 1'000'000'000;

core::FilesystemUsage usage(const std::string &type, std::uint64_t size, std::uint64_t free) {
  core::FilesystemUsage value;
  value.type = type;
  value.size = size;
  value.free = free;
  return value;
}

TEST(EstimateTest, TheWorkedExampleOfTheSpecification) {
  // /boot 0.5 GB with 0.2 used, / 2.5 GB with 1.0 used, on disks of 1 and 3 GB.
  const auto estimates =
      core::estimate_target_sizes({usage("ext4", gigabyte / 2, 3 * gigabyte / 10),
                                   usage("xfs", 5 * gigabyte / 2, 3 * gigabyte / 2)},
                                  {gigabyte, 3 * gigabyte});
  EXPECT_EQ(estimates, (std::vector<std::uint64_t>{662'500'000, 1'987'500'000}));
}

TEST(EstimateTest, OnlyFileSystemsThatTrimShrinkADisk) {
  for (const auto *type : {"ntfs", "btrfs", "vfat", "unknown"})
    EXPECT_EQ(core::estimate_target_sizes({usage(type, gigabyte, gigabyte)}, {gigabyte}),
              (std::vector<std::uint64_t>{gigabyte}));
  EXPECT_EQ(core::estimate_target_sizes({usage("ext2", gigabyte, gigabyte)}, {gigabyte}),
            (std::vector<std::uint64_t>{0}));
}

TEST(EstimateTest, NothingKnownLeavesTheFullSize) {
  EXPECT_EQ(core::estimate_target_sizes({}, {gigabyte}), (std::vector<std::uint64_t>{gigabyte}));
  EXPECT_TRUE(core::estimate_target_sizes({}, {}).empty());
  EXPECT_EQ(core::estimate_target_sizes({}, {0}), (std::vector<std::uint64_t>{0}));
}

TEST(EstimateTest, AFileSystemThatClaimsMoreThanItsDiskCannotMakeItNegative) {
  EXPECT_EQ(core::estimate_target_sizes({usage("ext4", 50 * gigabyte, 50 * gigabyte)}, {gigabyte}),
            (std::vector<std::uint64_t>{0}));
}

}  // namespace
}  // namespace v2v::test
