// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// qcow2 files that v2v writes by itself: qemu finds no fault with them, and reads what was copied.
#include "../disk/layers_fixture.hpp"
#include "copy_disks.hpp"

#include <core/disk/image_size.hpp>

namespace v2v::test {
namespace {

using core::CopyJob;
using core::Overlay;
using ::testing::HasSubstr;

class Qcow2TargetTest : public LayersTest {
 protected:
  CopyJob job_with(const Overlay &overlay, unsigned disk, const std::string &options) {
    auto made = job(overlay, disk);
    made.target = file(make_image("t" + std::to_string(disk) + ".qcow2", "qcow2",
                                  overlay.virtual_size(), {"-o", options}),
                       "qcow2");
    return made;
  }
  void expect_sound(const CopyJob &job) {
    const auto said = run({"qemu-img", "check", "-f", "qcow2", job.target.path});
    EXPECT_THAT(said, HasSubstr("No errors were found"));
    expect_copied(job);
  }
};

TEST_F(Qcow2TargetTest, EveryPlainKind) {
  unsigned seed = 0;
  for (const std::string options : {"compat=1.1", "compat=0.10", "cluster_size=4k",
                                    "cluster_size=2M", "lazy_refcounts=on", "cluster_size=512"}) {
    // Clusters of 512 bytes make tables that count no more than some MiB.
    const auto size = (options.find("512") == options.npos ? 24 : 3) * mebibyte;
    const auto raw = random_raw("disk" + options, size, seed);
    const auto overlay =
        Overlay::create(source_of(raw, "streamOptimized"), path("o" + options), never_);
    change_randomly(overlay, seed);
    const auto copy = job_with(overlay, seed++, options);
    CollectingReporter reporter;
    copy_disks({copy}, 1, reporter, never_);
    SCOPED_TRACE(options);
    EXPECT_THAT(reporter.lines(), ::testing::Contains(HasSubstr("parallel copy")));
    expect_sound(copy);
  }
}

TEST_F(Qcow2TargetTest, PiecesOfClustersMeetInOne) {
  // 4 KiB of data in every 12 KiB: many pieces to a cluster, from several threads.
  const auto size = 8 * mebibyte;
  write_file(path("disk"), "");
  std::filesystem::resize_file(path("disk"), size);
  for (std::uint64_t at = 0; at + 4096 < size; at += 12288)
    patch(path("disk"), at, std::string(4096, static_cast<char>('a' + at % 23)));
  const auto overlay = Overlay::create(file(path("disk")), path("overlay"), never_);
  const auto copy = job_with(overlay, 0, "cluster_size=256k");
  copy_disks({copy}, 1, reporter_, never_);
  EXPECT_THAT(way(), HasSubstr("parallel copy"));
  expect_sound(copy);
}

TEST_F(Qcow2TargetTest, TheImageIsNoLargerThanItsData) {
  const auto overlay = Overlay::create(file(make_raw("disk", 64 * mebibyte)), path("o"), never_);
  const auto copy = job_with(overlay, 0, "compat=1.1");
  copy_disks({copy}, 1, reporter_, never_);
  expect_sound(copy);
  EXPECT_LT(std::filesystem::file_size(copy.target.path),
            core::measured_size(overlay.contents(never_), never_) + 65536);
}

TEST_F(Qcow2TargetTest, QemuCanGoOnWriting) {
  const auto overlay = Overlay::create(file(make_raw("disk", 64 * mebibyte)), path("o"), never_);
  const auto copy = job_with(overlay, 0, "compat=1.1");
  copy_disks({copy}, 1, reporter_, never_);
  for (const auto &image : {copy.source.path, copy.target.path})
    run({"qemu-io", "-f", "qcow2", "-c", "write -P 8 900k 40M", image});
  expect_sound(copy);
}

TEST_F(Qcow2TargetTest, WhatIsNotPlainOrNotEmptyIsQemus) {
  const auto overlay = Overlay::create(file(make_raw("disk")), path("overlay"), never_);
  unsigned number = 0;
  const std::vector<std::string> kinds = {"preallocation=metadata", "extended_l2=on",
                                          "data_file=" + path("data"), "refcount_bits=1"};
  for (const auto &options : kinds) {
    auto copy = job_with(overlay, number++, options);
    copy.target.references = true;
    CollectingReporter reporter;
    copy_disks({copy}, 1, reporter, never_);
    EXPECT_THAT(reporter.lines(), ::testing::Contains(HasSubstr("qemu-img convert"))) << options;
    expect_copied(copy);
  }
  auto used = job_with(overlay, 8, "compat=1.1");
  run({"qemu-io", "-f", "qcow2", "-c", "write -P 8 7M 64k", used.target.path});
  used.target_is_zero = false;
  copy_disks({used}, 1, reporter_, never_);
  EXPECT_THAT(way(), HasSubstr("qemu-img convert"));
  expect_sound(used);
}

}  // namespace
}  // namespace v2v::test
