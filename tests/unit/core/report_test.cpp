// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What the report on a guest knows by itself.
#include <core/guest/report.hpp>

#include <gmock/gmock.h>

using namespace v2v::core;

namespace {

/// The start of a superblock with this sb_versionnum.
std::string superblock(unsigned version) {
  std::string bytes(102, '\0');
  bytes.replace(0, 4, "XFSB");
  bytes[100] = static_cast<char>(version >> 8);
  bytes[101] = static_cast<char>(version & 0xff);
  return bytes;
}

TEST(XfsVersion, IsInTheLowBitsOfTheSuperblocksNumber) {
  // What mkfs.xfs writes with and without -m crc=1.
  EXPECT_EQ(xfs_version(superblock(0xb4a5)), "5");
  EXPECT_EQ(xfs_version(superblock(0xb4a4)), "4");
  EXPECT_EQ(xfs_version(superblock(0xb4a3)), "");
  EXPECT_EQ(xfs_version(superblock(0xb4a5).substr(0, 101)), "");
  auto other = superblock(0xb4a5);
  other[0] = 'x';
  EXPECT_EQ(xfs_version(other), "");
  EXPECT_EQ(xfs_version(""), "");
}

}  // namespace
