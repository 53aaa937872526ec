// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The input "vmx" through its class, with local files: what it finds, and one clear error for each
// thing that is no usable guest.
#include "../input_fixture.hpp"

#include <vmx_input.hpp>

#include <unistd.h>

namespace v2v::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class VmxInputTest : public InputTest {
 protected:
  Source open(const std::string &argument) {
    InputRequest request = request_;
    request.arguments = {argument};
    return input_vmx::VmxInput(Host(&table_), request).open();
  }
  Error refusal(const std::string &argument) {
    return error_of([&] { open(argument); });
  }
  std::string vmx(const std::string &name, const std::string &more) const {
    write_file(path(name), "displayName = \"guest\"\nmemsize = \"64\"\n" + more);
    return path(name);
  }
};

TEST_F(VmxInputTest, DisksLieWhereTheVmxSays) {
  make_raw("my disks/a-flat.vmdk");
  write_file(path("my disks/a.vmdk"),
             "# Disk DescriptorFile\nCID=1\nparentCID=ffffffff\ncreateType=\"vmfs\"\n"
             "RW 16384 VMFS \"a-flat.vmdk\"\n");
  make_image("b ü.vmdk", "vmdk", mebibyte);
  const auto source = open(vmx("größe.vmx",
                               "sata0:0.fileName = \"b ü.vmdk\"\n"
                               "scsi0:0.fileName = \"my disks/a.vmdk\"\n"));
  ASSERT_EQ(source.disks.size(), 2u);
  EXPECT_EQ(source.disks[0].id, "scsi0:0 my disks/a.vmdk");
  EXPECT_EQ(source.disks[0].controller, Controller::scsi);
  EXPECT_EQ(source.disks[0].location.path, path("my disks/a-flat.vmdk"));
  EXPECT_EQ(source.disks[0].location.format, "raw");
  EXPECT_EQ(source.disks[1].location.path, path("b ü.vmdk"));
  EXPECT_EQ(source.disks[1].location.format, "vmdk");
  EXPECT_THAT(warnings_, IsEmpty());
}

TEST_F(VmxInputTest, WindowsIsToldByItsGuestOs) {
  const auto os_type = [&](const std::string &guest_os) {
    return open(vmx("g.vmx", "guestOS = \"" + guest_os + "\"\n")).os_type;
  };
  for (const char *name : {"windows2019srv-64", "winNetEnterprise", "winXPPro", "longhorn-64"})
    EXPECT_EQ(os_type(name), "windows") << name;
  for (const char *name : {"rhel9-64", "darwin21-64", "other", ""})
    EXPECT_EQ(os_type(name), "") << name;
}

TEST_F(VmxInputTest, AStrangeFileDoesNotBuryTheOtherMessages) {
  std::string cards;
  for (int i = 0; i < 500; ++i)
    cards += "ethernet" + std::to_string(i) + ".generatedAddress = \"none\"\n";
  EXPECT_EQ(open(vmx("g.vmx", cards)).nics.size(), 500u);
  EXPECT_EQ(warnings_.size(), 21u);
  EXPECT_THAT(warnings_.back(), HasSubstr("480 more"));
}

TEST_F(VmxInputTest, DisksThatArePutTogetherAreStagedInTheRunDirectory) {
  const auto raw = make_raw("disk.raw");
  for (const auto *name : {"a.vmdk", "b.vmdk"})
    convert(raw, name, "vmdk", {"-o", "subformat=twoGbMaxExtentSparse"});
  const auto source =
      open(vmx("g.vmx", "scsi0:0.fileName = \"a.vmdk\"\nscsi0:1.fileName = \"b.vmdk\"\n"));
  ASSERT_EQ(source.disks.size(), 2u);
  for (const auto &disk : source.disks) {
    EXPECT_THAT(disk.location.path, ::testing::StartsWith(run_directory_.path().string()));
    EXPECT_TRUE(disk.location.references);
  }
  EXPECT_NE(source.disks[0].location.path, source.disks[1].location.path);
}

TEST_F(VmxInputTest, ADiskElsewhereNeedsPermission) {
  const TemporaryDirectory other;
  run({"qemu-img", "create", "-q", "-f", "vmdk", (other / "d.vmdk").string(), "1M"});
  const auto guest = vmx("g.vmx", "scsi0:0.fileName = \"" + (other / "d.vmdk").string() + "\"\n");
  EXPECT_ERROR(refusal(guest), Code::unsupported, HasSubstr("--allow-references"),
               HasSubstr("g.vmx"));
  request_.allow_references = true;
  EXPECT_EQ(open(guest).disks.at(0).location.path, (other / "d.vmdk").string());
}

TEST_F(VmxInputTest, ADiskOnAnotherDatastoreIsNamedWithIt) {
  // A disk of the same name beside the VMX is another one.
  make_image("d.vmdk", "vmdk", mebibyte);
  const auto guest = vmx("g.vmx", "scsi0:0.fileName = \"/vmfs/volumes/ssd/vm/d.vmdk\"\n");
  for (const bool trusted : {false, true}) {
    request_.allow_references = trusted;
    EXPECT_ERROR(refusal(guest), Code::not_found, HasSubstr("datastore \"ssd\""),
                 HasSubstr("g.vmx"));
  }
}

TEST_F(VmxInputTest, AVmxInTheWorkingDirectoryNeedsNoPath) {
  make_image("d.vmdk", "vmdk", mebibyte);
  vmx("g.vmx", "scsi0:0.fileName = \"d.vmdk\"\n");
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(directory_.path());
  EXPECT_EQ(open("g.vmx").disks.at(0).location.path, path("d.vmdk"));
  std::filesystem::current_path(before);
}

TEST_F(VmxInputTest, WhatIsMissingIsNamed) {
  EXPECT_ERROR(refusal(path("none.vmx")), Code::not_found, HasSubstr("none.vmx"),
               HasSubstr("No such file"));
  EXPECT_ERROR(refusal(path(".")), Code::usage, HasSubstr("directory"));
  EXPECT_ERROR(refusal(vmx("g.vmx", "scsi0:0.fileName = \"d.vmdk\"\n")), Code::not_found,
               HasSubstr("the disk \"d.vmdk\" is missing"), HasSubstr("g.vmx"));
  EXPECT_ERROR(refusal("/dev/null"), Code::unsupported, HasSubstr("no regular file"));
}

TEST_F(VmxInputTest, ArgumentsAndTransportsAreChecked) {
  const auto none = error_of([&] { input_vmx::VmxInput(Host(&table_), request_).open(); });
  EXPECT_ERROR(none, Code::usage, HasSubstr("expecting one VMX file"));
  EXPECT_ERROR(refusal("ssh://h/g.vmx"), Code::usage, HasSubstr("-it ssh"));
  request_.transport = "vddk";
  EXPECT_ERROR(refusal("g.vmx"), Code::unsupported, HasSubstr("vddk"));
  request_.transport = "ssh";
  EXPECT_ERROR(refusal("/local/g.vmx"), Code::usage, HasSubstr("ssh://"));
}

TEST_F(VmxInputTest, OptionsWithoutMeaningAreTold) {
  request_.options.add("identity", "/x");
  request_.connection = "esx://h";
  open(vmx("g.vmx", ""));
  EXPECT_THAT(warnings_, ElementsAre(HasSubstr("-ic"), HasSubstr("-io identity")));
}

}  // namespace
}  // namespace v2v::test
