// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/text/human_size.hpp>

#include <gtest/gtest.h>

namespace v2v::text {
namespace {

TEST(HumanSizeTest, IsShort) {
  EXPECT_EQ(human_size(0), "0 bytes");
  EXPECT_EQ(human_size(1023), "1023 bytes");
  EXPECT_EQ(human_size(1536), "1.5 KiB");
  EXPECT_EQ(human_size(std::uint64_t(3) << 40), "3.0 TiB");
  EXPECT_EQ(human_size(~std::uint64_t(0)), "16.0 EiB");
}

}  // namespace
}  // namespace v2v::text
