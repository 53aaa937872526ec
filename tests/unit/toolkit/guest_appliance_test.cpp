// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// GuestfsGuest against a real appliance.
#include "appliance_fixture.hpp"

using namespace v2v::linux;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

namespace {

TEST_F(ApplianceTest, PreloadedDirectoryCostsTwoCallsInAll) {
  guest_.preload({"/etc"});
  EXPECT_EQ(guest_.calls(), 0u);
  EXPECT_EQ(guest_.read("/etc/fstab"), "table");
  EXPECT_EQ(guest_.calls(), 2u);
  EXPECT_TRUE(guest_.is_file("/etc/fstab"));
  EXPECT_TRUE(guest_.is_directory("/etc/default"));
  EXPECT_FALSE(guest_.is_file("/etc/none"));
  EXPECT_FALSE(guest_.read_if_file("/etc/none/x"));
  EXPECT_THAT(guest_.list("/etc"), Contains("fstab"));
  EXPECT_EQ(guest_.link_target("/etc/os-release"), "/usr/lib/os-release");
  EXPECT_EQ(guest_.calls(), 2u);
  EXPECT_EQ(guest_.read("/etc/os-release"), "ID=x\n");  // leads outside: a stat and a download
  EXPECT_EQ(guest_.calls(), 4u);
}

TEST_F(ApplianceTest, WriteKeepsOwnerAndModeAndUpdatesTheCopy) {
  guest_.preload({"/etc"});
  guest_.read("/etc/fstab");
  const auto before = guest_.calls();
  guest_.write("/etc/fstab", "changed");
  EXPECT_EQ(guest_.calls(), before + 1);
  EXPECT_EQ(guest_.read("/etc/fstab"), "changed");
  EXPECT_EQ(guest_.calls(), before + 1);
  EXPECT_EQ(guest_.stat("/etc/fstab")->mode, 0600u);
  auto *st = guestfs_statns(handle_, "/etc/fstab");
  EXPECT_EQ(st->st_uid, 7);
  EXPECT_EQ(st->st_gid, 8);
  guestfs_free_statns(st);
  guest_.write("/etc/fstab", "table");
}

TEST_F(ApplianceTest, NewFileHasItsModeAndDirectories) {
  guest_.preload({"/etc"});
  EXPECT_FALSE(guest_.is_file("/etc/new/deep/file"));
  guest_.write("/etc/new/deep/file", "x", 0755);
  EXPECT_EQ(guest_.read("/etc/new/deep/file"), "x");
  EXPECT_THAT(guest_.list("/etc/new"), ElementsAre("deep"));
  EXPECT_EQ(guest_.stat("/etc/new/deep/file")->mode, 0755u);
  guest_.append("/etc/new/deep/file", "y");
  EXPECT_EQ(guest_.read("/etc/new/deep/file"), "xy");
  guest_.rename("/etc/new/deep/file", "/etc/new/file");
  EXPECT_FALSE(guest_.is_file("/etc/new/deep/file"));
  EXPECT_EQ(GuestfsGuest(handle_).read("/etc/new/file"), "xy");
  guest_.remove("/etc/new/file");
  EXPECT_FALSE(guest_.is_file("/etc/new/file"));
  EXPECT_NO_THROW(guest_.remove("/etc/new/file"));
}

TEST_F(ApplianceTest, StatSeesThatTwoNamesAreOneFile) {
  guest_.preload({"/boot"});
  const auto kernel = guest_.stat("/boot/vmlinuz-6.1"), link = guest_.stat("/vmlinuz");
  ASSERT_TRUE(kernel && link);
  EXPECT_EQ(kernel->inode, link->inode);
  EXPECT_EQ(kernel->device, link->device);
}

TEST_F(ApplianceTest, FindFollowsTheLinkOnTheWay) {
  EXPECT_THAT(guest_.find("/lib/modules"),
              ElementsAre("/lib/modules/6.1", "/lib/modules/6.1/a.ko"));
  const auto calls = guest_.calls();
  EXPECT_THAT(guest_.list("/lib/modules"), ElementsAre("6.1"));
  EXPECT_TRUE(guest_.is_directory("/lib/modules/6.1"));
  EXPECT_FALSE(guest_.is_file("/lib/modules/6.1/none"));
  EXPECT_EQ(guest_.calls(), calls);
  EXPECT_THAT(guest_.find("/none"), IsEmpty());
}

TEST_F(ApplianceTest, FilesPickedFromASearchedTreeCostOneCall) {
  const std::vector<std::string> files{"/lib/modules/6.1/kernel/a/1.ko",
                                       "/lib/modules/6.1/kernel/b/c/2.ko"};
  for (const auto &file : files) guest_.write(file, file);
  guest_.write("/lib/modules/6.1/kernel/b/other*.ko", "x");
  guest_.find("/lib/modules");
  const auto calls = guest_.calls();
  guest_.preload_files(files);
  for (const auto &file : files) EXPECT_EQ(guest_.read(file), file);
  EXPECT_EQ(guest_.calls(), calls + 1);
  guestfs_rm_rf(handle_, "/usr/lib/modules/6.1/kernel");
}

TEST_F(ApplianceTest, AbsoluteLinkDoesNotLeadIntoTheAppliance) {
  guest_.preload({"/usr/evil"});
  EXPECT_EQ(guest_.read("/usr/evil/fstab"), "table");
  EXPECT_THAT(guest_.find("/usr/evil"), testing::Not(Contains("/usr/evil/init.d")));
  guest_.copy("/usr/evil/fstab", "/usr/evil/copied");
  EXPECT_EQ(GuestfsGuest(handle_).read("/etc/copied"), "table");
  guest_.remove("/etc/copied");
}

TEST_F(ApplianceTest, ManyQuestionsInOneDirectoryBecomeOneListing) {
  for (int i = 0; i < 20; ++i) guest_.is_file("/usr/bin/none" + std::to_string(i));
  EXPECT_LE(guest_.calls(), 4u);
  EXPECT_TRUE(guest_.is_file("/usr/bin/tail"));
}

TEST_F(ApplianceTest, WrittenFileIsReadAnewUnderItsOtherName) {
  guest_.symlink("lib/os-release", "/usr/os");
  EXPECT_EQ(guest_.read("/usr/os"), "ID=x\n");
  guest_.write("/usr/lib/os-release", "ID=longer\n");
  EXPECT_EQ(guest_.read("/usr/os"), "ID=longer\n");
  EXPECT_EQ(guest_.stat("/usr/os")->size, 10u);
  guest_.write("/usr/lib/os-release", "ID=x\n");
}

TEST_F(ApplianceTest, LargeContentIsUploadedAndRead) {
  std::string large(9u << 20, 'x');
  large[5'000'000] = '\0';
  guest_.write("/boot/large", large);
  EXPECT_EQ(GuestfsGuest(handle_).read("/boot/large"), large);
  const std::string more(3u << 20, 'y');
  guest_.append("/boot/large", more);
  guest_.append("/boot/large", "z");
  EXPECT_EQ(GuestfsGuest(handle_).read("/boot/large"), large + more + "z");
  guest_.remove("/boot/large");
}

TEST_F(ApplianceTest, CommandsGiveStatusAndOutput) {
  const auto failed =
      guest_.run({"sh", "-c", "echo \"it's $1\"; echo err >&2; exit 3", "sh", "a 'b"});
  EXPECT_EQ(failed.status, 3);
  EXPECT_EQ(failed.output, "it's a 'b\nerr\n");
  EXPECT_EQ(guest_.run({"no-such-program"}).status, 127);
  EXPECT_EQ(guest_.run({"true"}).status, 0);
  EXPECT_THAT(guest_.list("/tmp"), IsEmpty());
}

TEST_F(ApplianceTest, OutputIsBoundedAndNoProcessStaysBehind) {
  const auto result = guest_.run({"sh", "-c", "sleep 100 & seq 1 900000; exit 1"});
  EXPECT_EQ(result.status, 1);
  EXPECT_LE(result.output.size(), 262144u);
  EXPECT_THAT(result.output, HasSubstr("\n900000\n"));
  EXPECT_EQ(guestfs_umount(handle_, "/"), 0);
  EXPECT_EQ(guestfs_mount(handle_, "/dev/sda", "/"), 0);
}

TEST_F(ApplianceTest, RunForgetsAndPreloadsAgain) {
  guest_.preload({"/etc"});
  EXPECT_EQ(guest_.read("/etc/fstab"), "table");
  guest_.run({"sh", "-c", "echo changed >/etc/by-command"});
  EXPECT_EQ(guest_.read("/etc/by-command"), "changed\n");
  guest_.remove("/etc/by-command");
}

/// The attributes that protect a file from changes, and nothing else that lsattr shows.
std::string protection_of(guestfs_h *handle, const std::string &path) {
  char *all = guestfs_get_e2attrs(handle, path.c_str());
  std::string protection;
  for (const char *each = all; each && *each; ++each)
    if (*each == 'i' || *each == 'a') protection += *each;
  free(all);
  return protection;
}

void protect(guestfs_h *handle, const std::string &path, const char *attributes,
             bool clear = false) {
  ASSERT_EQ(guestfs_set_e2attrs(handle, path.c_str(), attributes, GUESTFS_SET_E2ATTRS_CLEAR,
                                clear ? 1 : 0, -1),
            0);
}

TEST_F(ApplianceTest, ImmutableFileIsWrittenAndStaysImmutable) {
  guest_.write("/etc/protected", "x");
  guestfs_ln_s(handle_, "protected", "/etc/by-link");
  for (const char *attributes : {"i", "a", "ai"}) {
    protect(handle_, "/etc/protected", attributes);
    guest_.write("/etc/protected", attributes);
    EXPECT_EQ(GuestfsGuest(handle_).read("/etc/protected"), attributes);
    guest_.append("/etc/by-link", "+");
    EXPECT_EQ(GuestfsGuest(handle_).read("/etc/protected"), std::string(attributes) + "+");
    EXPECT_EQ(protection_of(handle_, "/etc/protected").size(), std::string(attributes).size());
    protect(handle_, "/etc/protected", "ia", true);
  }
  const std::string large(5u << 20, 'x');  // is uploaded
  protect(handle_, "/etc/protected", "i");
  guest_.write("/etc/protected", large);
  EXPECT_EQ(GuestfsGuest(handle_).read("/etc/protected"), large);
  EXPECT_EQ(protection_of(handle_, "/etc/protected"), "i");

  guest_.rename("/etc/protected", "/etc/moved");
  EXPECT_EQ(protection_of(handle_, "/etc/moved"), "i");
  guest_.copy("/etc/fstab", "/etc/moved");
  EXPECT_EQ(GuestfsGuest(handle_).read("/etc/moved"), "table");
  EXPECT_EQ(protection_of(handle_, "/etc/moved"), "i");
  guest_.remove("/etc/moved");
  EXPECT_EQ(guestfs_exists(handle_, "/etc/moved"), 0);
  guest_.remove("/etc/by-link");
}

TEST_F(ApplianceTest, AnImmutableDirectoryTakesNewFilesAndStaysImmutable) {
  guestfs_mkdir_p(handle_, "/etc/closed");
  protect(handle_, "/etc/closed", "i");
  guest_.write("/etc/closed/deep/er/file", "x", 0600);
  guest_.symlink("file", "/etc/closed/link");
  guest_.copy("/etc/fstab", "/etc/closed/copy");
  guest_.remove("/etc/closed/copy");
  EXPECT_THAT(GuestfsGuest(handle_).list("/etc/closed"), ElementsAre("deep", "link"));
  EXPECT_EQ(GuestfsGuest(handle_).read("/etc/closed/deep/er/file"), "x");
  EXPECT_EQ(protection_of(handle_, "/etc/closed"), "i");
  protect(handle_, "/etc/closed", "i", true);
  guestfs_rm_rf(handle_, "/etc/closed");
}

TEST_F(ApplianceTest, AChangeThatFailsLeavesTheAttributes) {
  guest_.write("/etc/protected", "x");
  protect(handle_, "/etc/protected", "i");
  try {  // the target is a directory, which no file replaces
    guest_.rename("/etc/protected", "/etc/default");
    FAIL();
  } catch (const v2v::Error &error) {
    EXPECT_EQ(error.object(), "/etc/protected");
  }
  EXPECT_EQ(protection_of(handle_, "/etc/protected"), "i");
  guest_.remove("/etc/protected");
}

TEST_F(ApplianceTest, ReadOnlyFileSystemIsAnErrorThatSaysSo) {
  ASSERT_EQ(guestfs_remount(handle_, "/", GUESTFS_REMOUNT_RW, 0, -1), 0);
  try {
    guest_.write("/etc/fstab", "y");
    ADD_FAILURE();
  } catch (const v2v::Error &error) {
    EXPECT_EQ(error.code(), v2v::Code::access);
    EXPECT_EQ(error.object(), "/etc/fstab");
    EXPECT_THAT(error.remedy(), HasSubstr("read-only"));
  }
  ASSERT_EQ(guestfs_remount(handle_, "/", GUESTFS_REMOUNT_RW, 1, -1), 0);
}

TEST_F(ApplianceTest, ErrorsNameTheGuestsPath) {
  try {
    guest_.read("/etc/fifo");
    FAIL();
  } catch (const v2v::Error &error) {
    EXPECT_EQ(error.object(), "/etc/fifo");
  }
  try {
    guest_.write("/etc/default", "x");
    FAIL();
  } catch (const v2v::Error &error) {
    EXPECT_EQ(error.object(), "/etc/default");
  }
}

}  // namespace
