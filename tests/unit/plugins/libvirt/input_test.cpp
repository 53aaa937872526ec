// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The inputs "libvirt" and "libvirtxml" through their classes. The first one asks libvirt's own test
// driver, with domains, pools and users of a file: a real libvirt but for the hypervisor.
#include "../input_fixture.hpp"

#include <fmt/format.h>

#include <libvirt_input.hpp>
#include <libvirtxml_input.hpp>

namespace v2v::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::string disk(const std::string &driver, const std::string &source,
                 const std::string &type = "file") {
  return fmt::format("<disk type='{}' device='disk'>{}{}<target dev='vda' bus='virtio'/></disk>\n",
                     type, driver, source);
}

std::string domain(const std::string &disks) {
  return "<domain type='test'><name>guest</name><uuid>11111111-2222-3333-4444-555555555555</uuid>"
         "<memory>65536</memory><os><type>hvm</type></os><devices>" +
         disks + "</devices></domain>\n";
}

class LibvirtXml : public InputTest {
 protected:
  Source open(const std::string &disks) {
    write_file(path("guest.xml"), domain(disks));
    request_.arguments = {path("guest.xml")};
    input_.emplace(Host(&table_), request_);
    return input_->open();
  }
  Error refusal(const std::string &disks) {
    return error_of([&] { open(disks); });
  }
  std::string source(const std::string &file) const {
    return fmt::format("<source file='{}'/>", path(file));
  }

  std::optional<input_libvirt::LibvirtXmlInput> input_;
};

TEST_F(LibvirtXml, DisksAreReadInTheFormatOfTheirDriver) {
  make_raw("a.img");
  make_image("b ü.img", "qcow2", mebibyte);
  const auto guest = open(disk("<driver type='raw'/>", source("a.img")) +
                          disk("<driver type='qcow2'/>", source("b ü.img")));
  ASSERT_EQ(guest.disks.size(), 2u);
  EXPECT_EQ(guest.disks[0].location.path, path("a.img"));
  EXPECT_EQ(guest.disks[0].location.format, "raw");
  EXPECT_EQ(guest.disks[1].location.format, "qcow2");
  EXPECT_EQ(guest.disks[1].controller, Controller::virtio_blk);
  EXPECT_FALSE(guest.disks[1].location.references);
  EXPECT_THAT(guest.disks[1].id, HasSubstr("vda "));
  EXPECT_THAT(warnings_, IsEmpty());
}

TEST_F(LibvirtXml, AFormatIsNeverProbed) {
  make_raw("raw.img");
  EXPECT_EQ(open(disk("", source("raw.img"))).disks[0].location.format, "raw");
  // A guest may have written this header into its raw disk.
  make_image("says-nothing.img", "qcow2", mebibyte);
  EXPECT_ERROR(refusal(disk("", source("says-nothing.img"))), Code::unsupported,
               HasSubstr("-if qcow2 or -if raw"));
  request_.format = "raw";
  EXPECT_EQ(open(disk("", source("says-nothing.img"))).disks[0].location.format, "raw");
  request_.format = "qcow2";
  EXPECT_EQ(open(disk("", source("says-nothing.img"))).disks[0].location.format, "qcow2");
  // What the XML says holds.
  EXPECT_EQ(open(disk("<driver type='raw'/>", source("says-nothing.img"))).disks[0].location.format,
            "raw");
}

TEST_F(LibvirtXml, AnImageThatNamesAnotherIsAllowedByTheUserAlone) {
  const auto base = make_image("base.img", "qcow2", mebibyte);
  make_image("top.img", "qcow2", mebibyte, {"-b", base, "-F", "qcow2"});
  const auto top = disk("<driver type='qcow2'/>", source("top.img"));
  EXPECT_ERROR(refusal(top), Code::unsupported, HasSubstr("--allow-references"));
  request_.allow_references = true;
  EXPECT_TRUE(open(top).disks[0].location.references);
}

TEST_F(LibvirtXml, APartOfAFileIsADisk) {
  make_raw("whole.img");
  const auto guest = open(disk(
      "<driver type='raw'/>",
      fmt::format("<source file='{}'><slices><slice type='storage' offset='1048576' size='4096'/>"
                  "</slices></source>",
                  path("whole.img"))));
  EXPECT_EQ(guest.disks[0].location.offset, mebibyte);
  EXPECT_EQ(guest.disks[0].location.length, 4096u);
}

TEST_F(LibvirtXml, AnNbdServerIsReadByItsUri) {
  const auto guest = open(disk(
      "", "<source protocol='nbd' name='x'><host name='localhost' port='7'/></source>", "network"));
  EXPECT_EQ(guest.disks[0].location.type, Location::Type::uri);
  EXPECT_EQ(guest.disks[0].location.path, "nbd://localhost:7/x");
}

