// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What may already be under the name of a disk. Block devices are loop devices, so those tests need
// root and are skipped without.
#include <gmock/gmock.h>
#include <unistd.h>

#include <v2v/local_disks/local_disks.hpp>

#include "output_fixture.hpp"

namespace v2v::test {
namespace {

using local_disks::look_at_target;
using testing::HasSubstr;

const TargetDisk one_mib{0, "raw", 1 << 20, 0};

class Targets : public testing::Test {
 protected:
  std::string disk() const { return scratch_ / "g-sda"; }
  std::optional<Error> error(const TargetDisk &wanted = one_mib) {
    return error_of([&] { look_at_target(disk(), wanted, true); });
  }
  TemporaryDirectory scratch_;
};

TEST_F(Targets, NothingIsThere) {
  EXPECT_FALSE(look_at_target(disk(), one_mib, false));
}

TEST_F(Targets, ALinkToNothing) {
  std::filesystem::create_symlink(scratch_ / "gone", disk());
  EXPECT_EQ(error()->code(), Code::not_found);
}

TEST_F(Targets, ALinkToAFileIsNotWrittenThroughEvenWithOverwrite) {
  write_file(scratch_ / "precious", "x");
  std::filesystem::create_symlink(scratch_ / "precious", disk());
  EXPECT_EQ(error()->code(), Code::exists);
}

TEST_F(Targets, ADirectory) {
  std::filesystem::create_directory(disk());
  EXPECT_EQ(error()->code(), Code::exists);
}

TEST_F(Targets, ACharacterDevice) {
  std::filesystem::create_symlink("/dev/null", disk());
  EXPECT_EQ(error()->code(), Code::unsupported);
}

TEST_F(Targets, ALinkThatSomebodyElseLaid) {
  std::filesystem::create_symlink("/dev/null", disk());
  if (lchown(disk().c_str(), 65534, 65534) != 0) GTEST_SKIP() << "not root";
  EXPECT_EQ(error()->code(), Code::access);
}

class BlockTargets : public Targets {
 protected:
  void SetUp() override {
    write_file(scratch_ / "image", "");
    std::filesystem::resize_file(scratch_ / "image", 2 << 20);
    const auto ran = shell("losetup --find --show '" + (scratch_ / "image").string() + "'");
    if (ran.status != 0) GTEST_SKIP() << "no loop devices: " << ran.output;
    device_ = ran.output.substr(0, ran.output.find('\n'));
    std::filesystem::create_symlink(device_, disk());
  }
  void TearDown() override {
    if (!device_.empty()) shell("losetup -d " + device_);
  }
  std::string device_;
};

TEST_F(BlockTargets, IsUsedAsItIs) {
  const auto found = look_at_target(disk(), one_mib, false);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->device, device_);
  EXPECT_EQ(found->size, 2u << 20);
}

TEST_F(BlockTargets, TooSmallOrNotRaw) {
  auto wanted = one_mib;
  wanted.virtual_size = 3 << 20;
  EXPECT_EQ(error(wanted)->code(), Code::no_space);
  EXPECT_THAT(error(wanted)->failure(), HasSubstr("has 2.0 MiB, the disk 3.0 MiB"));
  wanted = one_mib;
  wanted.format = "qcow2";
  EXPECT_EQ(error(wanted)->code(), Code::unsupported);
}

TEST_F(BlockTargets, InUse) {
  const std::string mountpoint = scratch_ / "mnt";
  std::filesystem::create_directory(mountpoint);
  const auto ran =
      shell("mkfs.ext4 -q " + device_ + " && mount " + device_ + " '" + mountpoint + "'");
  if (ran.status != 0) GTEST_SKIP() << ran.output;
  const auto busy = error();
  shell("umount '" + mountpoint + "'");
  ASSERT_TRUE(busy);
  EXPECT_THAT(busy->failure(), HasSubstr("is in use"));
}

TEST_F(BlockTargets, IsWrittenInPlaceAndNeverRemoved) {
  std::vector<std::string> records;
  local_disks::LocalRequest request;
  request.directory = scratch_.path();
  local_disks::LocalDisks local(
      request, {[&](const std::string &record) { records.push_back(record); }, {}, {}}, {".xml"});
  const std::vector<TargetDisk> plan = {one_mib, {1, "raw", 1 << 20, 0}};
  local.precheck("g", plan);
  const auto targets = local.prepare("g", plan);
  EXPECT_EQ(targets[0].location->path, device_);
  EXPECT_FALSE(targets[0].reads_as_zero);
  EXPECT_TRUE(targets[1].reads_as_zero);
  EXPECT_EQ(local.sources()[0].kind, machine::DiskSource::Kind::block);
  EXPECT_EQ(local.sources()[0].path, disk());
  local.add_file(".xml", "x", 0644);
  local.commit();
  local_disks::LocalDisks::abort(records);
  EXPECT_TRUE(std::filesystem::is_symlink(disk()));
  EXPECT_FALSE(std::filesystem::exists(scratch_ / "g-sdb"));
}

}  // namespace
}  // namespace v2v::test
