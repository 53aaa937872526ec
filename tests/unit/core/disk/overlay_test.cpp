// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "disk_fixture.hpp"

#include <core/disk/extents.hpp>
#include <core/disk/overlay.hpp>
#include <core/disk/qemu_location.hpp>

#include <sys/stat.h>

#include <thread>

namespace v2v::test {
namespace {

using core::Extent;
using core::Overlay;
using ::testing::HasSubstr;

class OverlayTest : public DiskTest {
 protected:
  void qemu_io(const std::string &image, const std::string &command) const {
    run({"qemu-io", "-f", "qcow2", "-c", command, image});
  }
  core::Cancellation never_;
};

TEST_F(OverlayTest, ShowsTheSourceAndTakesChangesWithoutTouchingIt) {
  const auto source = make_raw("disk, with:odd name.raw");
  const auto before = read_file(source);
  struct stat old = {}, now = {};
  ASSERT_EQ(::stat(source.c_str(), &old), 0);

  const auto overlay = Overlay::create(file(source), path("overlay0"), never_);
  EXPECT_EQ(overlay.virtual_size(), 8 * mebibyte);
  EXPECT_TRUE(same_content(overlay.path().string(), "qcow2", source, "raw"));
  qemu_io(overlay.path().string(), "write -P 7 1M 1M");
  EXPECT_FALSE(same_content(overlay.path().string(), "qcow2", source, "raw"));

  ASSERT_EQ(::stat(source.c_str(), &now), 0);
  EXPECT_EQ(read_file(source), before);
  EXPECT_EQ(old.st_mtim.tv_sec, now.st_mtim.tv_sec);
  EXPECT_EQ(old.st_mtim.tv_nsec, now.st_mtim.tv_nsec);
}

TEST_F(OverlayTest, NamesTheFormatOfItsBackingFile) {
  const auto source = convert(make_raw("disk.raw"), "disk.vmdk", "vmdk");
  const auto overlay = Overlay::create(file(source, "vmdk"), path("overlay0"), never_);
  const auto info = run({"qemu-img", "info", "-f", "qcow2", overlay.path().string()});
  EXPECT_THAT(info, HasSubstr("backing file format: vmdk"));
  EXPECT_THAT(info, HasSubstr(R"(backing file: json:{"backing":null,"driver":"vmdk")"));
  EXPECT_THAT(info, HasSubstr("compat: 1.1"));
  EXPECT_TRUE(same_content(overlay.path().string(), "qcow2", path("disk.raw"), "raw"));
}

TEST_F(OverlayTest, AVeryLongPathGoesThroughALink) {
  auto directory = directory_.path();
  for (int i = 0; i < 6; ++i) directory /= std::string(200, 'd');
  std::filesystem::create_directories(directory);
  const auto source = (directory / "disk.raw").string();
  std::filesystem::copy_file(make_raw("disk.raw"), source);
  const auto overlay = Overlay::create(file(source), path("overlay0"), never_);
  EXPECT_TRUE(same_content(overlay.path().string(), "qcow2", path("disk.raw"), "raw"));
}

TEST_F(OverlayTest, AnOddSizeIsRoundedUpToASector) {
  write_file(path("odd.raw"), std::string(1000, 'x'));
  const auto overlay = Overlay::create(file(path("odd.raw")), path("overlay0"), never_);
  EXPECT_EQ(overlay.virtual_size(), 1024u);
}

TEST_F(OverlayTest, ASourceThatARunningMachineUsesIsRefused) {
  const auto source = make_raw("disk.raw");
  // A writer as a running machine is one.
  core::Cancellation stop;
  std::thread writer([&] {
    core::Command command;
    command.argv = {"qemu-io", "-f", "raw", "-c", "write 0 512", "-c", "sleep 60000", source};
    command.check_cancelled = [&stop] { stop.check(); };
    try {
      command.run();
    } catch (const Error &) {
    }
  });
  // Ready as soon as the lock is seen; a loop, not a fixed wait.
  Error error(Code::internal, "the lock was never seen");
  for (int i = 0; i < 200; ++i) {
    try {
      core::virtual_size(file(source), never_);
    } catch (const Error &thrown) {
      error = thrown;
      break;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  stop.request();
  writer.join();
  EXPECT_EQ(error.code(), Code::access) << error.what();
  EXPECT_THAT(error.what(), HasSubstr("running virtual machine"));
  EXPECT_THAT(error.remedy(), HasSubstr("shut the virtual machine down"));
}

TEST_F(OverlayTest, ExtentsTellDataFromHolesAndTheOverlayFromItsSource) {
  const auto source = make_raw("disk.raw", 8 * mebibyte, mebibyte);
  const auto overlay = Overlay::create(file(source), path("overlay0"), never_);
  const auto image = overlay.path().string();
  qemu_io(image, "write -P 7 4M 64k");    // new data
  qemu_io(image, "write -z -u 1M 512k");  // trimmed
  const auto extents = core::map_extents(overlay.location(), never_);
  const std::vector<Extent> expected = {
      {0, mebibyte, true, 1},
      {mebibyte, mebibyte / 2, true, 0},
      {mebibyte * 3 / 2, mebibyte / 2, false, 1},
      {2 * mebibyte, 2 * mebibyte, true, 1},
      {4 * mebibyte, 65536, false, 0},
      {4 * mebibyte + 65536, 4 * mebibyte - 65536 - 4096, true, 1},
      {8 * mebibyte - 4096, 4096, false, 1}};
  EXPECT_EQ(extents, expected);
  EXPECT_EQ(core::data_bytes(extents), mebibyte / 2 + 65536 + 4096);
}

TEST_F(OverlayTest, TheMeasuredSizeIsThatOfTheDataAndSomeMetadata) {
  const auto overlay = Overlay::create(file(make_raw("disk.raw")), path("overlay0"), never_);
  const auto size = core::measured_size(overlay.contents(never_), never_);
  EXPECT_GT(size, mebibyte);
  EXPECT_LT(size, 2 * mebibyte);
}

// As qemu-img measure counts, whatever the extents' borders are.
TEST_F(OverlayTest, TheMeasuredSizeIsQemusForAnySource) {
  const auto source = convert(make_raw("disk.raw"), "disk.qcow2", "qcow2");
  const auto overlay = Overlay::create(file(source, "qcow2"), path("overlay0"), never_);
  const auto image = overlay.path().string();
  for (const char *change : {"write -P 7 5M 512", "write -P 7 5122K 512", "write -P 7 5247488 200k",
                             "write -z -u 1M 100k", "write -P 7 7M 64k"})
    qemu_io(image, change);
  const auto contents = overlay.contents(never_);
  EXPECT_EQ(contents.size, 8 * mebibyte);
  EXPECT_FALSE(contents.layers);
  EXPECT_EQ(contents.data, core::data_bytes(core::map_extents(overlay.location(), never_)));
  EXPECT_EQ(core::measured_size(contents, never_), measured_by_qemu(image));
}

TEST_F(OverlayTest, AllocatedSizeIsWhatTheFileTakes) {
  const auto source = make_raw("disk.raw");
  EXPECT_GE(core::allocated_size(file(source)), mebibyte);
  EXPECT_LT(core::allocated_size(file(source)), 4 * mebibyte);
  EXPECT_EQ(core::allocated_size(file(path("none"))), 0u);
}

}  // namespace
}  // namespace v2v::test
