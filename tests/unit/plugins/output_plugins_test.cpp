// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The built plugins local, qemu, kubevirt and null through the C ABI, as the host uses them.
#include <gmock/gmock.h>

#include "output_plugin.hpp"

namespace v2v::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

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

TEST_F(OutputPlugin, LocalOutputsLeaveNothingWhenAborted) {
  for (const char *name : {"local", "qemu", "kubevirt"}) {
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

TEST_F(OutputPlugin, KubeVirtShowsItsResultAtCommit) {
  load("kubevirt");
  auto guest = two_disks();
  guest.name = "Debian 12";
  fill(guest);
  write_file(targets_[1]->location->path, "second disk");
  ASSERT_EQ(commit(guest), V2V_OK) << host_.error;
  EXPECT_THAT(names_in(scratch_.path()),
              ElementsAre("Debian 12-sda", "Debian 12-sdb", "Debian 12.yaml"));
  EXPECT_EQ(read_file(scratch_ / "Debian 12-sdb"), "second disk");
  EXPECT_THAT(read_file(scratch_ / "Debian 12.yaml"),
              HasSubstr("path: \"" + (scratch_ / "Debian 12-sdb").string() + "\""));
  EXPECT_THAT(host_.logged, testing::Contains("in Kubernetes the guest is called debian-12"));
}

TEST_F(OutputPlugin, KubeVirtPutsDisksWhereItIsTold) {
  load("kubevirt");
  std::filesystem::create_directories(scratch_ / "volumes/b");
  std::filesystem::create_directories(scratch_ / "manifest");
  auto asked = request();
  asked.storage = scratch_ / "manifest";
  asked.options.add("disk", scratch_ / "volumes/one.img");
  asked.options.add("disk", scratch_ / "volumes/b/two.img");
  const auto prepared = [&] {
    ASSERT_EQ(open(asked), V2V_OK) << host_.error;
    ASSERT_EQ(precheck(two_disks()), V2V_OK) << host_.error;
    ASSERT_EQ(prepare(two_disks()), V2V_OK) << host_.error;
  };
  prepared();
  EXPECT_FALSE(std::filesystem::exists(scratch_ / "volumes/one.img"));
  write_file(targets_[1]->location->path, "second disk");
  // The manifest comes last; what cannot be finished is taken back everywhere.
  write_file(scratch_ / "manifest/debian12.yaml", "in the way");
  EXPECT_EQ(commit(two_disks()), V2V_E_EXISTS);
  close();
  abort();
  EXPECT_THAT(names_in(scratch_ / "volumes"), ElementsAre("b"));
  EXPECT_THAT(names_in(scratch_ / "volumes/b"), IsEmpty());
  EXPECT_THAT(names_in(scratch_ / "manifest"), ElementsAre("debian12.yaml"));
  std::filesystem::remove(scratch_ / "manifest/debian12.yaml");

  prepared();
  write_file(targets_[1]->location->path, "second disk");
  ASSERT_EQ(commit(two_disks()), V2V_OK) << host_.error;
  EXPECT_THAT(names_in(scratch_ / "volumes"), ElementsAre("b", "one.img"));
  EXPECT_EQ(read_file(scratch_ / "volumes/b/two.img"), "second disk");
  EXPECT_THAT(read_file(scratch_ / "manifest/debian12.yaml"),
              HasSubstr("path: \"" + (scratch_ / "volumes/b/two.img").string() + "\""));
}

TEST_F(OutputPlugin, KubeVirtFillsWhatIsThere) {
  load("kubevirt");
  auto asked = request();
  asked.options.add("create", "false");
  asked.options.add("disk", scratch_ / "one.img");
  asked.options.add("disk", scratch_ / "two.img");
  const auto checked = [&] {
    EXPECT_EQ(open(asked), V2V_OK) << host_.error;
    const auto status = precheck(two_disks());
    if (status != V2V_OK) close();
    return status;
  };
  EXPECT_EQ(checked(), V2V_E_NOT_FOUND);
  write_file(scratch_ / "one.img", std::string(1 << 20, 'x'));
  write_file(scratch_ / "two.img", std::string(1 << 19, 'x'));
  EXPECT_EQ(checked(), V2V_E_NO_SPACE);
  EXPECT_THAT(host_.error, HasSubstr("two.img: the file has 512.0 KiB"));
  write_file(scratch_ / "two.img", std::string(1 << 21, 'x'));
  ASSERT_EQ(checked(), V2V_OK) << host_.error;
  ASSERT_EQ(prepare(two_disks()), V2V_OK) << host_.error;
  EXPECT_EQ(targets_[1]->location->path, scratch_ / "two.img");
  EXPECT_EQ(targets_[1]->reads_as_zero, V2V_NO);
  close();
  abort();
  EXPECT_THAT(names_in(scratch_.path()), ElementsAre("one.img", "two.img"));
  EXPECT_EQ(std::filesystem::file_size(scratch_ / "two.img"), 2u << 20);
  // Without create=false what is there is in the way.
  asked.options = {};
  asked.options.add("disk", scratch_ / "one.img");
  asked.options.add("disk", scratch_ / "two.img");
  EXPECT_EQ(checked(), V2V_E_EXISTS);
}

TEST_F(OutputPlugin, KubeVirtRefusesPlacesThatMakeNoSense) {
  load("kubevirt");
  const auto opened = [&](const std::vector<std::string> &disks, const char *format, bool create) {
    auto asked = request();
    asked.format = format;
    for (const auto &disk : disks) asked.options.add("disk", disk);
    if (!create) asked.options.add("create", "false");
    return open(asked);
  };
  EXPECT_EQ(opened({"/a", "/a"}, "raw", true), V2V_E_USAGE);
  EXPECT_EQ(opened({"/a/"}, "raw", true), V2V_E_USAGE);
  EXPECT_EQ(opened({"/a\x01"}, "raw", true), V2V_E_USAGE);
  EXPECT_EQ(opened({"/a"}, "qcow2", false), V2V_E_USAGE);
  ASSERT_EQ(opened({(scratch_ / "a").string()}, "raw", true), V2V_OK);
  EXPECT_EQ(precheck(two_disks()), V2V_E_USAGE);
  EXPECT_THAT(host_.error, HasSubstr("2 disks, and -oo disk was given 1 times"));
}

TEST_F(OutputPlugin, KubeVirtRefusesAtPrecheckANameThatCannotBeMadeFit) {
  load("kubevirt");
  auto guest = two_disks();
  guest.name = "日本";
  ASSERT_EQ(open(request()), V2V_OK);
  EXPECT_EQ(precheck(guest), V2V_E_USAGE);
  EXPECT_THAT(host_.error, HasSubstr("-on"));
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
