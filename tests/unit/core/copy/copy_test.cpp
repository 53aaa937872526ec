// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Copies that succeed: the content, the holes, the formats, the progress.
#include "../collecting_reporter.hpp"
#include "../disk/disk_fixture.hpp"
#include "copy_disks.hpp"

#include <core/copy/copy.hpp>
#include <core/disk/image_size.hpp>
#include <core/disk/overlay.hpp>

#include <map>

namespace v2v::test {
namespace {

using core::CopyJob;
using ::testing::Contains;
using ::testing::HasSubstr;

/// Remembers every progress report of every disk.
class ProgressRecorder : public CollectingReporter {
 public:
  void progress(const core::Progress &progress) override {
    const std::lock_guard lock(mutex_);
    reports[progress.disk].push_back(progress);
    order.push_back(progress.disk);
  }
  std::map<unsigned, std::vector<core::Progress>> reports;
  std::vector<unsigned> order;

 private:
  std::mutex mutex_;
};

class CopyTest : public DiskTest {
 protected:
  /// An overlay with a change over a raw source, and an empty target.
  CopyJob make_job(unsigned disk, const std::string &format = "raw",
                   std::uint64_t size = 8 * mebibyte) {
    const auto number = std::to_string(disk);
    const auto source = make_raw("source" + number, size, mebibyte + disk * 4096);
    const auto overlay = core::Overlay::create(file(source), path("overlay" + number), never_);
    run({"qemu-io", "-f", "qcow2", "-c", "write -P 5 4M 128k", "-c", "write -z -u 1M 256k",
         overlay.path().string()});
    CopyJob job;
    job.disk = disk;
    job.source = overlay.location();
    job.target = file(make_image("target" + number, format, size), format);
    job.target_is_zero = true;
    return job;
  }
  void expect_copied(const CopyJob &job) {
    EXPECT_TRUE(same_content(job.source.path, "qcow2", job.target.path, job.target.format));
  }
  core::Cancellation never_;
  ProgressRecorder reporter_;
};

TEST_F(CopyTest, RawStaysSparse) {
  const auto job = make_job(0);
  copy_disks({job}, 1, reporter_, never_);
  expect_copied(job);
  EXPECT_EQ(std::filesystem::file_size(job.target.path), 8 * mebibyte);
  EXPECT_LT(core::allocated_size(job.target), 2 * mebibyte);
}

TEST_F(CopyTest, Qcow2PlainAndCompressed) {
  const auto plain = make_job(0, "qcow2");
  copy_disks({plain}, 1, reporter_, never_);
  expect_copied(plain);

  auto compressed = make_job(1, "qcow2");
  compressed.compressed = true;
  run({"qemu-io", "-f", "qcow2", "-c", "write -P 9 1M 2M", compressed.source.path});
  copy_disks({compressed}, 1, reporter_, never_);
  expect_copied(compressed);
  EXPECT_LT(core::allocated_size(compressed.target), mebibyte);
}

TEST_F(CopyTest, ATargetThatIsNotZeroIsOverwritten) {
  auto job = make_job(0);
  job.target_is_zero = false;
  write_file(job.target.path, std::string(8 * mebibyte, '\xee'));
  copy_disks({job}, 1, reporter_, never_);
  expect_copied(job);
}

TEST_F(CopyTest, PreallocatedBlocksStayAllocated) {
  auto zero = make_job(0);
  zero.preallocated = true;
  run({"fallocate", "-l", std::to_string(8 * mebibyte), zero.target.path});
  copy_disks({zero}, 1, reporter_, never_);
  expect_copied(zero);
  EXPECT_GE(core::allocated_size(zero.target), 8 * mebibyte);

  auto unknown = make_job(1);
  unknown.preallocated = true;
  unknown.target_is_zero = false;
  copy_disks({unknown}, 1, reporter_, never_);
  expect_copied(unknown);
  EXPECT_GE(core::allocated_size(unknown.target), 8 * mebibyte);
}

TEST_F(CopyTest, ATargetMayBeLargerThanTheSource) {
  auto job = make_job(0);
  std::filesystem::resize_file(job.target.path, 9 * mebibyte);
  copy_disks({job}, 1, reporter_, never_);
  EXPECT_EQ(std::filesystem::file_size(job.target.path), 9 * mebibyte);
  expect_copied(job);
}

TEST_F(CopyTest, SeveralDisksAtOnce) {
  std::vector<CopyJob> jobs;
  for (unsigned i = 0; i < 5; ++i) jobs.push_back(make_job(i, i % 2 ? "qcow2" : "raw"));
  copy_disks(jobs, 3, reporter_, never_);
  for (const auto &job : jobs) expect_copied(job);
  for (unsigned i = 1; i <= 5; ++i)
    EXPECT_THAT(reporter_.lines(), Contains("step: Copying disk " + std::to_string(i) + "/5"));
}

TEST_F(CopyTest, ProgressIsBytesOfDataAndEveryDiskIsReportedFirst) {
  const std::vector<CopyJob> jobs = {make_job(0), make_job(1)};
  copy_disks(jobs, 2, reporter_, never_);
  ASSERT_GE(reporter_.order.size(), 4u);
  EXPECT_EQ(reporter_.order[0], 1u);
  EXPECT_EQ(reporter_.order[1], 2u);
  for (const auto &[disk, reports] : reporter_.reports) {
    // A MiB of data, less what was zeroed, and what was written; and 4 KiB at the end.
    EXPECT_EQ(reports.front().total, mebibyte - 256 * 1024 + 128 * 1024 + 4096 * disk);
    EXPECT_EQ(reports.front().done, 0u);
    EXPECT_EQ(reports.back().done, reports.back().total);
    EXPECT_EQ(reports.back().phase, "copy");
    EXPECT_EQ(reports.back().disks, 2u);
    for (std::size_t i = 1; i < reports.size(); ++i)
      EXPECT_GE(reports[i].done, reports[i - 1].done);
  }
}

TEST_F(CopyTest, TheWayAndItsReasonAreSaid) {
  copy_disks({make_job(0)}, 1, reporter_, never_);
  EXPECT_THAT(reporter_.lines(),
              Contains(::testing::AllOf(HasSubstr("debug: disk 1:"), HasSubstr("of 8.0 MiB"),
                                        HasSubstr("qemu-img convert"))));
}

TEST_F(CopyTest, ABlankDiskAndNoDiskAreCopiedToo) {
  copy_disks({}, 4, reporter_, never_);
  CopyJob job;
  write_file(path("blank"), "");
  std::filesystem::resize_file(path("blank"), mebibyte);
  job.source = file(path("blank"));
  job.target = file(make_image("target", "qcow2", mebibyte), "qcow2");
  job.target_is_zero = true;
  copy_disks({job}, 1, reporter_, never_);
  EXPECT_EQ(reporter_.reports[1].back().total, 0u);
}

}  // namespace
}  // namespace v2v::test
