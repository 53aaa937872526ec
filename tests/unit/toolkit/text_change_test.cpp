// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/linux/text_change.hpp>

#include <gtest/gtest.h>

namespace v2v::linux {
namespace {

TEST(DescribeChange, WordsThatBecameOthersEachOnce) {
  EXPECT_EQ(describe_change("linux /v root=/dev/sda1 ro\nlinux /w root=/dev/sda1 ro single\n",
                            "linux /v root=/dev/vda1 ro\nlinux /w root=/dev/vda1 ro single\n"),
            "root=/dev/sda1 → root=/dev/vda1");
  EXPECT_EQ(describe_change("/dev/sda1 / ext4\nUUID=x /b ext4\n/dev/sda2 none swap\n",
                            "/dev/vda1 / ext4\nUUID=x /b ext4\n/dev/vda2 none swap\n"),
            "/dev/sda1 → /dev/vda1; /dev/sda2 → /dev/vda2");
  EXPECT_EQ(describe_change("LINUX=\"quiet resume=/dev/sda2\"", "LINUX=\"quiet resume=/dev/vda2\""),
            "resume=/dev/sda2 → resume=/dev/vda2");
}

TEST(DescribeChange, LinesThatCameOrWent) {
  EXPECT_EQ(describe_change("a\nb\nc\n", "a\nc\n"), "b removed");
  EXPECT_EQ(describe_change("a\nc\n", "a\nb\n\nc\nd\n"), "b added; d added");
  EXPECT_EQ(describe_change("", "a\n"), "a added");
  EXPECT_EQ(describe_change("a b\n", "a b c\n"), "a b → a b c");
  EXPECT_EQ(describe_change("a\n\nb\n", "a\nx\nb\n"), "x added");
  EXPECT_EQ(describe_change("a\n", "a\n"), "");
}

TEST(DescribeChange, StaysShort) {
  EXPECT_EQ(describe_change("a b c d e f", "A B C D E F"),
            "a → A; b → B; c → C; d → D; and 2 more");
  const auto long_line =
      describe_change("", std::string(119, 'x') + "Ä" + std::string(50, 'y') + "\n");
  EXPECT_EQ(long_line, std::string(119, 'x') + "… added");
}

TEST(DescribeChange, OfAHugeFileIsMadeInAMoment) {
  std::string before = "first\n", after;
  for (int i = 0; i < 300000; ++i) {
    before += std::to_string(i) + "\n";
    after += std::to_string(i + 300000) + "\n";
  }
  EXPECT_EQ(describe_change(before, after),
            "first removed; 0 removed; 1 removed; 2 removed; and 599997 more");
}

}  // namespace
}  // namespace v2v::linux
