// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A virtual machine of vSphere as a Source.
#include "../../refusal.hpp"

#include <guest.hpp>

#include <algorithm>
#include <vector>

namespace v2v::test {
namespace {

using namespace input_vpx;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class VpxGuestTest : public ::testing::Test {
 protected:
  VpxGuestTest() { EXPECT_TRUE(document_.load_file(V2V_VPX_DATA "/config.xml")); }

  pugi::xml_node config() { return document_.child("val"); }
  pugi::xml_node device(const char *key) {
    return config().child("hardware").find_child([&](pugi::xml_node node) {
      return node.child("key").text().get() == std::string(key);
    });
  }
  Guest read() {
    return read_guest(
        config(), [](const std::string &key) { return key == "dvportgroup-7" ? "Production" : ""; },
        [this](const std::string &text) { warnings_.push_back(text); });
  }

  pugi::xml_document document_;
  std::vector<std::string> warnings_;
};

TEST_F(VpxGuestTest, TheMachineIsRead) {
  const auto source = read().source;
  EXPECT_EQ(source.name, "Web/Server 100%");
  EXPECT_EQ(source.hypervisor, "vmware");
  EXPECT_EQ(source.memory, std::uint64_t{8} << 30);
  EXPECT_EQ(source.vcpus, 4u);
  EXPECT_EQ(source.cpu_sockets, 2u);
  EXPECT_EQ(source.cpu_cores, 2u);
  EXPECT_EQ(source.firmware, Firmware::uefi);
  EXPECT_EQ(source.secure_boot, true);
  EXPECT_EQ(source.tpm, true);
  EXPECT_EQ(source.os_type, "windows");
  EXPECT_EQ(source.sound, "ich6");
  EXPECT_EQ(source.genid, "8312995e-57b8-f814-4013-c1ba795f05ba");
}

TEST_F(VpxGuestTest, WhatIsNotSaidHasTheDefaultOfAVmx) {
  for (const char *name : {"firmware", "bootOptions", "extraConfig", "guestId"})
    while (config().remove_child(name)) continue;
  config().child("hardware").remove_child("numCoresPerSocket");
  config().child("hardware").remove_child(device("11000"));
  const auto source = read().source;
  EXPECT_EQ(source.firmware, Firmware::bios);
  EXPECT_EQ(source.secure_boot, false);
  EXPECT_EQ(source.tpm, false);
  EXPECT_EQ(source.genid, "");
  EXPECT_EQ(source.os_type, "");
  EXPECT_EQ(source.cpu_sockets, 0u);
}

TEST_F(VpxGuestTest, DisksComeByBusControllerAndUnit) {
  const auto disks = read().disks;
  std::vector<std::string> places;
  for (const auto &disk : disks) places.push_back(disk.place + " " + disk.file);
  EXPECT_THAT(places, ElementsAre("scsi0:2 [ds] w/two.vmdk", "scsi0:10 [ds 2] w/ten-000002.vmdk",
                                  "scsi1:0 [ds] w/second.vmdk", "nvme0:0 [ds] w/nvme.vmdk",
                                  "sata0:0 [ds] w/sata.vmdk", "ide0:1 [ds] w/ide.vmdk"));
  ASSERT_EQ(disks.size(), 6u);
  EXPECT_EQ(disks[0].capacity, 5120000000512u);
  EXPECT_EQ(disks[2].capacity, 1048576u);
  EXPECT_EQ(disks[0].controller, Controller::scsi);
  EXPECT_EQ(disks[3].controller, Controller::nvme);
  EXPECT_EQ(disks[4].controller, Controller::sata);
  EXPECT_EQ(disks[5].controller, Controller::ide);
  for (std::size_t i = 0; i < disks.size(); ++i) {
    EXPECT_EQ(disks[i].snapshot, i == 1) << i;
    EXPECT_EQ(disks[i].encrypted, i == 3) << i;
    EXPECT_EQ(disks[i].flat, i != 4) << i;
  }
}

TEST_F(VpxGuestTest, DisksThatAreNoFilesAreRefused) {
  auto backing = device("3000").child("backing");
  backing.attribute("xsi:type") = "VirtualDiskRawDiskMappingVer1BackingInfo";
  EXPECT_THAT(refusal([this] { read(); }), HasSubstr("ide0:1 is a raw device mapping"));
  backing.attribute("xsi:type") = "VirtualDiskLocalPMemBackingInfo";
  backing.child("fileName").text() = "";
  EXPECT_THAT(refusal([this] { read(); }), HasSubstr("VirtualDiskLocalPMemBackingInfo"));
}

TEST_F(VpxGuestTest, FirmwareMayBeWrittenOut) {
  config().child("firmware").text() = "bios";
  EXPECT_EQ(read().source.firmware, Firmware::bios);
}

TEST_F(VpxGuestTest, SixtyFourDisksOfAControllerOnSeveralDatastoresAreRead) {
  auto hardware = config().child("hardware");
  const auto first = device("2002");
  const auto controller = std::string(first.child("controllerKey").text().get());
  const auto before = read().disks.size();
  for (unsigned unit = 16; unit < 65; ++unit) {
    auto disk = hardware.append_copy(first);
    disk.child("key").text() = 90000 + unit;
    disk.child("unitNumber").text() = unit;
    auto backing = disk.child("backing");
    backing.child("fileName").text() = ("[ssd 2] a/" + std::to_string(unit) + ".vmdk").c_str();
    backing.remove_child("diskMode");
    backing.append_child("diskMode").text() = "independent_nonpersistent";
  }
  const auto disks = read().disks;
  ASSERT_EQ(disks.size(), before + 49);
  const auto last = std::find_if(disks.begin(), disks.end(), [](const DiskEntry &disk) {
    return disk.file == "[ssd 2] a/64.vmdk";
  });
  ASSERT_NE(last, disks.end());
  EXPECT_THAT(last->place, ::testing::EndsWith(":64"));
  EXPECT_TRUE(last->flat);
}

TEST_F(VpxGuestTest, ADiskWithoutAControllerIsKeptWithAWarning) {
  device("3000").child("controllerKey").text() = "9999";
  const auto disks = read().disks;
  ASSERT_EQ(disks.size(), 6u);
  EXPECT_EQ(disks[5].file, "[ds] w/ide.vmdk");
  EXPECT_EQ(disks[5].controller, Controller::unknown);
  EXPECT_THAT(warnings_, ::testing::Contains(HasSubstr("its disk 3000 is not known")));
}

TEST_F(VpxGuestTest, DrivesAreFound) {
  const auto drives = read().source.removables;
  ASSERT_EQ(drives.size(), 3u);
  EXPECT_EQ(drives[0].controller, Controller::sata);
  EXPECT_EQ(drives[0].slot, 1u);
  EXPECT_EQ(drives[1].controller, Controller::ide);
  EXPECT_EQ(drives[1].slot, 2u);
  EXPECT_EQ(drives[2].type, Removable::Type::floppy);
}

TEST_F(VpxGuestTest, NetworkCardsHaveTheNamesOfTheirNetworks) {
  const auto nics = read().source.nics;
  ASSERT_EQ(nics.size(), 3u);
  EXPECT_EQ(nics[0].mac, "00:50:56:ab:cd:ef");
  EXPECT_EQ(nics[0].model, "vmxnet3");
  EXPECT_EQ(nics[0].network, "VM Network");
  EXPECT_EQ(nics[0].pci_slot, 192u);
  EXPECT_EQ(nics[0].type, Nic::Type::network);
  EXPECT_EQ(nics[1].network, "Production");
  EXPECT_EQ(nics[1].model, "e1000e");
  EXPECT_FALSE(nics[1].pci_slot);
  EXPECT_EQ(nics[2].network, "nsx.LogicalSwitch: 42");
  EXPECT_EQ(nics[2].model, "vlance");
  EXPECT_EQ(nics[2].mac, "");
  EXPECT_THAT(warnings_, ElementsAre(HasSubstr("zz:50:56:00:00:01")));
}

TEST_F(VpxGuestTest, NumbersThatCannotBeAreRefused) {
  for (const char *name : {"numCPU", "memoryMB"})
    for (const char *text : {"", "0", "-1", "99999999999999999999", "4x"}) {
      auto value = config().child("hardware").child(name).text();
      const std::string before = value.get();
      value = text;
      EXPECT_THAT(refusal([this] { read(); }), HasSubstr(name)) << text;
      value = before.c_str();
    }
  EXPECT_THAT(read().source.name, HasSubstr("Web"));
}

}  // namespace
}  // namespace v2v::test
