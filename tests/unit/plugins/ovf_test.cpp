// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The OVF for oVirt against files in data/, and the rules behind it. After a wanted change,
// V2V_UPDATE_GOLDEN=1 writes the files anew. tests/e2e/rhv.sh compares with virt-v2v.
#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <pugixml.hpp>
#include <regex>
#include <set>
#include <v2v/ovf/document.hpp>
#include <v2v/ovf/volume_meta.hpp>

#include "output_fixture.hpp"

namespace v2v::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class Ovf : public testing::Test {
 protected:
  ovf::Request request_for(const Metadata &guest, ovf::Flavour flavour) {
    ovf::Request request;
    request.flavour = flavour;
    request.storage_domain = "12345678-1234-1234-1234-123456789abc";
    request.machine = "a0000000-0000-4000-8000-000000000000";
    for (const auto &disk : guest.disks)
      request.volumes.push_back({"image-" + std::to_string(disk.index),
                                 "volume-" + std::to_string(disk.index),
                                 (std::uint64_t{1} << 30) + 1});
    request.tell_actual_sizes = flavour == ovf::Flavour::export_domain;
    request.time = 1700000000;
    request.new_uuid = [this] { return "uuid-" + std::to_string(++made_); };
    return request;
  }
  std::string of(const Metadata &guest, const ovf::Request &request) {
    warnings_.clear();
    made_ = 0;
    return ovf::document(guest, request,
                         [this](const std::string &text) { warnings_.push_back(text); });
  }
  std::string of(const Metadata &guest, ovf::Flavour flavour = ovf::Flavour::export_domain) {
    return of(guest, request_for(guest, flavour));
  }
  /// Through a parser, so that what is compared is what a reader gets.
  std::vector<std::string> texts(const std::string &xml, const std::string &xpath) {
    pugi::xml_document document;
    EXPECT_TRUE(document.load_string(xml.c_str())) << xml;
    std::vector<std::string> found;
    for (const auto &node : document.select_nodes(xpath.c_str()))
      found.push_back(node.attribute() ? node.attribute().value() : node.node().text().get());
    return found;
  }
  void expect_golden(const std::string &name, const std::string &xml) {
    const auto file = std::filesystem::path(V2V_TEST_DATA) / (name + ".ovf");
    if (std::getenv("V2V_UPDATE_GOLDEN")) write_file(file, xml);
    EXPECT_EQ(xml, read_file(file)) << file;
  }

  std::vector<std::string> warnings_;
  unsigned made_ = 0;
};

Metadata windows_guest() {
  auto guest = debian_guest(2);
  guest.name = "Fenster <2>";
  guest.firmware = Firmware::uefi;
  guest.source.secure_boot = guest.source.tpm = true;
  guest.source.hypervisor = "vmware";
  guest.source.vcpus = 8;
  guest.source.cpu_sockets = guest.source.cpu_cores = guest.source.cpu_threads = 2;
  guest.source.cpu_model = "Haswell";
  guest.source.sound = "ich6";
  guest.source.display = Display{Display::Type::vnc, {}, {}, "secret", {}};
  guest.source.nics.push_back({Nic::Type::bridge, "", "br0", "e1000", {}});
  guest.disks[1] = {1, "qcow2", std::uint64_t{3} << 30, 0};
  guest.inspection.type = guest.inspection.distro = "windows";
  guest.inspection.osinfo = "win2k22";
  guest.inspection.arch = "x86_64";
  guest.inspection.major_version = 10;
  guest.inspection.product_name = "Windows Server 2022 Standard";
  guest.inspection.product_variant = "Server";
  guest.inspection.boot_disk = 1;
  guest.caps.virtio_rng = guest.caps.virtio_balloon = true;
  use_bus(guest, BlockBus::virtio_scsi);
  return guest;
}

Metadata known_debian() {
  auto guest = debian_guest();
  guest.inspection.arch = "x86_64";
  guest.inspection.major_version = 12;
  guest.inspection.product_name = "12.5";
  return guest;
}

TEST_F(Ovf, DebianForAnExportDomain) {
  expect_golden("ovf-debian-export", of(known_debian()));
  EXPECT_THAT(warnings_, IsEmpty());
}

TEST_F(Ovf, DebianForTheEngine) {
  expect_golden("ovf-debian-ovirt", of(known_debian(), ovf::Flavour::ovirt));
}

TEST_F(Ovf, WindowsForAnExportDomain) {
  expect_golden("ovf-windows-export", of(windows_guest()));
  EXPECT_THAT(warnings_, ElementsAre(HasSubstr("password"), HasSubstr("TPM")));
  EXPECT_THAT(of(windows_guest()), Not(HasSubstr("secret")));
}

