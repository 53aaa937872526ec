// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Copies that fail or are stopped: nothing keeps running, and the message says what to do.
#include "../collecting_reporter.hpp"
#include "../disk/disk_fixture.hpp"
#include "../disk/silent_server.hpp"
#include "copy_disks.hpp"

#include <core/copy/copy.hpp>

#include <sys/mount.h>
#include <sys/wait.h>

#include <cerrno>

namespace v2v::test {
namespace {

using core::CopyJob;
using ::testing::HasSubstr;

class CopyFailureTest : public DiskTest {
 protected:
  CopyJob job(unsigned disk) {
    CopyJob made;
    made.disk = disk;
    made.source = file(make_raw("source" + std::to_string(disk)));
    made.target = file(make_image("target" + std::to_string(disk), "raw", 8 * mebibyte));
    made.target_is_zero = true;
    return made;
  }
  CopyJob hanging_job(unsigned disk) {
    auto made = job(disk);
    made.target = Location{};
    made.target.type = Location::Type::uri;
    made.target.format = "raw";
    made.target.path = "nbd+unix:///?socket=" + path("socket");
    return made;
  }
  /// True if this process has no child, running or to be waited for.
  static bool no_child_is_left() {
    return ::waitpid(-1, nullptr, WNOHANG) == -1 && errno == ECHILD;
  }

  core::Cancellation never_;
  CollectingReporter reporter_;
};

TEST_F(CopyFailureTest, CancellationEndsEveryCopy) {
  core::Cancellation stop;
  const SilentServer server(path("socket"), [&] { stop.request(); });
  EXPECT_EQ(error_of([&] { copy_disks({hanging_job(0)}, 1, reporter_, stop); }).code(),
            Code::cancelled);
  EXPECT_TRUE(no_child_is_left());
}

TEST_F(CopyFailureTest, TheFirstFailureStopsTheOthersAndIsTheOneReported) {
  auto broken = job(1);
  std::filesystem::resize_file(broken.target.path, mebibyte);
  const SilentServer server(path("socket"), [] {});
  EXPECT_ERROR(error_of([&] {
                 copy_disks({hanging_job(0), broken, job(2)}, 2, reporter_, never_);
               }),
               Code::io, HasSubstr("cannot copy disk 2"), HasSubstr(broken.target.path));
  EXPECT_TRUE(no_child_is_left());
}

TEST_F(CopyFailureTest, AMissingTargetIsNamed) {
  auto missing = job(0);
  missing.target.path = path("none/target");
  EXPECT_ERROR(error_of([&] { copy_disks({missing}, 1, reporter_, never_); }), Code::not_found,
               HasSubstr("none/target"));
}

/// A small file system of its own, as root.
class FullDiskTest : public CopyFailureTest {
 protected:
  void SetUp() override {
    std::filesystem::create_directory(path("small"));
    if (::mount("tmpfs", path("small").c_str(), "tmpfs", 0, "size=2m") != 0)
      GTEST_SKIP() << "mounting a tmpfs is not allowed here";
    mounted_ = true;
  }
  void TearDown() override {
    if (mounted_) ::umount2(path("small").c_str(), MNT_DETACH);
  }
  CopyJob job_into_small(unsigned disk, const std::string &format, std::uint64_t data) {
    CopyJob made;
    made.disk = disk;
    made.source = file(make_raw("source" + std::to_string(disk), 16 * mebibyte, data));
    made.target =
        file(make_image("small/target" + std::to_string(disk), format, 16 * mebibyte), format);
    made.target_is_zero = true;
    return made;
  }
  bool mounted_ = false;
};

TEST_F(FullDiskTest, WhatCannotFitIsNotBegun) {
  const auto big = job_into_small(0, "raw", 5 * mebibyte);
  EXPECT_ERROR(error_of([&] { copy_disks({big}, 1, reporter_, never_); }), Code::no_space,
               HasSubstr(path("small")), HasSubstr("5.0 MiB have to be written"),
               HasSubstr("make room for 3.0 MiB more"));
  for (const auto &line : reporter_.lines())
    EXPECT_THAT(line, ::testing::Not(HasSubstr("Copying")));
}

TEST_F(FullDiskTest, NamesTheDirectoryThatTheUserKnows) {
  std::filesystem::create_directory(path("small/.v2v-0123"));
  auto big = job_into_small(0, "raw", 5 * mebibyte);
  std::filesystem::rename(big.target.path, path("small/.v2v-0123/target"));
  big.target.path = path("small/.v2v-0123/target");
  big.target_name = path("small/guest-sda");
  EXPECT_EQ(error_of([&] { copy_disks({big}, 1, reporter_, never_); }).object(), path("small"));
}

TEST_F(FullDiskTest, DisksOnOneFileSystemCountTogether) {
  const auto first = job_into_small(0, "raw", 1200 * 1024),
             second = job_into_small(1, "raw", 1200 * 1024);
  copy_disks({first}, 1, reporter_, never_);
  EXPECT_EQ(error_of([&] { copy_disks({second}, 1, reporter_, never_); }).code(), Code::no_space);
  // The first one is there already and needs no room again.
  copy_disks({first}, 1, reporter_, never_);
}

TEST_F(FullDiskTest, RunningOutOfSpaceOnTheWaySaysWhere) {
  auto compressed = job_into_small(0, "qcow2", 5 * mebibyte);
  compressed.compressed = true;  // so its size cannot be told before
  EXPECT_ERROR(error_of([&] { copy_disks({compressed}, 1, reporter_, never_); }), Code::no_space,
               HasSubstr(compressed.target.path), HasSubstr("no space is left"),
               HasSubstr("make room"));
  EXPECT_TRUE(no_child_is_left());
}

}  // namespace
}  // namespace v2v::test