TEST_F(LibvirtXml, AWebServerIsReadThroughNbdkitWhichEndsWithTheInput) {
  const auto guest =
      open(disk("", "<source protocol='http' name='x'><host name='127.0.0.1' port='9'/></source>",
                "network"));
  const auto &location = guest.disks[0].location;
  EXPECT_EQ(location.type, Location::Type::uri);
  EXPECT_THAT(location.path, HasSubstr("nbd+unix:///?socket="));
  const auto socket = location.path.substr(location.path.find('=') + 1);
  EXPECT_TRUE(std::filesystem::exists(socket)) << socket;
  input_.reset();
  EXPECT_FALSE(std::filesystem::exists(socket)) << socket;
}

TEST_F(LibvirtXml, WhatCannotBeReadIsRefusedByName) {
  make_raw("a.img");
  EXPECT_ERROR(refusal(""), Code::unsupported, HasSubstr("no non-removable disks"));
  EXPECT_ERROR(refusal(disk("", source("missing.img"))), Code::not_found, HasSubstr("missing.img"));
  EXPECT_ERROR(refusal(disk("<driver type='raw'/>", source("a.img")) +
                       disk("<driver type='raw'/>", source("a.img"))),
               Code::corrupt, HasSubstr("are the same"));
  EXPECT_ERROR(refusal(disk("<driver type='qed'/>", source("a.img"))), Code::usage,
               HasSubstr("qed"));
  EXPECT_ERROR(refusal(disk("<driver type='qcow2'/>", source("a.img"))), Code::corrupt,
               HasSubstr("a.img"));
  EXPECT_ERROR(refusal(disk("", "<source pool='p' volume='v'/>", "volume")), Code::unsupported,
               HasSubstr("p/v"), HasSubstr("-i libvirt"));
  EXPECT_ERROR(refusal(disk("", "<source protocol='rbd' name='pool/image'/>", "network")),
               Code::unsupported, HasSubstr("rbd"), HasSubstr("qemu-nbd"));
  EXPECT_ERROR(refusal(disk("", "<source/>", "nvme")), Code::unsupported, HasSubstr("nvme"));
  EXPECT_ERROR(refusal(disk("<encryption format='luks'/>", source("a.img"))), Code::unsupported,
               HasSubstr("encrypts"));
}

TEST_F(LibvirtXml, ArgumentsAreChecked) {
  const auto open_arguments = [&](std::vector<std::string> arguments) {
    request_.arguments = std::move(arguments);
    return error_of([&] { input_libvirt::LibvirtXmlInput(Host(&table_), request_).open(); });
  };
  EXPECT_ERROR(open_arguments({}), Code::usage, HasSubstr("expecting a libvirt XML file"));
  EXPECT_ERROR(open_arguments({"a", "b"}), Code::usage, HasSubstr("expecting a libvirt XML file"));
  EXPECT_ERROR(open_arguments({path("none.xml")}), Code::not_found, HasSubstr("none.xml"));
  write_file(path("large.xml"), std::string((16 << 20) + 1, ' '));
  EXPECT_ERROR(open_arguments({path("large.xml")}), Code::corrupt, HasSubstr("more than any has"));
}

TEST_F(LibvirtXml, StrangeXmlDoesNotBuryTheOtherMessages) {
  make_raw("a.img");
  std::string cards;
  for (int i = 0; i < 100; ++i) cards += "<interface type='user'/>";
  EXPECT_EQ(open(disk("<driver type='raw'/>", source("a.img")) + cards).nics.size(), 100u);
  EXPECT_EQ(warnings_.size(), 21u);
  EXPECT_THAT(warnings_.back(), HasSubstr("80 more"));
}

class Libvirt : public InputTest {
 protected:
  /// A libvirt with this guest, a pool "images" in the test's directory and one that is not started.
  void serve(const std::string &disks, const std::string &more = "") {
    write_file(
        path("node.xml"),
        "<node>" + more + domain(disks) +
            fmt::format("<pool type='dir'><name>images</name><target><path>{}</path></target>"
                        "<volume><name>volume.img</name><capacity>1048576</capacity>"
                        "<target><format type='qcow2'/></target></volume></pool>",
                        directory_.path().string()) +
            "</node>");
    request_.connection = "test://" + path("node.xml");
  }
  Source open(const std::string &name = "guest") {
    request_.arguments = {name};
    input_.emplace(Host(&table_), request_);
    return input_->open();
  }
  Error refusal(const std::string &name = "guest") {
    return error_of([&] { open(name); });
  }

  std::optional<input_libvirt::LibvirtInput> input_;
};

TEST_F(Libvirt, AGuestIsFoundByNameAndByUuid) {
  make_raw("a.img");
  serve(disk("<driver type='raw'/>", fmt::format("<source file='{}'/>", path("a.img"))));
  EXPECT_EQ(open().name, "guest");
  const auto guest = open("11111111-2222-3333-4444-555555555555");
  EXPECT_EQ(guest.name, "guest");
  EXPECT_EQ(guest.memory, 64 * mebibyte);
  ASSERT_EQ(guest.disks.size(), 1u);
  EXPECT_EQ(guest.disks[0].location.path, path("a.img"));
  input_->verify();
  EXPECT_THAT(warnings_, IsEmpty());
}