TEST_F(Ovf, WindowsForTheEngine) {
  expect_golden("ovf-windows-ovirt", of(windows_guest(), ovf::Flavour::ovirt));
}

TEST_F(Ovf, TwentyThreeDisks) {
  auto guest = debian_guest(23);
  guest.inspection.boot_disk = 22;
  const auto xml = of(guest);
  EXPECT_EQ(texts(xml, "//References/File").size(), 23u);
  EXPECT_EQ(texts(xml, "//Disk[@ovf:boot='False']").size(), 22u);
  EXPECT_THAT(texts(xml, "//Disk[@ovf:boot='True']/@ovf:diskId"), ElementsAre("volume-22"));
  const auto captions = texts(xml, "//Item[Type='disk']/rasd:Caption");
  ASSERT_EQ(captions.size(), 23u);
  EXPECT_EQ(captions.front(), "Drive 1");
  EXPECT_EQ(captions.back(), "Drive 23");
  EXPECT_THAT(texts(xml, "//Item[BootOrder]/rasd:InstanceId"), ElementsAre("volume-22"));
  const auto ids = texts(xml, "//rasd:InstanceId");
  EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), ids.size());
}

TEST_F(Ovf, HostileNamesStayText) {
  auto guest = debian_guest();
  const std::string hostile = "</Name><!-- '\"&amp; ]]> \xe2\x80\xa8Ü -->";
  guest.name = guest.source.nics[0].network = guest.source.cpu_model = hostile;
  guest.inspection.product_name = guest.generator = hostile;
  guest.source.sound = guest.source.nics[0].mac = "\x1b[2J";
  const auto xml = of(guest);
  EXPECT_THAT(texts(xml, "/ovf:Envelope/Content/Name"), ElementsAre(hostile));
  EXPECT_THAT(texts(xml, "//Network/@ovf:name"), ElementsAre(hostile));
  EXPECT_THAT(texts(xml, "//rasd:Connection"), ElementsAre(hostile));
  EXPECT_THAT(texts(xml, "//CustomCpuName"), ElementsAre(hostile));
  EXPECT_THAT(texts(xml, "//rasd:MACAddress"), IsEmpty());
  EXPECT_THAT(warnings_, testing::Each(Not(HasSubstr("\x1b"))));
  guest.source.nics[0].network = "a\x01";
  EXPECT_EQ(error_of([&] { of(guest); })->code(), Code::unsupported);
  EXPECT_EQ(error_of([&] { ovf::check_expressible(guest.source); })->code(), Code::unsupported);
}

TEST_F(Ovf, SizesAreRoundedUpToGigabytes) {
  auto guest = debian_guest();
  guest.disks[0].virtual_size = (std::uint64_t{5} << 30) + 512;
  auto request = request_for(guest, ovf::Flavour::export_domain);
  auto xml = of(guest, request);
  EXPECT_THAT(texts(xml, "//Disk/@ovf:size"), ElementsAre("6"));
  EXPECT_THAT(texts(xml, "//Disk/@ovf:capacity"), ElementsAre("5368709632"));
  EXPECT_THAT(texts(xml, "//Disk/@ovf:actual_size"), ElementsAre("2"));
  EXPECT_THAT(texts(xml, "//File/@ovf:size"), ElementsAre("1073741825"));
  request.volumes[0].actual_size.reset();
  xml = of(guest, request);
  EXPECT_THAT(texts(xml, "//Disk/@ovf:actual_size"), ElementsAre(""));
  EXPECT_THAT(texts(xml, "//File/@ovf:size"), IsEmpty());
  request.tell_actual_sizes = false;
  EXPECT_THAT(texts(of(guest, request), "//Disk/@ovf:actual_size"), IsEmpty());
  request.preallocated = true;
  EXPECT_THAT(texts(of(guest, request), "//Disk/@ovf:volume-type"), ElementsAre("Preallocated"));
}

TEST_F(Ovf, WhatTheGuestCanDriveDecides) {
  auto guest = debian_guest();
  const auto interface = [&] { return texts(of(guest), "//Disk/@ovf:disk-interface").at(0); };
  EXPECT_EQ(interface(), "VirtIO");
  use_bus(guest, BlockBus::virtio_scsi);
  EXPECT_EQ(interface(), "VirtIO_SCSI");
  use_bus(guest, BlockBus::ide);
  EXPECT_EQ(interface(), "IDE");
  const auto card = [&] { return texts(of(guest), "//rasd:ResourceSubType").at(0); };
  EXPECT_EQ(card(), "3");
  guest.caps.net_bus = NetBus::e1000;
  EXPECT_EQ(card(), "2");
  guest.caps.net_bus = NetBus::rtl8139;
  EXPECT_EQ(card(), "1");
}

