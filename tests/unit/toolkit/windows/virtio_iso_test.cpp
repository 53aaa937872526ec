// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// ISO images of virtio-win, good ones and hostile ones. The hostile ones are good ones in which bytes
// were replaced by as many others.
#include <v2v/windows/driver_choice.hpp>
#include <v2v/windows/virtio_win.hpp>

#include "drivers_fixture.hpp"

#include <algorithm>

namespace v2v::windows {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class VirtioIsoTest : public testing::Test {
 protected:
  VirtioIsoTest() { std::filesystem::create_directories(target_); }

  void put(const std::string &name, const std::string &content = "x") {
    test::write_file(tree_ / name, content);
  }
  void make_iso(const std::string &options = "-J -R") {
    run_shell("genisoimage -quiet " + options + " -o " + iso_ + " " + tree_.string() +
              " 2>/dev/null");
  }
  /// Replaces each `from` in the image.
  void patch(const std::string &from, const std::string &to) {
    ASSERT_EQ(from.size(), to.size());
    auto bytes = test::read_file(iso_);
    int count = 0;
    for (auto at = bytes.find(from); at != std::string::npos; at = bytes.find(from, at + 1)) {
      bytes.replace(at, to.size(), to);
      ++count;
    }
    ASSERT_GT(count, 0) << from;
    test::write_file(iso_, bytes);
  }
  Error refusal(const std::vector<std::string> &paths = {}) const {
    return error_of([&] { VirtioWin(iso_).extract(paths, target_); });
  }
  std::string extracted(const std::string &name) const { return test::read_file(target_ / name); }

