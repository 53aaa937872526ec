// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/guest/root_choice.hpp>

#include <v2v/error.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace v2v::core {
namespace {

using ::testing::HasSubstr;

const std::vector<RootChoice> one = {{"/dev/sda1", "Debian 12"}};
const std::vector<RootChoice> two = {{"/dev/sda1", "Debian 12"}, {"/dev/vg/root", "Fedora 40"}};

TEST(RootChoice, TakesTheOnlyRootWithoutAsking) {
  for (const auto *wish : {"ask", "single", "first"})
    EXPECT_EQ(choose_root(one, wish, {}), "/dev/sda1");
}

TEST(RootChoice, AsksOnlyIfSomebodyIsThere) {
  EXPECT_EQ(choose_root(two, "ask", [](const auto &roots) { return roots[1].device; }),
            "/dev/vg/root");
  try {
    choose_root(two, "ask", {});
    FAIL() << "read an answer from nobody";
  } catch (const Error &error) {
    EXPECT_THAT(error.what(), HasSubstr("/dev/sda1 (Debian 12), /dev/vg/root (Fedora 40)"));
    EXPECT_THAT(error.remedy(), HasSubstr("--root"));
  }
}

TEST(RootChoice, KeepsToTheWish) {
  EXPECT_EQ(choose_root(two, "first", {}), "/dev/sda1");
  EXPECT_EQ(choose_root(two, "/dev/vg/root", {}), "/dev/vg/root");
  EXPECT_THROW(choose_root(two, "single", {}), Error);
  EXPECT_THROW(choose_root(two, "/dev/sdb1", {}), Error);
  EXPECT_THROW(choose_root(one, "/dev/sdb1", {}), Error);
}

}  // namespace
}  // namespace v2v::core
