// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The built plugin openstack through the C ABI, against a cloud that is not there.
#include <gmock/gmock.h>

#include "../plugins/output_plugin.hpp"
#include "fake_cloud.hpp"
#include "fake_volumes.hpp"

namespace v2v::test {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Key;
using ::testing::Not;
using ::testing::SizeIs;

class OpenstackPlugin : public OutputPlugin {
 protected:
  void SetUp() override {
    for (const auto &[name, value] : cloud_.variables()) setenv(name.c_str(), value.c_str(), 1);
    for (const char *proxy : {"http_proxy", "all_proxy"}) unsetenv(proxy);
    cloud_.more = [this](const HttpRequest &request) { return volumes_.answer(request); };
    std::filesystem::create_directory(scratch_ / "by-id");
    load("openstack");
  }
  OutputRequest wanted() const {
    OutputRequest request;
    request.options.add("server-id", volumes_.server);
    request.options.add("guest-id", "g7");
    request.options.add("verify-server-certificate", "true");
    request.options.add("dev-disk-by-id", scratch_ / "by-id");
    return request;
  }
  void open_it() { ASSERT_EQ(open(wanted()), V2V_OK) << host_.error; }
  /// Two disks of which the second fills its last GiB.
  static Metadata guest() {
    auto made = debian_guest(2);
    for (auto &disk : made.source.disks) disk.location = {Location::Type::file, "/x", "raw"};
    made.disks[0].virtual_size = (std::uint64_t{1} << 30) + 1;
    made.disks[1].virtual_size = std::uint64_t{1} << 30;
    made.source.genid = "12345678-0000-4000-8000-000000000000";
    return made;
  }
  const FakeVolume *named(const std::string &name) {
    for (const auto &[id, volume] : volumes_.volumes)
      if (volume.name == name) return &volume;
    return nullptr;
  }
  void prepare_it() {
    open_it();
    ASSERT_EQ(precheck(guest()), V2V_OK) << host_.error;
    ASSERT_EQ(prepare(guest()), V2V_OK) << host_.error;
  }

