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
    EXPECT_EQ(choose_root(one, {wish, {}, {}}), "/dev/sda1");
}

TEST(RootChoice, AsksOnlyIfSomebodyIsThere) {
  EXPECT_EQ(choose_root(two, {"ask", [](const auto &roots) { return roots[1].device; }, {}}),
            "/dev/vg/root");
  try {
    choose_root(two, {"ask", {}, {}});
    FAIL() << "read an answer from nobody";
  } catch (const Error &error) {
    EXPECT_THAT(error.what(), HasSubstr("/dev/sda1 (Debian 12), /dev/vg/root (Fedora 40)"));
    EXPECT_THAT(error.remedy(), HasSubstr("--root"));
  }
}

TEST(RootChoice, KeepsToTheWish) {
  EXPECT_EQ(choose_root(two, {"first", {}, {}}), "/dev/sda1");
  EXPECT_EQ(choose_root(two, {"/dev/vg/root", {}, {}}), "/dev/vg/root");
  EXPECT_THROW(choose_root(two, {"single", {}, {}}), Error);
  EXPECT_THROW(choose_root(two, {"/dev/sdb1", {}, {}}), Error);
  EXPECT_THROW(choose_root(one, {"/dev/sdb1", {}, {}}), Error);
}

DiskStart disk(const std::string &device, const std::string &boot_code) {
  return {device, boot_code + std::string(512 - boot_code.size(), '\0')};
}

TEST(RootChoice, TakesTheOneThatTheDisksBoot) {
  const std::vector<RootChoice> both = {{"/dev/sda2", "Windows 10", false},
                                        {"/dev/sda5", "Debian 12"}};
  EXPECT_EQ(choose_root(both, {"", {}, {disk("/dev/sda", "\xeb\x63 GRUB ")}}), "/dev/sda5");
  EXPECT_EQ(choose_root(both, {"", {}, {disk("/dev/sda", "\x33\xc0")}}), "/dev/sda2");
  // UEFI: no code in the first sector.
  EXPECT_THROW(choose_root(both, {"", {}, {disk("/dev/sda", "")}}), Error);
}

TEST(RootChoice, TakesTheOneOnTheDiskThatBootsFirst) {
  const std::vector<RootChoice> roots = {{"/dev/sdb1", "Debian 12"},
                                         {"btrfsvol:/dev/sdc2/@", "Ubuntu 24.04"}};
  const auto grub = [](const char *device) { return disk(device, "\xeb\x63 GRUB "); };
  EXPECT_EQ(root_that_boots(roots, {disk("/dev/sda", ""), grub("/dev/sdb"), grub("/dev/sdc")}),
            "/dev/sdb1");
  EXPECT_EQ(root_that_boots(roots, {disk("/dev/sda", ""), disk("/dev/sdb", ""), grub("/dev/sdc")}),
            "btrfsvol:/dev/sdc2/@");
  EXPECT_EQ(root_that_boots(roots, {grub("/dev/sda"), grub("/dev/sdb")}), std::nullopt);
  EXPECT_EQ(choose_root(roots,
                        {"ask", [](const auto &all) { return all[0].device; }, {grub("/dev/sdc")}}),
            "/dev/sdb1");
}

}  // namespace
}  // namespace v2v::core
