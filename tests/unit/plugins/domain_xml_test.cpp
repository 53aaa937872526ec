// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The domain XML against files in data/, and every one of them against libvirt's schema. After a
// wanted change, V2V_UPDATE_GOLDEN=1 writes the files anew.
#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <v2v/libvirt/domain_xml.hpp>
#include <v2v/libvirt/osinfo.hpp>
#include <v2v/text/characters.hpp>
#include <v2v/text/printable.hpp>

#include "output_fixture.hpp"

namespace v2v::test {
namespace {

using libvirt::domain_xml;
using libvirt::TargetFeatures;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::string xml_of(const Metadata &guest, std::vector<std::string> *warnings = nullptr) {
  return domain_xml(guest, file_disks(guest), TargetFeatures::of_arch(guest.caps.arch),
                    [warnings](const std::string &text) {
                      if (warnings) warnings->push_back(text);
                    });
}

void expect_valid(const std::string &xml) {
  TemporaryDirectory scratch;
  const auto file = scratch / "guest.xml";
  write_file(file, xml);
  const auto ran = shell("virt-xml-validate " + file.string() + " domain");
  EXPECT_EQ(ran.status, 0) << ran.output << xml;
}

std::string scsi_controller(unsigned index) {
  return "<controller type='scsi' index='" + std::to_string(index) + "' model='virtio-scsi'/>";
}

void expect_golden(const std::string &name, const std::string &xml) {
  const auto file = std::filesystem::path(V2V_TEST_DATA) / (name + ".xml");
  if (std::getenv("V2V_UPDATE_GOLDEN")) write_file(file, xml);
  EXPECT_EQ(xml, read_file(file)) << file;
  expect_valid(xml);
}

TEST(DomainXml, MinimalBios) {
  expect_golden("minimal-bios", xml_of(debian_guest()));
}

TEST(DomainXml, UefiWithSecureBootAndTpm) {
  auto guest = debian_guest();
  guest.firmware = Firmware::uefi;
  guest.source.secure_boot = true;
  guest.source.tpm = true;
  guest.source.genid = "8f2b8a5e-6c65-4c4f-9d2a-0b7c6d7e8f90";
  guest.inspection.osinfo = "win2k22";
  guest.caps.rtc_utc = false;
  guest.caps.machine = Machine::i440fx;  // it must become q35
  expect_golden("uefi-secure-boot", xml_of(guest));
}

TEST(DomainXml, UefiWithoutSecureBoot) {
  auto guest = debian_guest();
  guest.firmware = Firmware::uefi;
  const auto xml = xml_of(guest);
  EXPECT_THAT(xml, HasSubstr("<os firmware='efi'>"));
  EXPECT_THAT(xml, HasSubstr("<feature name='secure-boot' enabled='no'/>"));
  EXPECT_THAT(xml, Not(HasSubstr("smm")));
  expect_valid(xml);
}

TEST(DomainXml, TwelveDisksTheSecondBoots) {
  auto guest = debian_guest(12);
  guest.inspection.boot_disk = 1;
  expect_golden("twelve-disks", xml_of(guest));
}

TEST(DomainXml, NoVirtioOnI440fx) {
  auto guest = debian_guest(2);
  use_bus(guest, BlockBus::ide);
  guest.caps.machine = Machine::i440fx;
  guest.caps.net_bus = NetBus::e1000;
  expect_golden("ide-i440fx", xml_of(guest));
}

TEST(DomainXml, NoVirtioOnQ35) {
  auto guest = debian_guest(2);
  use_bus(guest, BlockBus::ide);
  guest.caps.net_bus = NetBus::rtl8139;
  expect_golden("sata-q35", xml_of(guest));
}

Metadata guest_with_everything() {
  auto guest = debian_guest(2);
  auto &source = guest.source;
  source.vcpus = 8;
  source.cpu_vendor = "Intel";
  source.cpu_model = "Westmere";
  source.cpu_sockets = 2, source.cpu_cores = 2, source.cpu_threads = 2;
  source.features = {"acpi", "vmx", "pae"};
  source.display = Display{Display::Type::spice, 5901, "de", "se'cret", "192.0.2.1"};
  source.sound = "ich9";
  source.nics.push_back({Nic::Type::bridge, "", "VM Network", "e1000", {}});
  source.removables = {{Removable::Type::cdrom, Controller::ide, 2u},
                       {Removable::Type::cdrom, Controller::scsi, std::nullopt},
                       {Removable::Type::floppy, Controller::unknown, std::nullopt}};
  guest.buses.ide = {{}, {}, {Slot::Type::removable, 0}};
  guest.buses.scsi = {{Slot::Type::removable, 1}};
  guest.buses.floppy = {{Slot::Type::removable, 2}};
  auto &caps = guest.caps;
  caps.virtio_rng = caps.virtio_balloon = caps.virtio_socket = caps.isa_pvpanic = true;
  return guest;
}

TEST(DomainXml, EveryDevice) {
  expect_golden("every-device", xml_of(guest_with_everything()));
}

TEST(DomainXml, TransitionalDevices) {
  auto guest = guest_with_everything();
  guest.caps.virtio_1_0 = false;
  guest.disks[1].format = "qcow2";
  expect_golden("transitional", xml_of(guest));
}

// As libvirt lays the disks out, every one must be on a controller that the XML names: one that
// libvirt adds by itself is an LSI, for which the guest has no driver.
TEST(DomainXml, ManyScsiDisksAreAllOnVirtioScsi) {
  for (const auto &[disks, controllers] :
       {std::pair(7u, 1u), std::pair(8u, 2u), std::pair(30u, 5u)}) {
    auto guest = debian_guest(disks);
    use_bus(guest, BlockBus::virtio_scsi);
    const auto xml = xml_of(guest);
    expect_valid(xml);
    for (unsigned i = 0; i < controllers; ++i) EXPECT_THAT(xml, HasSubstr(scsi_controller(i)));
    EXPECT_THAT(xml, Not(HasSubstr(scsi_controller(controllers))));
    TemporaryDirectory scratch;
    auto of_test = xml;
    of_test.replace(of_test.find("'kvm'"), 5, "'test'");
    write_file(scratch / "guest.xml", of_test);
    const auto ran = shell("virsh -q -c test:///default 'define " +
                           (scratch / "guest.xml").string() + "; dumpxml debian12'");
    ASSERT_EQ(ran.status, 0) << ran.output;
    EXPECT_THAT(ran.output, Not(testing::ContainsRegex("controller type='scsi' index='[0-9]+'/>")));
    EXPECT_THAT(ran.output,
                HasSubstr("<target dev='sd" + text::drive_letters(disks - 1) + "' bus='scsi'/>"));
  }
}

TEST(DomainXml, VolumesAndBlockDevices) {
  auto guest = debian_guest(2);
  const auto xml = domain_xml(guest,
                              {{machine::DiskSource::Kind::volume, "g-sda", "default", "qcow2"},
                               {machine::DiskSource::Kind::block, "/dev/vg/lv", {}, "raw"}},
                              TargetFeatures::of_arch("x86_64"));
  EXPECT_THAT(xml, HasSubstr("<disk type='volume' device='disk'>"));
  EXPECT_THAT(xml, HasSubstr("<source pool='default' volume='g-sda'/>"));
  EXPECT_THAT(xml, HasSubstr("<source dev='/dev/vg/lv'/>"));
  expect_valid(xml);
}

TEST(DomainXml, ArmHasNoHostModelNoPs2AndNoIde) {
  auto guest = debian_guest(1);
  guest.caps.arch = "aarch64";
  guest.caps.machine = Machine::virt;
  guest.firmware = Firmware::uefi;
  guest.caps.isa_pvpanic = true;
  guest.source.tpm = true;
  guest.source.removables = {{Removable::Type::cdrom, Controller::ide, 0u}};
  guest.buses.ide = {{Slot::Type::removable, 0}};
  std::vector<std::string> warnings;
  const auto xml = xml_of(guest, &warnings);
  EXPECT_THAT(xml, HasSubstr("<cpu mode='host-passthrough'/>"));
  EXPECT_THAT(xml, HasSubstr("<type arch='aarch64' machine='virt'>hvm</type>"));
  EXPECT_THAT(xml, HasSubstr("<tpm model='tpm-tis'>"));
  EXPECT_THAT(xml, HasSubstr("<features/>"));
  EXPECT_THAT(xml, Not(testing::ContainsRegex("cdrom|ps2|panic")));
  EXPECT_THAT(warnings, ElementsAre(HasSubstr("no IDE bus")));
  expect_valid(xml);
}

TEST(DomainXml, EveryKindOfListenAddress) {
  for (const auto &[listen, expected] :
       {std::pair{"::1", "<listen type='address' address='::1'/>"},
        std::pair{"none", "<listen type='none'/>"},
        std::pair{"lab net", "<listen type='network' network='lab net'/>"}}) {
    auto guest = debian_guest();
    guest.source.display = Display{Display::Type::vnc, std::nullopt, "", "", listen};
    const auto xml = xml_of(guest);
    EXPECT_THAT(xml, HasSubstr(expected));
    expect_valid(xml);
  }
}

// What a hostile or odd source can put into strings: it comes out well-formed and as it went in.
TEST(DomainXml, HostileTextIsEscaped) {
  auto guest = debian_guest();
  guest.name = "a'b\"<c>&]]>--{}%s é 日本 /d";
  guest.source.nics[0].network = "n'\"<>&]]>\n\t";
  guest.source.cpu_model = "<!-- ]]> &amp;";
  guest.source.display = Display{Display::Type::vnc, 99999, "k'", "p'\"<\x7f>", "l<"};
  const auto xml = xml_of(guest);
  EXPECT_THAT(xml, HasSubstr("<name>a'b\"&lt;c&gt;&amp;]]&gt;--{}%s é 日本 _d</name>"));
  EXPECT_THAT(xml, HasSubstr("<source network='n&apos;\"&lt;>&amp;]]>&#10;&#09;'/>"));
  EXPECT_THAT(xml, HasSubstr("file='/var/tmp/a&apos;b\"&lt;c>&amp;]]>--{}%s é 日本 _d-sda'/>"));
  EXPECT_THAT(xml, HasSubstr("autoport='yes'"));  // there is no port 99999
  expect_valid(xml);
}

TEST(DomainXml, TextThatXmlCannotHoldIsOneClearError) {
  for (const std::string &bad :
       {std::string("a\x01"), std::string("\xff\xfe"), std::string("\xed\xa0\x80"),
        std::string("\xef\xbf\xbf"), std::string("\xc0\xaf")}) {
    auto guest = debian_guest();
    guest.source.nics[0].network = bad;
    const auto error = error_of([&] { xml_of(guest); });
    ASSERT_TRUE(error) << text::printable(bad);
    EXPECT_EQ(error->code(), Code::unsupported);
    EXPECT_EQ(error->object(), text::printable(bad));
    EXPECT_TRUE(error_of([&] { libvirt::check_expressible(guest.source); }));
  }
}

TEST(DomainXml, APasswordNeverGetsIntoAMessage) {
  auto guest = debian_guest();
  guest.source.display = Display{Display::Type::vnc, std::nullopt, "", "hunter2\x02", ""};
  std::vector<std::string> warnings;
  const auto xml = xml_of(guest, &warnings);
  EXPECT_THAT(xml, Not(HasSubstr("hunter2")));
  ASSERT_EQ(warnings.size(), 1u);
  EXPECT_THAT(warnings[0], Not(HasSubstr("hunter2")));
}

TEST(DomainXml, WhatIsNoUseIsLeftOutAndTold) {
  auto guest = debian_guest();
  guest.source.nics[0].mac = "01:00:5e:00:00:01";  // multicast
  guest.source.nics.push_back({Nic::Type::bridge, "zz", "br\"0", "", {}});
  guest.source.genid = "not a uuid";
  guest.source.sound = "gus";
  guest.source.vcpus = 3;
  guest.source.cpu_sockets = guest.source.cpu_cores = guest.source.cpu_threads = 2;
  guest.inspection.osinfo = "unknown";
  std::vector<std::string> warnings;
  const auto xml = xml_of(guest, &warnings);
  EXPECT_EQ(warnings.size(), 7u);
  EXPECT_THAT(xml, HasSubstr("<source bridge='br_0'/>"));
  EXPECT_THAT(xml, Not(testing::ContainsRegex("mac address|genid|sound|topology|metadata")));
  expect_valid(xml);
}

TEST(DomainXml, TheSlotsMustBeThoseOfTheGuest) {
  auto guest = debian_guest();
  guest.buses.virtio_blk.push_back({Slot::Type::disk, 7});
  EXPECT_EQ(error_of([&] { xml_of(guest); })->code(), Code::internal);
}

TEST(Osinfo, RulesForEveryDistribution) {
  const std::vector<std::pair<const char *, const char *>> known = {
      {"debian12", "http://debian.org/debian/12"},
      {"ubuntu22.04", "http://ubuntu.com/ubuntu/22.04"},
      {"rhel9.2", "http://redhat.com/rhel/9.2"},
      {"centos7.0", "http://centos.org/centos/7.0"},
      {"centos-stream9", "http://centos.org/centos-stream/9"},
      {"fedora40", "http://fedoraproject.org/fedora/40"},
      {"sles15sp4", "http://suse.com/sles/15.4"},
      {"sled12", "http://suse.com/sled/12"},
      {"sle15sp3", "http://suse.com/sle/15.3"},
      {"opensuse15.5", "http://opensuse.org/opensuse/15.5"},
      {"almalinux9", "http://almalinux.org/almalinux/9"},
      {"win2k12r2", "http://microsoft.com/win/2k12r2"},
      {"win8.1", "http://microsoft.com/win/8.1"},
      {"win11", "http://microsoft.com/win/11"}};
  for (const auto &[id, uri] : known) EXPECT_EQ(libvirt::osinfo_uri(id), uri);
  for (const char *id : {"unknown", "", "kali", "debian", "win", "ubuntu22.04'/>", "rhel9\n"})
    EXPECT_EQ(libvirt::osinfo_uri(id), "") << id;
}

// The rules against the database, where it is installed: a rule may know more than the database,
// but must never name another URI.
TEST(Osinfo, AgreesWithTheDatabase) {
  const auto ran = shell("grep -rhoE '<os id=\"[^\"]*|<short-id>[^<]*' /usr/share/osinfo/os");
  if (ran.status != 0) GTEST_SKIP() << "no osinfo-db";
  std::istringstream lines(ran.output);
  unsigned compared = 0;
  const std::string os = "<os id=\"", short_id = "<short-id>";
  std::string uri;
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind(os, 0) == 0) uri = line.substr(os.size());
    if (line.rfind(short_id, 0) != 0) continue;
    const auto id = line.substr(short_id.size());
    const auto ours = libvirt::osinfo_uri(id);
    if (ours.empty()) continue;
    EXPECT_EQ(ours, uri) << id;
    ++compared;
  }
  EXPECT_GT(compared, 200u);
}

}  // namespace
}  // namespace v2v::test
