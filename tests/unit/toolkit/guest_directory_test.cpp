// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The directory tree that stands in for a guest in every other test of the toolkit.
#include <v2v/linux/directory_guest.hpp>

#include "../temporary_directory.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

using namespace v2v::linux;
using testing::ElementsAre;
using testing::IsEmpty;
namespace fs = std::filesystem;

namespace {

class DirectoryGuestTest : public testing::Test {
 protected:
  DirectoryGuestTest() {
    std::filesystem::create_directory(base_ / "root");
    std::ofstream(base_ / "secret") << "of the host";
    guest_.emplace((base_ / "root").string());
  }

  v2v::test::TemporaryDirectory temporary_;
  const fs::path base_ = temporary_.path();
  std::optional<DirectoryGuest> guest_;
};

TEST_F(DirectoryGuestTest, WriteMakesDirectoriesAndKeepsTheModeOfAnExistingFile) {
  guest_->write("/etc/x/y", "one", 0600);
  guest_->write("/etc/x/y", "two", 0644);
  EXPECT_EQ(guest_->read("/etc/x/y"), "two");
  EXPECT_EQ(guest_->stat("/etc/x/y")->mode, 0600u);
  EXPECT_EQ(guest_->stat("/etc/x/y")->size, 3u);
}

TEST_F(DirectoryGuestTest, LinksNeverLeaveTheTree) {
  guest_->symlink("../../../../secret", "/relative");
  guest_->symlink((base_ / "secret").string(), "/absolute");
  EXPECT_FALSE(guest_->stat("/relative"));
  EXPECT_FALSE(guest_->stat("/absolute"));
  EXPECT_FALSE(guest_->stat("/../secret"));
  guest_->write("/relative", "guest");
  EXPECT_EQ(guest_->read("/secret"), "guest");
  EXPECT_EQ(fs::file_size(base_ / "secret"), 11u);
}

TEST_F(DirectoryGuestTest, AbsoluteLinkIsResolvedInsideTheTree) {
  guest_->write("/usr/lib/modules/6.1/a.ko", "x");
  guest_->symlink("/usr/lib", "/lib");
  EXPECT_TRUE(guest_->is_file("/lib/modules/6.1/a.ko"));
  EXPECT_EQ(guest_->link_target("/lib"), "/usr/lib");
  EXPECT_FALSE(guest_->link_target("/usr/lib"));
  EXPECT_THAT(guest_->find("/lib/modules"),
              ElementsAre("/lib/modules/6.1", "/lib/modules/6.1/a.ko"));
  EXPECT_THAT(guest_->find("/lib/"), testing::Contains("/lib/modules/6.1/a.ko"));
}

TEST_F(DirectoryGuestTest, FindDoesNotFollowLinks) {
  guest_->write("/a/file", "x");
  guest_->symlink("..", "/a/up");
  EXPECT_THAT(guest_->find("/a"), ElementsAre("/a/file", "/a/up"));
}

TEST_F(DirectoryGuestTest, WhatIsNotThere) {
  EXPECT_THAT(guest_->list("/none"), IsEmpty());
  EXPECT_THAT(guest_->find("/none"), IsEmpty());
  EXPECT_FALSE(guest_->read_if_file("/none"));
  EXPECT_THROW(guest_->read("/none"), v2v::Error);
  EXPECT_NO_THROW(guest_->remove("/none"));
}

TEST_F(DirectoryGuestTest, LoopIsAnErrorThatNamesThePath) {
  guest_->symlink("b", "/a");
  guest_->symlink("a", "/b");
  EXPECT_FALSE(guest_->stat("/a"));
  try {
    guest_->write("/a", "x");
    FAIL();
  } catch (const v2v::Error &error) {
    EXPECT_EQ(error.object(), "/a");
  }
}

TEST_F(DirectoryGuestTest, ListIsSortedAndAppendRenameCopyWork) {
  guest_->append("/b", "1");
  guest_->append("/b", "2");
  guest_->copy("/b", "/c");
  guest_->rename("/b", "/a");
  EXPECT_THAT(guest_->list("/"), ElementsAre("a", "c"));
  EXPECT_EQ(guest_->read("/c"), "12");
  EXPECT_EQ(guest_->read("/a"), "12");
}

TEST_F(DirectoryGuestTest, HardLinksAreOneFile) {
  guest_->write("/a", "x");
  fs::create_hard_link(base_ / "root/a", base_ / "root/b");
  EXPECT_EQ(guest_->stat("/a")->inode, guest_->stat("/b")->inode);
}

TEST_F(DirectoryGuestTest, CommandsAreRecordedAndAnswered) {
  EXPECT_EQ(guest_->run({"true"}).status, 0);
  guest_->on_run([](const std::vector<std::string> &argv) {
    return CommandResult{argv.at(0) == "false" ? 1 : 0, "out"};
  });
  EXPECT_EQ(guest_->run({"false", "x"}).status, 1);
  EXPECT_THAT(guest_->commands(), ElementsAre(ElementsAre("true"), ElementsAre("false", "x")));
}

}  // namespace
