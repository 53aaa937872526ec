// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The operations on files against a real appliance, above all on what a hostile guest may have left in
// their way: the appliance's own files must stay out of reach.
#include "../refusal.hpp"
#include "appliance_fixture.hpp"

#include <v2v/customise/file_operations.hpp>

namespace v2v::linux {
namespace {

using customise::FileOperations;
using customise::Names;
using testing::IsEmpty;

class FileOperationsTest : public ApplianceTest {
 protected:
  void apply(const std::string &kind, const std::vector<std::string> &arguments,
             Names names = Names::exact) {
    FileOperations(handle_, names, {}).apply({kind, arguments});
    guest_.forget();
  }
  Code refusal_of(const std::string &kind, const std::vector<std::string> &arguments) {
    return test::error_of([&] { apply(kind, arguments); }).code();
  }
  std::string on_host(const std::string &name, const std::string &content) const {
    test::write_file(temporary_->path() / name, content);
    return (temporary_->path() / name).string();
  }
  void SetUp() override { guest_.make_directory("/work"); }
  void TearDown() override { apply("delete", {"/work"}); }
};

TEST_F(FileOperationsTest, LinesFindTheirPlace) {
  apply("append-line", {"/work/new", "one"});
  apply("append-line", {"/work/new", "two"});
  EXPECT_EQ(guest_.read("/work/new"), "one\ntwo\n");
  apply("write", {"/work/dos", "a\r\nb"});
  apply("append-line", {"/work/dos", "c"});
  EXPECT_EQ(guest_.read("/work/dos"), "a\r\nb\r\nc\r\n");
  apply("write", {"/work/large", std::string(10000, 'x') + "\ny"});
  apply("append-line", {"/work/large", "z"});
  EXPECT_EQ(guest_.read("/work/large").substr(10000), "\ny\nz\n");
}

TEST_F(FileOperationsTest, EditedFilesKeepTheirMode) {
  guest_.write("/work/f", "a\nb\n", 0600);
  apply("edit", {"/work/f", "s/b/c/"});
  EXPECT_EQ(guest_.read("/work/f"), "a\nc\n");
  EXPECT_EQ(guest_.stat("/work/f")->mode, 0600u);
  EXPECT_EQ(refusal_of("edit", {"/work", "s/a/b/"}), Code::not_found);
}

TEST_F(FileOperationsTest, LinksLeadIntoTheGuestAndNotIntoTheAppliance) {
  // The appliance has an /etc/ld.so.cache and an /init; the guest has neither.
  guest_.symlink("/etc", "/work/evil");
  guest_.write("/work/a", "a");
  apply("copy", {"/work/a", "/work/evil/copied"});
  EXPECT_EQ(guest_.read("/etc/copied"), "a");
  apply("move", {"/work/evil/copied", "/work/evil/moved"});
  EXPECT_EQ(guest_.read("/etc/moved"), "a");
  apply("link", {"moved", "/work/evil/linked"});
  EXPECT_EQ(guest_.link_target("/etc/linked"), "moved");
  apply("upload", {on_host("file", "up"), "/work/evil"});
  EXPECT_EQ(guest_.read("/etc/file"), "up");
  apply("scrub", {"/work/evil/file"});
  EXPECT_FALSE(guest_.stat("/etc/file"));
  apply("delete", {"/work/evil/li*"});
  EXPECT_FALSE(guest_.link_target("/etc/linked"));
  apply("mkdir", {"/work/evil/made/deep"});
  EXPECT_TRUE(guest_.is_directory("/etc/made/deep"));
  apply("delete", {"/work/evil/made"});
  apply("delete", {"/work/evil/moved"});
  EXPECT_FALSE(guest_.stat("/etc/made"));
  EXPECT_FALSE(guest_.stat("/etc/moved"));
  // The name itself, not what it leads to.
  apply("delete", {"/work/evil"});
  EXPECT_FALSE(guest_.link_target("/work/evil"));
  EXPECT_TRUE(guest_.is_file("/etc/fstab"));
}

TEST_F(FileOperationsTest, TreesFromTheHost) {
  const auto tree = temporary_->path() / "tree";
  std::filesystem::create_directories(tree / "deep");
  test::write_file(tree / "deep/file", "x");
  apply("copy-in", {tree.string(), "/work"});
  EXPECT_EQ(guest_.read("/work/tree/deep/file"), "x");
  const auto archive = (temporary_->path() / "tree.tar").string();
  lines_of("tar -C " + tree.string() + " -cf " + archive + " deep");
  guest_.symlink("/work", "/work/self");
  apply("tar-in", {archive, "/work/self"});
  EXPECT_EQ(guest_.read("/work/deep/file"), "x");
  apply("truncate-recursive", {"/work"});
  EXPECT_EQ(guest_.read("/work/tree/deep/file"), "");
  for (const char *kind : {"copy-in", "tar-in"})
    EXPECT_EQ(refusal_of(kind, {archive, "/work/none"}), Code::not_found) << kind;
}

TEST_F(FileOperationsTest, UploadsKeepTheirPermissionsAndOwners) {
  const auto file = on_host("script", "#!/bin/sh\n");
  std::filesystem::permissions(file, std::filesystem::perms(0750));
  apply("upload", {file, "/work/name"});
  EXPECT_EQ(guest_.stat("/work/name")->mode, 0750u);
  apply("chmod", {"/work/name", "04711"});
  EXPECT_EQ(guest_.stat("/work/name")->mode, 04711u);
  apply("chown", {"/work/name", "7", "8"});
  auto *st = guestfs_statns(handle_, "/work/name");
  EXPECT_EQ(st->st_uid, 7);
  EXPECT_EQ(st->st_gid, 8);
  guestfs_free_statns(st);
}

TEST_F(FileOperationsTest, WhatIsNoFileIsNeverOpened) {
  // To open a FIFO would be to wait for ever.
  for (const char *kind : {"write", "append-line"})
    EXPECT_EQ(refusal_of(kind, {"/etc/fifo", "x"}), Code::exists) << kind;
  EXPECT_EQ(refusal_of("touch", {"/etc/fifo"}), Code::exists);
  EXPECT_EQ(refusal_of("truncate", {"/etc/fifo"}), Code::not_found);
  EXPECT_EQ(refusal_of("upload", {on_host("file", "x"), "/etc/fifo"}), Code::exists);
  EXPECT_EQ(refusal_of("truncate", {"/work/none"}), Code::not_found);
  EXPECT_EQ(refusal_of("delete", {"/work/.."}), Code::usage);
}

TEST_F(FileOperationsTest, DeletingWhatIsNotThereIsNoError) {
  apply("delete", {"/work/none"});
  apply("delete", {"/work/none/*.log"});
  guest_.write("/work/a.log", "");
  guest_.write("/work/b.txt", "");
  apply("delete", {"/work/*.log"});
  EXPECT_THAT(guest_.list("/work"), testing::ElementsAre("b.txt"));
  apply("delete", {"/work/b.txt"});
  EXPECT_THAT(guest_.list("/work"), IsEmpty());
}

TEST_F(FileOperationsTest, WindowsNamesAreFoundInAnyCase) {
  guest_.write("/work/Program Files/Guest/File.TXT", "a\r\n");
  apply("append-line", {"/WORK/program files/GUEST/file.txt", "b"}, Names::any_case);
  EXPECT_EQ(guest_.read("/work/Program Files/Guest/File.TXT"), "a\r\nb\r\n");
  apply("mkdir", {"/WORK/PROGRAM FILES/New/Deep"}, Names::any_case);
  EXPECT_TRUE(guest_.is_directory("/work/Program Files/New/Deep"));
  apply("write", {"/work/program files/new/x", "c"}, Names::any_case);
  EXPECT_EQ(guest_.read("/work/Program Files/New/x"), "c");
  apply("delete", {"/work/PROGRAM FILES/guest"}, Names::any_case);
  EXPECT_THAT(guest_.list("/work/Program Files"), testing::ElementsAre("New"));
}

}  // namespace
}  // namespace v2v::linux
