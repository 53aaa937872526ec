// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The example output in C, called as the host calls it: a whole life, and clean-up at every point.
#include "fake_host.hpp"

#include <core/plugin/load.hpp>
#include <v2v/exchange_target.hpp>

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <nlohmann/json.hpp>

namespace v2v::core {
namespace {

namespace fs = std::filesystem;

class Manifest : public testing::Test {
 protected:
  void SetUp() override {
    const fs::path file = plugins_ / "v2v-output-manifest.so";
    fs::copy_file(fs::path(V2V_TEST_PLUGINS) / file.filename(), file);
    fs::permissions(file, fs::perms(0755));
    table_ = load_plugin(file, memory_).output;
    request_.storage = storage_.path().string();
    request_.options.add("label", "ticket \"7\"");
    request_.options.add("label", "b\\c\n");
  }
  void TearDown() override { close(); }

  v2v_status open() {
    Lender lender;
    const auto *request = to_c(lender, request_);
    return table_->open(host_.get(), request, &instance_);
  }
  void close() {
    if (instance_) table_->close(instance_);
    instance_ = nullptr;
  }
  v2v_status precheck(const std::string &name) {
    Lender lender;
    const v2v_precheck_request request = {sizeof request, 0, metadata(lender, name)};
    return table_->precheck(instance_, &request);
  }
  std::vector<std::string> prepare(const std::string &name) {
    Lender lender;
    const v2v_target *const *targets = nullptr;
    const v2v_prepare_request request = {sizeof request, 0, metadata(lender, name)};
    status_ = table_->prepare(instance_, &request, &targets);
    std::vector<std::string> paths;
    detail::each(targets, [&](const v2v_target *target) {
      EXPECT_EQ(target->mode, V2V_TARGET_HOST_WRITES);
      EXPECT_EQ(target->reads_as_zero, V2V_YES);
      paths.emplace_back(target->location->path);
    });
    return paths;
  }
  v2v_status commit() {
    Lender lender;
    Metadata metadata;
    metadata.inspection.root = "/dev/sda1";
    metadata.name = "web \"1\"";
    metadata.generator = "v2v test";
    metadata.firmware = Firmware::uefi;
    metadata.source.memory = 1 << 30;
    metadata.source.vcpus = 3;
    metadata.source.nics = {{Nic::Type::bridge, "52:54:00:12:34:56", "br0", "", {}}};
    metadata.inspection.osinfo = "debian12";
    metadata.caps.arch = "x86_64";
    metadata.caps.block_bus = BlockBus::virtio_blk;
    metadata.caps.net_bus = NetBus::virtio;
    metadata.disks = disks_;
    const v2v_commit_request request = {sizeof request, 0, to_c(lender, metadata)};
    return table_->commit(instance_, &request);
  }
  v2v_status abort() {
    Lender lender;
    const v2v_abort_request request = {sizeof request, 0, lender.texts(host_.journal)};
    return table_->abort(host_.get(), &request);
  }
  const v2v_metadata *metadata(Lender &lender, const std::string &name) const {
    Metadata known;
    known.name = name;
    known.disks = disks_;
    return to_c(lender, known);
  }
  bool storage_is_empty() const { return fs::is_empty(storage_.path()); }

