// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Copies by v2v itself that fail or are stopped.
#include "../disk/layers_fixture.hpp"
#include "copy_disks.hpp"

#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>

namespace v2v::test {
namespace {

using core::Overlay;
using ::testing::HasSubstr;

/// Does something at the moment when a copy begins.
class ActingReporter : public CollectingReporter {
 public:
  explicit ActingReporter(std::function<void()> act) : act_(std::move(act)) {}
  void step(const std::string &text) override {
    CollectingReporter::step(text);
    if (text.find("Copying") != text.npos) act_();
  }

 private:
  std::function<void()> act_;
};

class CopyLayersFailureTest : public LayersTest {
 protected:
  Overlay overlay(std::uint64_t size = 16 * mebibyte, std::uint64_t data = 4 * mebibyte) {
    return Overlay::create(source_of(make_raw("disk", size, data), "streamOptimized"),
                           path("overlay"), never_);
  }
  static bool no_child_is_left() {
    return ::waitpid(-1, nullptr, WNOHANG) == -1 && errno == ECHILD;
  }
};

TEST_F(CopyLayersFailureTest, CancellationEndsIt) {
  const auto over = overlay();
  for (const std::string format : {"raw", "qcow2"}) {
    core::Cancellation stop;
    ActingReporter reporter([&] { stop.request(); });
    EXPECT_EQ(error_of([&] { copy_disks({job(over, 0, format)}, 1, reporter, stop); }).code(),
              Code::cancelled);
    EXPECT_TRUE(no_child_is_left());
  }
}

TEST_F(CopyLayersFailureTest, ADamagedSourceIsNamedWithTheByte) {
  const auto over = overlay();
  // In the middle of the second grain; all that holds noise take more than 60 KiB.
  patch(path("disk.vmdk"), 65536 * 3, std::string(4096, '\xff'));
  for (const std::string format : {"raw", "qcow2"})
    EXPECT_ERROR(error_of([&] { copy_disks({job(over, 0, format)}, 1, reporter_, never_); }),
                 Code::corrupt, HasSubstr("disk.vmdk"), HasSubstr("does not inflate"),
                 HasSubstr("(byte "));
  EXPECT_TRUE(no_child_is_left());
}

TEST_F(CopyLayersFailureTest, ADamagedSourceStopsTheOtherDisks) {
  const auto broken = overlay();
  patch(path("disk.vmdk"), 65536 * 3, std::string(4096, '\xff'));
  const auto whole = source_of(make_raw("whole", 16 * mebibyte, 8 * mebibyte), "streamOptimized");
  std::vector<core::CopyJob> jobs = {job(broken, 0)};
  for (unsigned disk = 1; disk < 5; ++disk)
    jobs.push_back(
        job(Overlay::create(whole, path("overlay" + std::to_string(disk)), never_), disk));
  for (const unsigned parallel : {3u, 1u}) {
    CollectingReporter reporter;
    EXPECT_ERROR(error_of([&] { copy_disks(jobs, parallel, reporter, never_); }), Code::corrupt,
                 HasSubstr("disk.vmdk"), HasSubstr("(byte "));
    unsigned begun = 0;
    for (const auto &line : reporter.lines()) begun += line.find("step: Copying") != line.npos;
    if (parallel == 1) {
      EXPECT_EQ(begun, 1u);
    }
  }
}

TEST_F(CopyLayersFailureTest, ASourceThatIsCutOffMeanwhileIsAnError) {
  for (const std::string format : {"raw", "streamOptimized"}) {
    const auto source = source_of(make_raw("disk-" + format, 16 * mebibyte, 4 * mebibyte), format);
    const auto over = Overlay::create(source, path("overlay-" + format), never_);
    ActingReporter reporter([&] { std::filesystem::resize_file(source.path, 2 * mebibyte); });
    const auto copy = job(over, 0);
    EXPECT_ERROR(error_of([&] { copy_disks({copy}, 1, reporter, never_); }), Code::io,
                 HasSubstr(source.path), HasSubstr("became shorter"));
  }
}

TEST_F(CopyLayersFailureTest, ATargetThatIsTooSmallOrNotThere) {
  const auto over = overlay();
  auto small = job(over, 0);
  std::filesystem::resize_file(small.target.path, mebibyte);
  EXPECT_ERROR(error_of([&] { copy_disks({small}, 1, reporter_, never_); }), Code::io,
               HasSubstr("cannot copy disk 1"), HasSubstr("has 1048576 bytes"),
               HasSubstr(small.target.path));
  EXPECT_EQ(std::filesystem::file_size(small.target.path), mebibyte);

  auto image = job(over, 1);
  image.target = file(make_image("small.qcow2", "qcow2", mebibyte), "qcow2");
  EXPECT_ERROR(error_of([&] { copy_disks({image}, 1, reporter_, never_); }), Code::io,
               HasSubstr("has 1048576 bytes"), HasSubstr("small.qcow2"));

  auto missing = job(over, 2);
  missing.target.path = path("none/target");
  for (const std::string format : {"raw", "qcow2"}) {
    missing.target.format = format;
    EXPECT_ERROR(error_of([&] { copy_disks({missing}, 1, reporter_, never_); }), Code::not_found,
                 HasSubstr("none/target"));
  }
  EXPECT_TRUE(no_child_is_left());
}

TEST_F(CopyLayersFailureTest, AFileSystemThatTakesNoFileOfThisSizeIsNotCalledFull) {
  const auto over = overlay();
  auto ours = job(over, 0), by_qemu = ours;
  by_qemu.base.reset();
  const auto handler = ::signal(SIGXFSZ, SIG_IGN);
  rlimit before = {};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit small = {2 * mebibyte, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  for (const auto &copy : {ours, by_qemu})
    EXPECT_ERROR(error_of([&] { copy_disks({copy}, 1, reporter_, never_); }), Code::io,
                 HasSubstr(copy.target.path), HasSubstr("choose a file system for large files"));
  ::setrlimit(RLIMIT_FSIZE, &before);
  ::signal(SIGXFSZ, handler);
}

TEST_F(CopyLayersFailureTest, RunningOutOfSpaceOnTheWaySaysWhere) {
  std::filesystem::create_directory(path("small"));
  if (::mount("tmpfs", path("small").c_str(), "tmpfs", 0, "size=6m") != 0)
    GTEST_SKIP() << "mounting a tmpfs is not allowed here";
  const auto over = overlay();
  for (const std::string format : {"raw", "qcow2"}) {
    auto copy = job(over, 0);
    copy.target = file(make_image("small/target", format, 16 * mebibyte), format);
    // Somebody else takes the room after it was looked at.
    ActingReporter reporter([&] { write_file(path("small/x"), std::string(4 * mebibyte, 'x')); });
    EXPECT_ERROR(error_of([&] { copy_disks({copy}, 1, reporter, never_); }), Code::no_space,
                 HasSubstr("disk 1 does not fit"), HasSubstr("make room"),
                 HasSubstr(path("small")));
    std::filesystem::remove(path("small/x"));
    std::filesystem::remove(copy.target.path);
  }
  EXPECT_TRUE(no_child_is_left());
  ::umount2(path("small").c_str(), MNT_DETACH);
}

}  // namespace
}  // namespace v2v::test