TEST_F(Libvirt, AnUnknownGuestListsThoseThereAre) {
  serve("");
  EXPECT_ERROR(refusal("gast"), Code::not_found, HasSubstr("gast"), HasSubstr("'guest'"));
  EXPECT_ERROR(refusal(std::string("bell\a")), Code::not_found, Not(HasSubstr("\a")));
}

TEST_F(Libvirt, AVolumeIsFoundInItsPool) {
  make_image("volume.img", "qcow2", mebibyte);
  const auto in_pool = [&](const std::string &driver, const std::string &volume,
                           const std::string &pool = "images") {
    serve(disk(driver, fmt::format("<source pool='{}' volume='{}'/>", pool, volume), "volume"));
  };
  in_pool("", "volume.img");
  auto location = open().disks.at(0).location;
  EXPECT_EQ(location.path, path("volume.img"));
  EXPECT_EQ(location.format, "qcow2");
  in_pool("<driver type='raw'/>", "volume.img");
  EXPECT_EQ(open().disks.at(0).location.format, "raw");
  in_pool("", "other.img");
  EXPECT_ERROR(refusal(), Code::not_found, HasSubstr("images/other.img"),
               HasSubstr("virsh pool-refresh images"));
  in_pool("", "volume.img", "elsewhere");
  EXPECT_ERROR(refusal(), Code::not_found, HasSubstr("elsewhere/volume.img"),
               HasSubstr("'images'"));
}

TEST_F(Libvirt, ThePasswordComesFromItsFileAndReachesNoMessage) {
  make_raw("a.img");
  serve(disk("<driver type='raw'/>", fmt::format("<source file='{}'/>", path("a.img"))),
        "<auth><user password='geheim'>v2v</user></auth>");
  request_.connection.insert(request_.connection.find("//") + 2, "v2v@");
  EXPECT_ERROR(refusal(), Code::access, HasSubstr("-ip"));
  secret_ = "falsch";
  EXPECT_ERROR(refusal(), Code::access, HasSubstr("-ip"), Not(HasSubstr("falsch")));
  secret_ = "geheim";
  EXPECT_EQ(open().name, "guest");
}

TEST_F(Libvirt, AConnectionThatFailsSaysWhich) {
  request_.connection = "qemu:///system?socket=" + path("no-socket");
  EXPECT_ERROR(refusal(), Code::io, HasSubstr("no-socket"), HasSubstr("libvirtd"));
  request_.connection = "qemu+pigeon://host/system";
  EXPECT_ERROR(refusal(), Code::usage, HasSubstr("qemu+pigeon://host/system"),
               HasSubstr("qemu:///system"));
}

TEST_F(Libvirt, GuestsOfOtherHypervisorsAreTheMatterOfOtherInputs) {
  for (const auto *uri :
       {"vpx://root@vcenter/DC/esxi?no_verify=1", "esx://root@esxi/", "GSX://x/"}) {
    request_.connection = uri;
    EXPECT_ERROR(refusal(), Code::usage, HasSubstr("-i vpx"));
  }
  request_.connection = "xen+ssh://root@host/";
  EXPECT_ERROR(refusal(), Code::usage, HasSubstr("-i xen"));
}

TEST(LibvirtOverSsh, TheUriSaysHowItsMachineIsReached) {
  const auto access = input_libvirt::ssh_access(
      "qemu+ssh://my%20user@kvm.example:2222/system?socket=/s&keyfile=/k%20y&known_hosts=/known");
  EXPECT_EQ(access.user, "my user");
  EXPECT_EQ(access.host, "kvm.example");
  EXPECT_EQ(access.port, 2222);
  EXPECT_EQ(access.identity, "/k y");
  EXPECT_EQ(access.known_hosts, "/known");
  const auto least = input_libvirt::ssh_access("qemu+ssh://[fe80::1]/system");
  EXPECT_EQ(least.host, "fe80::1");
  EXPECT_FALSE(least.port);
  for (const auto *uri :
       {"qemu+ssh://-oProxyCommand=x/system", "qemu+ssh://-x@h/system", "qemu+ssh://h:0/system",
        "qemu+ssh://h%zz/", "qemu+ssh://h%0a/", "qemu+ssh:///system", "qemu+ssh://h/?keyfile=-x"})
    EXPECT_ERROR(error_of([&] { input_libvirt::ssh_access(uri); }), Code::usage, HasSubstr("ssh"));
}

TEST_F(Libvirt, OneGuestIsExpected) {
  request_.connection = "test:///default";
  EXPECT_ERROR(error_of([&] { input_libvirt::LibvirtInput(Host(&table_), request_).open(); }),
               Code::usage, HasSubstr("expecting a libvirt guest name on the command line"));
}

}  // namespace
}  // namespace v2v::test