  test::TemporaryDirectory plugins_, storage_;
  test::Memory memory_;
  test::FakeHost host_;
  OutputRequest request_;
  std::vector<TargetDisk> disks_ = {{0, "raw", 1 << 20, 0}, {1, "raw", 4096, 0}};
  const v2v_output *table_ = nullptr;
  void *instance_ = nullptr;
  v2v_status status_ = V2V_OK;
};

TEST_F(Manifest, WholeLifeMakesDisksAndManifest) {
  ASSERT_EQ(open(), V2V_OK);
  const v2v_output_description *description = nullptr;
  const v2v_describe_request describe = {sizeof describe, 0};
  ASSERT_EQ(table_->describe(instance_, &describe, &description), V2V_OK);
  EXPECT_STREQ(description->formats[0], "raw");
  EXPECT_EQ(description->destination, "-o manifest -os " + storage_.path().string());
  ASSERT_EQ(precheck("web \"1\""), V2V_OK);
  EXPECT_TRUE(storage_is_empty());

  const auto paths = prepare("web \"1\"");
  ASSERT_EQ(status_, V2V_OK);
  ASSERT_EQ(paths.size(), 2u);
  EXPECT_EQ(fs::file_size(paths[0]), 1u << 20);
  std::fstream(paths[1], std::ios::in | std::ios::out) << "data";
  const fs::path final = storage_ / "web \"1\"";
  EXPECT_FALSE(fs::exists(final));

  ASSERT_EQ(commit(), V2V_OK);
  close();
  EXPECT_EQ(test::read_file(final / "disk1.raw").substr(0, 4), "data");
  const auto json = nlohmann::json::parse(test::read_file(final / "manifest.json"));
  EXPECT_EQ(json, nlohmann::json::parse(R"({
    "generator": "v2v test", "name": "web \"1\"", "os": "debian12", "arch": "x86_64",
    "machine": "q35", "firmware": "uefi", "disk_bus": "virtio-blk",
    "memory_bytes": 1073741824, "vcpus": 3,
    "disks": [{"file": "disk0.raw", "format": "raw", "bytes": 1048576},
              {"file": "disk1.raw", "format": "raw", "bytes": 4096}],
    "nics": [{"model": "virtio", "mac": "52:54:00:12:34:56", "bridge": "br0"}],
    "labels": ["ticket \"7\"", "b\\c\n"]})"));

  // A crash after commit: what is finished stays.
  EXPECT_EQ(abort(), V2V_OK);
  EXPECT_TRUE(fs::exists(final / "disk1.raw"));
}

TEST_F(Manifest, AbortLeavesNothingAndCanBeRepeated) {
  ASSERT_EQ(open(), V2V_OK);
  prepare("guest");
  ASSERT_EQ(status_, V2V_OK);
  EXPECT_FALSE(storage_is_empty());
  close();
  ASSERT_EQ(host_.journal.size(), 1u);
  EXPECT_EQ(abort(), V2V_OK);
  EXPECT_TRUE(storage_is_empty());
  EXPECT_EQ(abort(), V2V_OK);
}

TEST_F(Manifest, FailureInPrepareIsCleanedUpToo) {
  disks_.push_back({2, "raw", std::uint64_t{1} << 63, 0});
  ASSERT_EQ(open(), V2V_OK);
  prepare("guest");
  EXPECT_NE(status_, V2V_OK);
  ASSERT_TRUE(host_.error);
  EXPECT_THAT(host_.error->object(), testing::HasSubstr("disk2.raw"));
  close();
  EXPECT_EQ(abort(), V2V_OK);
  EXPECT_TRUE(storage_is_empty());
}

TEST_F(Manifest, HostileNameStaysInStorage) {
  ASSERT_EQ(open(), V2V_OK);
  prepare("../../etc\n");
  ASSERT_EQ(status_, V2V_OK);
  ASSERT_EQ(commit(), V2V_OK);
  EXPECT_TRUE(fs::exists(storage_ / "_.._.._etc_" / "manifest.json"));
}

TEST_F(Manifest, RefusesWhatIsAlreadyThere) {
  fs::create_directory(storage_ / "guest");
  test::write_file(storage_ / "guest" / "precious", "x");
  ASSERT_EQ(open(), V2V_OK);
  EXPECT_EQ(precheck("guest"), V2V_E_EXISTS);
  // And if it appears only later, it is not overwritten.
  prepare("guest");
  ASSERT_EQ(status_, V2V_OK);
  EXPECT_EQ(commit(), V2V_E_EXISTS);
  EXPECT_EQ(test::read_file(storage_ / "guest" / "precious"), "x");
}

TEST_F(Manifest, ChecksTheRequest) {
  request_.format = "qcow2";
  EXPECT_EQ(open(), V2V_E_USAGE);
  request_.format = "raw";
  request_.storage = "/nonexistent";
  EXPECT_EQ(open(), V2V_E_NOT_FOUND);
  request_.storage = (plugins_ / "v2v-output-manifest.so").string();
  EXPECT_EQ(open(), V2V_E_USAGE);
  request_.storage.clear();
  EXPECT_EQ(open(), V2V_E_USAGE);
  EXPECT_EQ(host_.error->remedy(), "add -os DIRECTORY");
  EXPECT_EQ(instance_, nullptr);
}

TEST_F(Manifest, PreallocatedDisksHaveTheirBlocks) {
  request_.allocation = Allocation::preallocated;
  ASSERT_EQ(open(), V2V_OK);
  const auto paths = prepare("guest");
  ASSERT_EQ(status_, V2V_OK);
  struct stat info {};
  ASSERT_EQ(::stat(paths[0].c_str(), &info), 0);
  EXPECT_GE(static_cast<std::uint64_t>(info.st_blocks) * 512, std::uint64_t{1} << 20);
}

}  // namespace
}  // namespace v2v::core
