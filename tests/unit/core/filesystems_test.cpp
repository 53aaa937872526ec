// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/guest/filesystems.hpp>

#include <gtest/gtest.h>

namespace v2v::core {
namespace {

TEST(Filesystems, OfRhel7AreNotCheckedAfterwardsWhereTheyAreXfs) {
  Inspection guest;
  guest.type = "linux";
  guest.package_format = "rpm";
  guest.package_management = "yum";
  guest.major_version = 7;
  guest.filesystems = {{"/dev/sda1", "ext4"}, {"/dev/sda2", "xfs"}};
  ASSERT_EQ(checked_afterwards(guest).size(), 1u);
  EXPECT_EQ(checked_afterwards(guest)[0].type, "ext4");
  guest.package_management = "dnf";
  guest.major_version = 8;
  EXPECT_EQ(checked_afterwards(guest).size(), 2u);
}

TEST(Filesystems, NeedRoomForTheConversion) {
  constexpr std::uint64_t mb = 1024 * 1024;
  const auto usage = [](const char *path, std::uint64_t free) {
    FilesystemUsage one;
    one.mountpoint = path;
    one.type = "ext4";
    one.free = free;
    return one;
  };
  EXPECT_NO_THROW(check_free_space({usage("/", 60 * mb)}, false));
  EXPECT_THROW(check_free_space({usage("/", 40 * mb)}, false), Error);
  EXPECT_THROW(check_free_space({usage("/", 60 * mb)}, true), Error);
  EXPECT_THROW(check_free_space({usage("/", 200 * mb), usage("/boot", 40 * mb)}, false), Error);
  EXPECT_NO_THROW(check_free_space({usage("/", 200 * mb), usage("/home", 11 * mb)}, false));
}

TEST(Filesystems, AReadOnlyRootSaysHowToEndThat) {
  FilesystemUsage root;
  root.mountpoint = "/";
  root.type = "ntfs";
  root.free = 1 << 30;
  root.read_only = true;
  const auto remedy = [&](bool windows) -> std::string {
    try {
      check_free_space({root}, windows);
    } catch (const Error &error) {
      return error.object() + ": " + error.remedy();
    }
    return "no error";
  };
  EXPECT_EQ(remedy(true).rfind("drive C: start the source, run \"powercfg /h off\"", 0), 0u);
  EXPECT_EQ(remedy(false).rfind("/: its file system is unclean", 0), 0u);
}

}  // namespace
}  // namespace v2v::core