TEST_F(Ovf, BiosType) {
  auto guest = debian_guest();
  const auto type = [&] { return texts(of(guest), "//BiosType"); };
  EXPECT_THAT(type(), ElementsAre("1"));
  guest.firmware = Firmware::uefi;
  EXPECT_THAT(type(), ElementsAre("2"));
  guest.source.secure_boot = true;
  EXPECT_THAT(type(), ElementsAre("3"));
  guest.source.secure_boot = false;
  guest.caps.machine = Machine::i440fx;
  EXPECT_THAT(type(), IsEmpty());
  guest.firmware = Firmware::bios;
  EXPECT_THAT(type(), ElementsAre("0"));
  guest.caps.arch = "s390x";
  guest.caps.machine = Machine::virt;
  EXPECT_THAT(type(), ElementsAre("0"));
}

TEST_F(Ovf, Origin) {
  auto guest = debian_guest();
  const auto origin = [&](const char *hypervisor) {
    guest.source.hypervisor = hypervisor;
    return texts(of(guest), "//Origin");
  };
  EXPECT_THAT(origin("vmware"), ElementsAre("1"));
  EXPECT_THAT(origin("xen"), ElementsAre("2"));
  EXPECT_THAT(origin("kvm"), ElementsAre("7"));
  EXPECT_THAT(origin("physical"), ElementsAre("8"));
  EXPECT_THAT(origin("hyperv"), ElementsAre("9"));
  EXPECT_THAT(origin("vbox"), IsEmpty());
}

TEST_F(Ovf, UnknownSoundAndMemoryThatIsNotWhole) {
  auto guest = debian_guest();
  guest.source.sound = "sb16";
  guest.source.memory = (std::uint64_t{512} << 20) + 1;
  const auto xml = of(guest);
  EXPECT_THAT(texts(xml, "//Item[Type='sound']"), IsEmpty());
  EXPECT_THAT(warnings_, testing::Contains(HasSubstr("sound card \"sb16\"")));
  EXPECT_THAT(texts(xml, "//rasd:VirtualQuantity"), ElementsAre("513", "1"));
}

TEST(OvfFlavours, HaveOldAndNewWords) {
  EXPECT_EQ(ovf::flavour_of("ovirt"), ovf::Flavour::ovirt);
  EXPECT_EQ(ovf::flavour_of("rhvexp"), ovf::Flavour::export_domain);
  EXPECT_EQ(ovf::flavour_of("ovirtexp"), ovf::Flavour::export_domain);
  EXPECT_FALSE(ovf::flavour_of("rhv"));
}

TEST(VolumeMeta, HasItsLinesInOrder) {
  EXPECT_EQ(
      ovf::volume_meta("SD", "IMG", {0, "raw", 1 << 20, 0}, false, 1700000000, "v2v 0.1=0\nX=1"),
      "DOMAIN=SD\nVOLTYPE=LEAF\nCTIME=1700000000\nMTIME=1700000000\nIMAGE=IMG\nDISKTYPE=2\n"
      "PUUID=00000000-0000-0000-0000-000000000000\nLEGALITY=LEGAL\nPOOL_UUID=\nSIZE=2048\n"
      "FORMAT=RAW\nTYPE=SPARSE\nDESCRIPTION=generated by v2v 0.1_0?X_1\nEOF\n");
  const auto cow = ovf::volume_meta("SD", "IMG", {0, "qcow2", 512, 0}, true, 0, "v2v");
  EXPECT_THAT(cow, HasSubstr("\nSIZE=1\nFORMAT=COW\nTYPE=PREALLOCATED\n"));
  EXPECT_TRUE(error_of([] { ovf::volume_meta("SD", "I", {0, "raw", 513, 0}, false, 0, ""); }));
  EXPECT_TRUE(error_of([] { ovf::volume_meta("SD", "I", {0, "vmdk", 512, 0}, false, 0, ""); }));
}

TEST(Uuids, AreRandomOnesOfVersionFour) {
  const std::regex form("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) seen.insert(ovf::new_uuid());
  EXPECT_EQ(seen.size(), 100u);
  for (const auto &uuid : seen) EXPECT_TRUE(std::regex_match(uuid, form)) << uuid;
}

}  // namespace
}  // namespace v2v::test