  test::TemporaryDirectory directory_;
  const std::filesystem::path tree_ = directory_ / "tree", target_ = directory_ / "target";
  const std::string iso_ = directory_ / "v.iso";
};

TEST_F(VirtioIsoTest, AnIsoGivesWhatItsTreeGives) {
  const VirtioWin tree(VirtioWinSample::get().tree), iso(VirtioWinSample::get().iso);
  ASSERT_GT(tree.files().size(), 800u);
  ASSERT_EQ(tree.paths(), iso.paths());
  for (std::size_t i = 0; i < tree.files().size(); ++i)
    EXPECT_EQ(tree.files()[i].size, iso.files()[i].size) << tree.files()[i].path;
  // Those of Windows 11 are hard links.
  for (const auto *osinfo : {"win10", "win11", "win2k25"}) {
    const auto from_tree = directory_ / "1" / osinfo, from_iso = directory_ / "2" / osinfo;
    std::filesystem::create_directories(from_tree);
    std::filesystem::create_directories(from_iso);
    tree.extract(choose_drivers(tree.paths(), osinfo, "x86_64"), from_tree);
    iso.extract(choose_drivers(iso.paths(), osinfo, "x86_64"), from_iso);
    EXPECT_GT(std::distance(std::filesystem::directory_iterator(from_iso), {}), 40);
  }
  run_shell("diff -r " + (directory_ / "1").string() + " " + (directory_ / "2").string());
}

TEST_F(VirtioIsoTest, AHardLinkAndItsTargetComeOutTogether) {
  put("a/one.sys", "the content");
  std::filesystem::create_directory(tree_ / "b");
  std::filesystem::create_hard_link(tree_ / "a/one.sys", tree_ / "b/two.sys");
  make_iso();
  const VirtioWin iso(iso_);
  EXPECT_EQ(iso.files().at(1).size, 11u);
  iso.extract({"b/two.sys"}, target_);
  EXPECT_EQ(extracted("two.sys"), "the content");
  EXPECT_FALSE(std::filesystem::exists(target_ / "one.sys"));
  iso.extract({"a/one.sys", "b/two.sys"}, target_);
  EXPECT_EQ(extracted("one.sys"), "the content");
}

TEST_F(VirtioIsoTest, JolietOrRockRidgeAloneIsEnough) {
  put("NetKVM/2k12R2/amd64/netkvm with a long name.sys", "content");
  put("empty.txt", "");
  for (const auto *options : {"-J", "-R", "-J -R"}) {
    make_iso(options);
    const VirtioWin iso(iso_);
    EXPECT_THAT(iso.paths(),
                ElementsAre("NetKVM/2k12R2/amd64/netkvm with a long name.sys", "empty.txt"))
        << options;
    iso.extract(iso.paths(), target_);
    EXPECT_EQ(extracted("netkvm with a long name.sys"), "content");
    EXPECT_EQ(extracted("empty.txt"), "");
  }
}

TEST_F(VirtioIsoTest, WhatIsNoIsoIsRefused) {
  for (const auto &content : {std::string(), std::string("text"), std::string(1 << 20, '\0'),
                              std::string("MZ") + std::string(100'000, 'x')}) {
    test::write_file(iso_, content);
    const auto error = refusal();
    EXPECT_EQ(error.code(), Code::unsupported);
    EXPECT_EQ(error.object(), iso_);
    EXPECT_THAT(error.failure(), HasSubstr("neither a directory nor an ISO image"));
    EXPECT_THAT(error.remedy(), HasSubstr("VIRTIO_WIN"));
  }
}

TEST_F(VirtioIsoTest, NamesThatLeadOutAreRefused) {
  put("w10/amd64/zzz0123.sys");
  for (const auto *name : {"../0123.sys", "/../123.sys", "zz/../3.sys"}) {
    make_iso();
    patch("zzz0123.sys", name);
    const auto error = refusal();
    EXPECT_EQ(error.code(), Code::corrupt) << name;
    EXPECT_THAT(error.failure(), HasSubstr("dangerous name")) << name;
  }
}

TEST_F(VirtioIsoTest, AbsoluteNamesAreRefused) {
  put("zetc/passwd");
  make_iso();
  patch("zetc", "/etc");
  EXPECT_THAT(refusal().failure(), HasSubstr("dangerous name /etc/passwd"));
}

TEST_F(VirtioIsoTest, NamesThatCouldDriveATerminalAreRefused) {
  put("zz[2Jdriver.sys");
  make_iso();
  patch("zz[2J", "z\x1b[2J");
  const auto error = refusal();
  EXPECT_THAT(error.failure(), HasSubstr("dangerous name"));
  EXPECT_THAT(error.what(), Not(HasSubstr("\x1b")));
}

TEST_F(VirtioIsoTest, ASizeBeyondTheImageIsRefused) {
  put("a.sys", std::string(123457, 'a'));
  make_iso("-R");
  // In both byte orders, as in each directory record.
  patch(std::string("\x41\xe2\x01\x00\x00\x01\xe2\x41", 8),
        std::string("\x00\x00\x00\xf0\xf0\x00\x00\x00", 8));
  const auto error = refusal({"a.sys"});
  EXPECT_THAT(error.object(), iso_);
  EXPECT_FALSE(std::filesystem::exists(target_ / "a.sys"));
}

TEST_F(VirtioIsoTest, ManyNamesForTheSameBytesAreRefused) {
  put("0.sys", std::string(1000, 'x'));
  std::filesystem::resize_file(tree_ / "0.sys", 60ULL << 20);
  std::vector<std::string> paths = {"0.sys"};
  for (int i = 1; i < 10; ++i) {
    paths.push_back(std::to_string(i) + ".sys");
    std::filesystem::create_hard_link(tree_ / "0.sys", tree_ / paths.back());
  }
  make_iso();
  ASSERT_LT(std::filesystem::file_size(iso_), 70ULL << 20);
  const auto error = refusal(paths);
  EXPECT_EQ(error.code(), Code::unsupported);
  EXPECT_THAT(error.failure(), HasSubstr("512"));
  EXPECT_THAT(std::distance(std::filesystem::directory_iterator(target_), {}), 0);
}

TEST_F(VirtioIsoTest, ATruncatedImageIsRefused) {
  put("a.sys", std::string(500'000, 'a'));
  make_iso("-R");
  for (const auto size : {33'000u, 40'000u, 60'000u, 300'000u}) {
    make_iso("-R");
    std::filesystem::resize_file(iso_, size);
    const auto error = refusal({"a.sys"});
    EXPECT_TRUE(error.code() == Code::corrupt || error.code() == Code::unsupported) << size;
    EXPECT_THAT(error.remedy(), HasSubstr("VIRTIO_WIN")) << size;
  }
}

TEST_F(VirtioIsoTest, AnImageThatChangedAfterItWasListedIsRefused) {
  put("a.sys", "short");
  make_iso();
  const VirtioWin iso(iso_);
  put("a.sys", "longer than it was");
  make_iso();
  auto error = error_of([&] { iso.extract({"a.sys"}, target_); });
  EXPECT_EQ(error.code(), Code::corrupt);
  EXPECT_THAT(error.failure(), HasSubstr("longer"));
  std::filesystem::rename(tree_ / "a.sys", tree_ / "b.sys");
  make_iso();
  error = error_of([&] { iso.extract({"a.sys"}, target_); });
  EXPECT_THAT(error.failure(), HasSubstr("gone"));
}

}  // namespace
}  // namespace v2v::windows