  FakeVolumes volumes_{scratch_ / "by-id"};
  FakeCloud cloud_;
};

TEST_F(OpenstackPlugin, DisksBecomeVolumesThatTheHostWrites) {
  prepare_it();
  EXPECT_EQ(targets_[0]->mode, V2V_TARGET_HOST_WRITES);
  EXPECT_EQ(targets_[0]->reads_as_zero, V2V_NO);
  const auto device = scratch_ / "by-id" / "virtio-01234561-aaaa-4bbb-8";
  EXPECT_EQ(targets_[0]->location->path, device);
  EXPECT_STREQ(targets_[1]->display_name, "volume debian12-sdb");
  EXPECT_EQ(named("debian12-sda")->gib, 2);
  EXPECT_EQ(named("debian12-sdb")->gib, 1);
  EXPECT_EQ(named("debian12-sdb")->status, "in-use");
  ASSERT_EQ(commit(guest()), V2V_OK) << host_.error;
  const auto *first = named("debian12-sda"), *second = named("debian12-sdb");
  EXPECT_EQ(first->status, "available");
  EXPECT_EQ(second->status, "available");
  EXPECT_TRUE(first->bootable);
  EXPECT_FALSE(second->bootable);
  EXPECT_EQ(first->image_metadata.at("hw_disk_bus"), "virtio");
  EXPECT_THAT(second->image_metadata, IsEmpty());
  EXPECT_EQ(second->description, "debian12 disk 2/2 converted by v2v");
  EXPECT_EQ(second->metadata.at("virt_v2v_disk_index"), "2/2");
  EXPECT_EQ(second->metadata.at("virt_v2v_guest_name"), "debian12");
  EXPECT_EQ(second->metadata.at("virt_v2v_guest_id"), "g7");
  EXPECT_EQ(second->metadata.at("virt_v2v_version"), "v2v 0.1.0");
  EXPECT_EQ(second->metadata.at("virt_v2v_vm_generation_id"), guest().source.genid);
  EXPECT_EQ(second->metadata.count("virt_v2v_conversion_date"), 1u);
  EXPECT_THAT(names_in(scratch_ / "by-id"), IsEmpty());
}

TEST_F(OpenstackPlugin, AnotherProcessDetachesAndRemovesThem) {
  volumes_.volumes["other"].metadata = {{"v2v_conversion", "of somebody else"}};
  prepare_it();
  EXPECT_THAT(volumes_.volumes, SizeIs(3));
  EXPECT_THAT(host_.records, Each(Not(HasSubstr("p4ss"))));
  close();
  abort();
  EXPECT_THAT(volumes_.volumes, ElementsAre(Key("other")));
  EXPECT_THAT(names_in(scratch_ / "by-id"), IsEmpty());
  abort();
  EXPECT_THAT(volumes_.volumes, SizeIs(1));
}

TEST_F(OpenstackPlugin, AVolumeWhoseAnswerWasLostIsFoundToo) {
  open_it();
  cloud_.server().fail_next({"POST", "/volumes", 0, true});
  cloud_.server().fail_next({"POST", "/os-volume_attachments", 0, true});
  ASSERT_EQ(prepare(guest()), V2V_OK) << host_.error;
  EXPECT_THAT(volumes_.volumes, SizeIs(3));  // one of them twice
  ASSERT_EQ(commit(guest()), V2V_OK) << host_.error;
  EXPECT_THAT(volumes_.volumes, SizeIs(2));
  close();
  abort();
  EXPECT_THAT(volumes_.volumes, IsEmpty());
}

TEST_F(OpenstackPlugin, AVolumeThatCannotBeMadeIsRemoved) {
  open_it();
  volumes_.first_status = "error";
  EXPECT_EQ(prepare(guest()), V2V_E_IO);
  EXPECT_THAT(host_.error, HasSubstr("cannot become 'available'"));
  close();
  abort();
  EXPECT_THAT(volumes_.volumes, IsEmpty());
}

TEST_F(OpenstackPlugin, TheFirstAbortThatFailsLeavesTheWorkToTheNext) {
  prepare_it();
  close();
  cloud_.server().fail_next({"DELETE", "/volumes/", 409});
  const v2v_abort_request request = {sizeof request, 0, lender_.texts(host_.records)};
  EXPECT_NE(output_->abort(&host_.table, &request), V2V_OK);
  EXPECT_THAT(host_.error, HasSubstr("start v2v again"));
  EXPECT_THAT(volumes_.volumes, SizeIs(1));
  abort();
  EXPECT_THAT(volumes_.volumes, IsEmpty());
}

TEST_F(OpenstackPlugin, ThePrecheckFindsWhatCannotWork) {
  open_it();
  ASSERT_EQ(precheck(guest()), V2V_OK) << host_.error;
  volumes_.most_gib = 2;
  EXPECT_EQ(precheck(guest()), V2V_E_NO_SPACE);
  EXPECT_THAT(host_.error, HasSubstr("0 of 2 GiB are used, and 3 more"));
  volumes_.most_gib = -1;
  volumes_.most_volumes = 1;
  EXPECT_EQ(precheck(guest()), V2V_E_NO_SPACE);
  volumes_.most_volumes = -1;
  volumes_.server = "another";
  EXPECT_EQ(precheck(guest()), V2V_E_NOT_FOUND);
  EXPECT_THAT(host_.error, HasSubstr("-oo server-id"));
  std::filesystem::remove(scratch_ / "by-id");
  EXPECT_EQ(precheck(guest()), V2V_E_NOT_FOUND);
  EXPECT_THAT(host_.error, HasSubstr("dev-disk-by-id"));
  EXPECT_THAT(volumes_.volumes, IsEmpty());
}

TEST_F(OpenstackPlugin, TheVolumeTypeIsThatOfTheUser) {
  auto request = wanted();
  request.storage = "slow";
  ASSERT_EQ(open(request), V2V_OK);
  ASSERT_EQ(precheck(guest()), V2V_OK) << host_.error;
  ASSERT_EQ(prepare(guest()), V2V_OK) << host_.error;
  EXPECT_EQ(named("debian12-sda")->type, "slow");
  close();
  request.storage = "golden";
  ASSERT_EQ(open(request), V2V_OK);
  EXPECT_EQ(precheck(guest()), V2V_E_NOT_FOUND);
  EXPECT_THAT(host_.error, HasSubstr("fast, slow"));
}

TEST_F(OpenstackPlugin, OptionsWinOverTheEnvironment) {
  setenv("OS_USERNAME", "nobody", 1);
  setenv("OS_AUTH_URL", "http://127.0.0.1:1", 1);
  setenv("OS_PASSWORD", "wrong", 1);
  auto request = wanted();
  request.connection = cloud_.variables().at("OS_AUTH_URL");
  request.options.add("os-username", "somebody");
  request.options.add("os-project-domain-name", "P");
  ASSERT_EQ(open(request), V2V_OK) << host_.error;
  EXPECT_EQ(precheck(guest()), V2V_E_ACCESS);  // the password of OS_PASSWORD
  EXPECT_THAT(cloud_.last_login, HasSubstr("somebody"));
}

TEST_F(OpenstackPlugin, WhatItNeedsAndCannotUseIsSaid) {
  EXPECT_EQ(open({}), V2V_E_USAGE);
  EXPECT_THAT(host_.error, HasSubstr("-oo server-id=UUID"));
  OutputRequest request;
  request.options.add("server-id", "../x");
  EXPECT_EQ(open(request), V2V_E_USAGE);
  request = wanted();
  request.allocation = Allocation::preallocated;
  EXPECT_EQ(open(request), V2V_E_USAGE);
}

}  // namespace
}  // namespace v2v::test
