// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Where virtio-win is found, and directories of it.
#include <v2v/windows/virtio_win.hpp>

#include "drivers_fixture.hpp"

#include <algorithm>

namespace v2v::windows {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class VirtioWinTest : public testing::Test {
 protected:
  VirtioWinTest() {
    forget_environment();
    std::filesystem::create_directory(target_);
  }
  ~VirtioWinTest() override { forget_environment(); }
  static void forget_environment() {
    ::unsetenv("VIRTIO_WIN");
    ::unsetenv("VIRTIO_WIN_DIR");
  }
  void put(const std::string &name, const std::string &content = "x") {
    test::write_file(tree_ / name, content);
  }
  void put_hole(const std::string &name, std::uint64_t size) {
    put(name);
    std::filesystem::resize_file(tree_ / name, size);
  }
  VirtioWin open() const { return VirtioWin(tree_); }
  Error refusal(const std::vector<std::string> &paths) const {
    return error_of([&] { open().extract(paths, target_); });
  }
  std::string extracted(const std::string &name) const { return test::read_file(target_ / name); }

  test::TemporaryDirectory directory_;
  const std::filesystem::path tree_ = directory_ / "tree", target_ = directory_ / "target";
};

TEST_F(VirtioWinTest, TheEnvironmentComesFirst) {
  const auto datadir = (directory_ / "share").string();
  test::write_file(datadir + "/virtio-win/package.txt", "");
  put("old.txt");
  test::write_file(directory_ / "new/new.txt", "");
  EXPECT_THAT(VirtioWin::find(datadir).paths(), ElementsAre("package.txt"));
  ::setenv("VIRTIO_WIN_DIR", tree_.c_str(), 1);
  EXPECT_THAT(VirtioWin::find(datadir).paths(), ElementsAre("old.txt"));
  ::setenv("VIRTIO_WIN", (directory_ / "new").c_str(), 1);
  EXPECT_THAT(VirtioWin::find(datadir).paths(), ElementsAre("new.txt"));
  ::setenv("VIRTIO_WIN", "", 1);
  EXPECT_THAT(VirtioWin::find(datadir).paths(), ElementsAre("old.txt"));
}

TEST_F(VirtioWinTest, ThePackagesIsoIsPreferredToItsDirectory) {
  const auto datadir = (directory_ / "share").string();
  std::filesystem::create_directories(datadir + "/virtio-win");
  std::filesystem::copy_file(VirtioWinSample::get().iso,
                             datadir + "/virtio-win/virtio-win-1.9.40.iso");
  std::filesystem::create_symlink("virtio-win-1.9.40.iso", datadir + "/virtio-win/virtio-win.iso");
  const auto virtio_win = VirtioWin::find(datadir);
  EXPECT_THAT(virtio_win.paths(), testing::Contains("viostor/w10/x86/viostor.sys"));
  EXPECT_EQ(virtio_win.place(), datadir + "/virtio-win/virtio-win.iso (virtio-win-1.9.40.iso)");
}

TEST_F(VirtioWinTest, WhereNothingIsIsNoError) {
  const auto virtio_win = VirtioWin::find(directory_ / "share");
  EXPECT_FALSE(virtio_win.found());
  EXPECT_THAT(virtio_win.files(), IsEmpty());
  EXPECT_EQ(virtio_win.place(), (directory_ / "share/virtio-win/virtio-win.iso").string() +
                                    " and " + (directory_ / "share/virtio-win").string());
  ::setenv("VIRTIO_WIN", "/nonexistent/virtio.iso", 1);
  EXPECT_FALSE(VirtioWin::find(directory_ / "share").found());
  EXPECT_EQ(VirtioWin::find(directory_ / "share").place(), "/nonexistent/virtio.iso");
  EXPECT_FALSE(VirtioWin("/dev/null").found());
}

TEST_F(VirtioWinTest, APlaceThatCannotBeLookedAtIsAnError) {
  const auto error = error_of([] { VirtioWin("/" + std::string(300, 'x')); });
  EXPECT_EQ(error.code(), Code::access);
  EXPECT_THAT(error.remedy(), HasSubstr("VIRTIO_WIN"));
}

TEST_F(VirtioWinTest, LinksAreFollowedButNotInCircles) {
  put("by-driver/viostor/w10/amd64/viostor.sys", "12345");
  std::filesystem::create_directory(tree_ / "by-os");
  std::filesystem::create_directory_symlink("../by-driver/viostor", tree_ / "by-os/viostor");
  std::filesystem::create_directory_symlink("..", tree_ / "by-os/circle");
  std::filesystem::create_symlink("nowhere", tree_ / "broken");
  std::filesystem::create_symlink("self", tree_ / "self");
  const auto virtio_win = open();
  EXPECT_THAT(virtio_win.paths(), ElementsAre("by-driver/viostor/w10/amd64/viostor.sys",
                                              "by-os/viostor/w10/amd64/viostor.sys"));
  EXPECT_EQ(virtio_win.files()[1].size, 5u);
}

TEST_F(VirtioWinTest, AnEndlessTreeIsRefused) {
  for (int i = 0; i < 400; ++i) put("files/" + std::to_string(i));
  for (int i = 0; i < 300; ++i)
    std::filesystem::create_directory_symlink("files", tree_ / ("link" + std::to_string(i)));
  const auto error = error_of([&] { open(); });
  EXPECT_EQ(error.code(), Code::unsupported);
  EXPECT_THAT(error.failure(), HasSubstr("more than 100000 files"));
}

TEST_F(VirtioWinTest, FilesComeOutUnderTheirNameInSmallLetters) {
  put("a/NetKVM.SYS", "first");
  put("b/netkvm.sys", "last");
  put("c/other.txt", "other");
  put("d/unwanted", "unwanted");
  open().extract({"c/other.txt", "a/NetKVM.SYS", "b/netkvm.sys"}, target_);
  EXPECT_EQ(extracted("netkvm.sys"), "last");
  EXPECT_EQ(extracted("other.txt"), "other");
  EXPECT_FALSE(std::filesystem::exists(target_ / "unwanted"));
  open().extract({"b/netkvm.sys", "a/NetKVM.SYS"}, target_);
  EXPECT_EQ(extracted("netkvm.sys"), "first");
}

TEST_F(VirtioWinTest, OnlyFilesOfTheListAreExtracted) {
  put("a");
  test::write_file(directory_ / "secret", "");
  EXPECT_EQ(refusal({"../secret"}).code(), Code::internal);
  EXPECT_EQ(refusal({"b"}).code(), Code::internal);
}

TEST_F(VirtioWinTest, NamesThatCouldDriveATerminalAreRefused) {
  put("a/evil\x1b[2Jname");
  const auto error = error_of([&] { open(); });
  EXPECT_EQ(error.code(), Code::corrupt);
  EXPECT_THAT(error.failure(), testing::Not(HasSubstr("\x1b")));
}

TEST_F(VirtioWinTest, NamesThatWindowsCannotHaveAreRefused) {
  for (const auto *name : {"viostor.sys:stream", "..\\..\\system32\\a.sys", "what?.sys", "dot.",
                           "blank ", "\xff.sys"}) {
    put(name);
    const auto error = refusal({name});
    EXPECT_EQ(error.code(), Code::corrupt) << name;
    EXPECT_THAT(error.failure(), HasSubstr("Windows cannot have")) << name;
  }
  EXPECT_THAT(std::distance(std::filesystem::directory_iterator(target_), {}), 0);
}

TEST_F(VirtioWinTest, LargeFilesAreRefused) {
  put_hole("a", VirtioWin::max_file + 1);
  EXPECT_THAT(refusal({"a"}).failure(), HasSubstr("larger than 128"));
  for (int i = 0; i < 5; ++i) put_hole(std::to_string(i), 110ULL << 20);
  EXPECT_THAT(refusal({"0", "1", "2", "3", "4"}).failure(), HasSubstr("512"));
  EXPECT_THAT(std::distance(std::filesystem::directory_iterator(target_), {}), 0);
}

}  // namespace
}  // namespace v2v::windows
