// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Copies that v2v makes by itself: what arrives is what qemu says the guest sees, whatever the
// source, the changes and the target are.
#include "../disk/layers_fixture.hpp"
#include "../disk/vmdk_builder.hpp"
#include "../disk/vmdk_reading.hpp"
#include "copy_disks.hpp"

#include <core/disk/image_size.hpp>

#include <sys/mount.h>

namespace v2v::test {
namespace {

using core::CopyJob;
using core::Overlay;
using ::testing::HasSubstr;

class CopyLayersTest : public LayersTest {};

TEST_F(CopyLayersTest, RandomChangesOverRandomDisks) {
  unsigned seed = 0;
  std::vector<CopyJob> jobs;
  for (const std::string source : {"streamOptimized", "raw", "monolithicSparse"})
    for (const std::string target : {"raw", "qcow2"})
      for (unsigned round = 0; round < 3; ++round, ++seed) {
        // Sizes that are no multiple of a grain, a cluster, a page.
        const auto raw =
            random_raw("disk" + std::to_string(seed), 6 * mebibyte + seed * 1536, seed);
        const auto overlay =
            Overlay::create(source_of(raw, source), path("overlay" + std::to_string(seed)), never_);
        change_randomly(overlay, 100 + seed);
        jobs.push_back(job(overlay, seed, target));
      }
  copy_disks(jobs, 3, reporter_, never_);
  for (const auto &one : jobs) {
    SCOPED_TRACE(one.disk);
    expect_copied(one);
  }
  for (const auto &line : reporter_.lines()) EXPECT_THAT(line, Not(HasSubstr("qemu-img convert")));
}

TEST_F(CopyLayersTest, ASourceOfManyTablesInAnyOrder) {
  VmdkBuilder builder;
  builder.grain = 16;
  builder.entries = 8;
  builder.capacity = 16 * 1000 + 3;
  std::vector<std::uint64_t> numbers;
  for (std::uint64_t i = 0; i <= 1000; i += 1 + i % 3) numbers.push_back(i);
  std::shuffle(numbers.begin(), numbers.end(), std::mt19937(1));
  for (const auto number : numbers) builder.grains.emplace_back(number, pattern(16 * 512, number));
  const auto image = builder.build();
  write_file(path("a.ova"), std::string(512, 'x') + image + std::string(512, 'x'));
  auto source = file(path("a.ova"), "vmdk");
  source.offset = 512;
  source.length = image.size();
  const auto overlay = Overlay::create(source, path("overlay"), never_);
  change_randomly(overlay, 5);
  const auto copy = job(overlay, 0);
  copy_disks({copy}, 1, reporter_, never_);
  expect_copied(copy);
}

TEST_F(CopyLayersTest, ARawFileThatEndsInsideASector) {
  // qemu sees a whole last sector, with zeroes.
  const auto raw = random_raw("disk", 3 * mebibyte + 100, 4);
  patch(raw, 3 * mebibyte, std::string(100, 'z'));
  const auto overlay = Overlay::create(file(raw), path("overlay"), never_);
  EXPECT_EQ(overlay.virtual_size(), 3 * mebibyte + 512);
  for (const std::string format : {"raw", "qcow2"}) {
    const auto copy = job(overlay, format == "raw" ? 0 : 1, format);
    copy_disks({copy}, 1, reporter_, never_);
    expect_copied(copy);
  }
}

TEST_F(CopyLayersTest, GrainsBeyond2TiB) {
  VmdkBuilder builder;
  builder.capacity = std::uint64_t(8) << 31;  // 8 TiB
  const std::uint64_t last = (std::uint64_t(8) << 24) - 1;
  for (const auto number : {std::uint64_t(2) << 24, std::uint64_t(5) << 24, last})
    builder.grains.emplace_back(number, pattern(65536, number));
  write_file(path("8t.vmdk"), builder.build());
  const auto overlay = Overlay::create(file(path("8t.vmdk"), "vmdk"), path("overlay"), never_);
  const auto copy = job(overlay, 0, "qcow2");
  copy_disks({copy}, 1, reporter_, never_);
  EXPECT_THAT(run({"qemu-img", "check", "-f", "qcow2", copy.target.path}),
              HasSubstr("No errors were found"));
  for (const auto &[number, data] : builder.grains) {
    auto part = copy.target;
    part.path = path("part");
    run({"qemu-img", "dd", "-f", "qcow2", "-O", "raw", "bs=65536", "if=" + copy.target.path,
         "of=" + part.path, "skip=" + std::to_string(number),
         "count=" + std::to_string(number + 1)});
    EXPECT_TRUE(read_file(part.path) == data) << number;
  }
}

TEST_F(CopyLayersTest, ProgressGrowsFromNothingToAllOfTheData) {
  const auto overlay =
      Overlay::create(source_of(make_raw("a", 8 * mebibyte), "streamOptimized"), path("o"), never_);
  run({"qemu-io", "-f", "qcow2", "-c", "write -P 5 4M 128k", "-c", "write -z -u 1M 256k",
       overlay.path().string()});
  class Recorder : public CollectingReporter {
   public:
    void progress(const core::Progress &progress) override {
      const std::lock_guard lock(mutex_);
      reports.push_back(progress);
    }
    std::vector<core::Progress> reports;

   private:
    std::mutex mutex_;
  } recorder;
  copy_disks({job(overlay, 0)}, 1, recorder, never_);
  ASSERT_GE(recorder.reports.size(), 2u);
  EXPECT_EQ(recorder.reports.front().done, 0u);
  std::uint64_t done = 0;
  for (const auto &report : recorder.reports) {
    // The source's MiB and its last grain, less what was zeroed, and what was written.
    EXPECT_EQ(report.total, mebibyte + 65536 - 256 * 1024 + 128 * 1024);
    EXPECT_GE(report.done, done);
    done = report.done;
  }
  EXPECT_EQ(done, recorder.reports.back().total);
}

TEST_F(CopyLayersTest, TheWayAndItsReasonAreSaid) {
  const auto stream =
      Overlay::create(source_of(make_raw("a"), "streamOptimized"), path("o"), never_);
  copy_disks({job(stream, 0)}, 1, reporter_, never_);
  EXPECT_THAT(way(), AllOf(HasSubstr("parallel copy"), HasSubstr("grains of 64 KiB"),
                           HasSubstr("raw file")));
}

TEST_F(CopyLayersTest, ZeroesBecomeHolesAndTrimmedBlocksAreNotCopied) {
  write_file(path("full"), std::string(8 * mebibyte, '\0'));
  patch(path("full"), mebibyte, pattern(2 * mebibyte, 1));
  const auto overlay = Overlay::create(file(path("full")), path("overlay"), never_);
  run({"qemu-io", "-f", "qcow2", "-c", "write -z -u 1M 1M", overlay.path().string()});
  const auto copy = job(overlay, 0);
  copy_disks({copy}, 1, reporter_, never_);
  expect_copied(copy);
  EXPECT_GE(core::allocated_size(copy.target), mebibyte);
  EXPECT_LT(core::allocated_size(copy.target), mebibyte + mebibyte / 4);
}

TEST_F(CopyLayersTest, ATargetThatIsNotZeroIsOverwritten) {
  const auto overlay = Overlay::create(
      source_of(random_raw("a", 4 * mebibyte, 1), "streamOptimized"), path("o"), never_);
  change_randomly(overlay, 1);
  for (const bool preallocated : {false, true}) {
    auto copy = job(overlay, 0);
    write_file(copy.target.path, std::string(4 * mebibyte, '\xee'));
    copy.target_is_zero = false;
    copy.preallocated = preallocated;
    copy_disks({copy}, 1, reporter_, never_);
    expect_copied(copy);
    if (preallocated) {
      EXPECT_GE(core::allocated_size(copy.target), 4 * mebibyte);
    } else {
      EXPECT_LT(core::allocated_size(copy.target), 4 * mebibyte);
    }
  }
}

TEST_F(CopyLayersTest, PreallocatedBlocksStay) {
  const auto overlay =
      Overlay::create(source_of(make_raw("a"), "streamOptimized"), path("o"), never_);
  auto copy = job(overlay, 0);
  copy.preallocated = true;
  run({"fallocate", "-l", std::to_string(8 * mebibyte), copy.target.path});
  copy_disks({copy}, 1, reporter_, never_);
  expect_copied(copy);
  EXPECT_GE(core::allocated_size(copy.target), 8 * mebibyte);
}

TEST_F(CopyLayersTest, ALargerTargetKeepsItsSizeAndItsEnd) {
  const auto overlay =
      Overlay::create(source_of(make_raw("a"), "streamOptimized"), path("o"), never_);
  auto copy = job(overlay, 0);
  std::filesystem::resize_file(copy.target.path, 9 * mebibyte);
  patch(copy.target.path, 8 * mebibyte, "end");
  copy.target_is_zero = false;
  copy_disks({copy}, 1, reporter_, never_);
  EXPECT_EQ(std::filesystem::file_size(copy.target.path), 9 * mebibyte);
  const auto content = read_file(copy.target.path);
  EXPECT_TRUE(content.substr(0, 8 * mebibyte) == read_file(path("a")));
  EXPECT_EQ(content.substr(8 * mebibyte, 3), "end");
}

TEST_F(CopyLayersTest, WhatItCannotDoIsQemus) {
  const auto overlay =
      Overlay::create(source_of(make_raw("a"), "streamOptimized"), path("o"), never_);
  auto compressed = job(overlay, 0, "qcow2");
  compressed.compressed = true;
  auto other = job(overlay, 1, "vmdk");
  auto qcow2 = file(convert(path("a"), "a.qcow2", "qcow2"), "qcow2");
  auto unknown = job(Overlay::create(qcow2, path("o2"), never_), 2);
  for (const auto &one : {compressed, other, unknown}) {
    CollectingReporter reporter;
    copy_disks({one}, 1, reporter, never_);
    EXPECT_THAT(reporter.lines(), ::testing::Contains(HasSubstr("qemu-img convert")));
    expect_copied(one);
  }
}

TEST_F(CopyLayersTest, ARawSourceIsSharedWhereTheFileSystemCan) {
  // btrfs can; a file system of its own, as root.
  write_file(path("fs.img"), "");
  std::filesystem::resize_file(path("fs.img"), 256 * mebibyte);
  std::filesystem::create_directory(path("btrfs"));
  core::Command make, mount;
  make.argv = {"mkfs.btrfs", "-q", path("fs.img")};
  mount.argv = {"mount", "-o", "loop", path("fs.img"), path("btrfs")};
  try {
    if (make.run().status != 0 || mount.run().status != 0) GTEST_SKIP() << "no btrfs here";
  } catch (const Error &error) {
    GTEST_SKIP() << error.what();
  }
  const auto raw = random_raw("btrfs/disk", 60 * mebibyte + 512, 9);
  const auto overlay = Overlay::create(file(raw), path("overlay"), never_);
  change_randomly(overlay, 9);
  const auto copy = job(overlay, 0);
  std::filesystem::remove(copy.target.path);
  auto shared = copy;
  shared.target = file(make_image("btrfs/target", "raw", overlay.virtual_size()));
  copy_disks({shared}, 1, reporter_, never_);
  expect_copied(shared);
  core::Command usage;
  usage.argv = {"btrfs", "filesystem", "du", "--raw", "-s", shared.target.path};
  // Total, exclusive, shared.
  std::istringstream numbers(usage.run().out.substr(usage.run().out.find('\n')));
  std::uint64_t total = 0, exclusive = 0;
  numbers >> total >> exclusive;
  EXPECT_LT(exclusive, total / 2);
  ::umount2(path("btrfs").c_str(), MNT_DETACH);
}

}  // namespace
}  // namespace v2v::test
