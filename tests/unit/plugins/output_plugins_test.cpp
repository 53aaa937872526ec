// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The built plugins local, qemu and null through the C ABI, as the host uses them.
#include <gmock/gmock.h>

#include "output_plugin.hpp"

namespace v2v::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Metadata two_disks() {
  auto guest = debian_guest(2);
  for (auto &disk : guest.source.disks) disk.location = {Location::Type::file, "/x", "raw"};
  return guest;
}

TEST_F(OutputPlugin, LocalShowsItsResultAtCommit) {
  load("local");
  const auto guest = two_disks();
  fill(guest);
  write_file(targets_[1]->location->path, "second disk");
  EXPECT_THAT(names_in(scratch_.path()), testing::SizeIs(1));
  ASSERT_EQ(commit(guest), V2V_OK) << host_.error;
  EXPECT_THAT(names_in(scratch_.path()),
              ElementsAre("debian12-sda", "debian12-sdb", "debian12.xml"));
  EXPECT_EQ(read_file(scratch_ / "debian12-sdb"), "second disk");
  EXPECT_THAT(read_file(scratch_ / "debian12.xml"),
              HasSubstr("<source file='" + (scratch_ / "debian12-sdb").string() + "'/>"));
  const v2v_output_description *description = nullptr;
  const v2v_describe_request describe = {sizeof describe, 0};
  ASSERT_EQ(output_->describe(instance_, &describe, &description), V2V_OK);
  EXPECT_EQ(description->destination, "-o local -os " + scratch_.path().string());
  EXPECT_EQ(description->keep_serial_console, V2V_YES);
}

TEST_F(OutputPlugin, LocalAndQemuLeaveNothingWhenAborted) {
  for (const char *name : {"local", "qemu"}) {
    load(name);
    const auto guest = two_disks();
    fill(guest);
    output_->close(instance_);
    instance_ = nullptr;
    abort();
    EXPECT_THAT(names_in(scratch_.path()), IsEmpty());

    fill(guest);
    ASSERT_EQ(commit(guest), V2V_OK) << host_.error;
    output_->close(instance_);
    instance_ = nullptr;
    abort();
    abort();
    EXPECT_THAT(names_in(scratch_.path()), IsEmpty());
  }
}

TEST_F(OutputPlugin, QemuWritesAScriptThatCanBeRun) {
  load("qemu");
  const auto guest = two_disks();
  fill(guest);
  ASSERT_EQ(commit(guest), V2V_OK) << host_.error;
  EXPECT_THAT(names_in(scratch_.path()),
              ElementsAre("debian12-sda", "debian12-sdb", "debian12.sh"));
  const auto script = (scratch_ / "debian12.sh").string();
  EXPECT_EQ(shell("test -x " + script + " && sh -n " + script).status, 0);
}

TEST_F(OutputPlugin, QemuBootRunsTheScriptAfterwards) {
  load("qemu");
  const auto bin = scratch_ / "bin";
  std::filesystem::create_directory(bin);
  write_file(bin / "qemu-system-x86_64",
             "#!/bin/sh\necho \"$2 $3 $4\"; : >" + bin.string() + "/started\n");
  std::filesystem::permissions(bin / "qemu-system-x86_64", std::filesystem::perms::owner_all);
  const std::string path = std::getenv("PATH");
  setenv("PATH", (bin.string() + ":" + path).c_str(), 1);
  const auto guest = two_disks();
  OutputRequest boot = request();
  boot.options.add("qemu-boot", "true");
  ASSERT_EQ(open(boot), V2V_OK);
  ASSERT_EQ(prepare(guest), V2V_OK);
  const auto committed = commit(guest);
  setenv("PATH", path.c_str(), 1);
  ASSERT_EQ(committed, V2V_OK) << host_.error;
  EXPECT_EQ(shell("until [ -e " + bin.string() + "/started ]; do sleep 0.05; done", 30).status, 0);
  EXPECT_EQ(read_file(scratch_ / "debian12.log"), "-nodefaults -name guest=debian12\n");
}

TEST_F(OutputPlugin, LocalRefusesAtPrecheckWhatXmlCannotSay) {
  load("local");
  auto guest = two_disks();
  guest.source.nics[0].network = "a\x01";
  ASSERT_EQ(open(request()), V2V_OK);
  EXPECT_EQ(precheck(guest), V2V_E_UNSUPPORTED);
  guest.name = "a\nb";
  EXPECT_EQ(precheck(guest), V2V_E_USAGE);
}

TEST_F(OutputPlugin, NullDiscards) {
  load("null");
  const auto guest = two_disks();
  ASSERT_EQ(open({}), V2V_OK);
  ASSERT_EQ(prepare(guest), V2V_OK);
  ASSERT_NE(targets_[1], nullptr);
  EXPECT_EQ(targets_[0]->mode, V2V_TARGET_DISCARD);
  EXPECT_EQ(targets_[1]->mode, V2V_TARGET_DISCARD);
  EXPECT_EQ(targets_[2], nullptr);
  EXPECT_EQ(commit(guest), V2V_OK);
}

TEST_F(OutputPlugin, NullRefusesWhatItCannotUse) {
  load("null");
  const auto error_for = [&](const std::function<void(OutputRequest &)> &change) {
    OutputRequest wrong;
    change(wrong);
    EXPECT_EQ(open(wrong), V2V_E_USAGE);
    return host_.error;
  };
  const std::string phrase = " option cannot be used in this output mode";
  EXPECT_THAT(error_for([](auto &r) { r.format = "qcow2"; }), HasSubstr("-o null: -of" + phrase));
  EXPECT_THAT(error_for([](auto &r) { r.storage = "/x"; }), HasSubstr("-os" + phrase));
  EXPECT_THAT(error_for([](auto &r) { r.connection = "/x"; }), HasSubstr("-oc" + phrase));
  EXPECT_THAT(error_for([](auto &r) { r.allocation = Allocation::preallocated; }),
              HasSubstr("-oa preallocated" + phrase));
  OutputRequest raw;
  raw.format = "raw";
  raw.allocation = Allocation::sparse;
  EXPECT_EQ(open(raw), V2V_OK);
}

}  // namespace
}  // namespace v2v::test
