// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/convert/guest_facts.hpp>

#include <gmock/gmock.h>

namespace v2v::core {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

class GuestFactsTest : public testing::Test {
 protected:
  GuestFactsTest() {
    settings.input = "ova";
    settings.input_request.arguments = {"guest.ova"};
    source.name = "web01";
    source.hypervisor = "vmware";
    source.memory = std::uint64_t{2} << 30;
    source.vcpus = 4;
    source.firmware = Firmware::bios;
    source.disks.resize(1);
    source.disks[0].id = "disk1.vmdk";
    source.disks[0].controller = Controller::scsi;
    source.disks[0].location.format = "vmdk";
    source.nics = {{Nic::Type::network, "52:54:00:00:00:01", "VM Network", "vmxnet3", {}}};
    source.removables = {{Removable::Type::cdrom, Controller::ide, 1u}};
  }

  GuestFacts found() const {
    auto mapped = source;
    mapped.nics[0].type = Nic::Type::bridge;
    mapped.nics[0].network = "br0";
    return facts_of({settings, source, mapped, target ? &*target : nullptr, Firmware::bios,
                     inspection, caps, buses, disks});
  }
  /// "Machine/Memory: 2.0 GiB | 2.0 GiB"
  std::vector<std::string> lines() const {
    std::vector<std::string> lines;
    for (const auto &[group, name, before, after] : found().traits)
      lines.push_back(group + "/" + name + ": " + before + " | " + after);
    return lines;
  }

  ConversionSettings settings;
  Source source;
  std::optional<OutputDescription> target;
  Inspection inspection;
  GuestCaps caps;
  Buses buses;
  std::vector<DiskUnderway> disks;
};

TEST_F(GuestFactsTest, OfASourceOnlyWhatItSays) {
  EXPECT_EQ(found().guest, "web01");
  EXPECT_EQ(found().system, "");
  EXPECT_THAT(found().disks, IsEmpty());
  EXPECT_THAT(lines(), Contains("Machine/Where: -i ova guest.ova | "));
  EXPECT_THAT(lines(), Contains("Machine/Hypervisor: vmware | KVM"));
  EXPECT_THAT(lines(), Contains("Disks/Disk 1: SCSI, vmdk, disk1.vmdk | "));
  EXPECT_THAT(lines(), Contains("Network/52:54:00:00:00:01: vmxnet3, network VM Network | "));
  EXPECT_THAT(lines(), Not(Contains(StartsWith("System/"))));
  EXPECT_THAT(lines(), Not(Contains(StartsWith("Machine/Chipset"))));
}

TEST_F(GuestFactsTest, OfAConvertedGuestAlsoTheNewMachine) {
  settings.output_request.name = "web02";
  target.emplace().destination = "-o local -os /x";
  inspection.type = "linux";
  inspection.product_name = "Debian GNU/Linux 12";
  inspection.osinfo = "debian12";
  inspection.mountpoints = {{"/", "/dev/sda1"}, {"/data", "/dev/vg/data"}};
  inspection.filesystems = {{"/dev/sda1", "ext4"}};
  caps.arch = "x86_64";
  caps.block_bus = BlockBus::virtio_blk;
  caps.net_bus = NetBus::virtio;
  caps.virtio_rng = true;
  buses.virtio_blk = {{Slot::Type::disk, 0}};
  buses.ide = {{}, {Slot::Type::removable, 0}};
  auto &disk = disks.emplace_back();
  disk.source_size = std::uint64_t{10} << 30;
  disk.wanted.format = "raw";
  disk.target.location.emplace().path = "/x/web02-sda";
  disk.map.emplace().size = disk.source_size;

  EXPECT_EQ(found().system, "Debian GNU/Linux 12 (debian12)");
  ASSERT_EQ(found().disks.size(), 1u);
  EXPECT_EQ(found().disks[0].first, "disk1.vmdk");
  for (const char *line :
       {"Machine/Name: web01 | web02", "Machine/Where: -i ova guest.ova | -o local -os /x",
        "Machine/Chipset:  | q35 (x86_64)", "Machine/Firmware: BIOS | BIOS",
        "Machine/Other devices:  | virtio-rng", "System//: ext4 on /dev/sda1 | ext4 on /dev/sda1",
        "System//data: /dev/vg/data | /dev/vg/data",
        "Disks/Disk 1: 10.0 GiB, SCSI, vmdk, disk1.vmdk | virtio-blk 1, raw, /x/web02-sda",
        "Disks/CD-ROM drive: IDE | IDE 2",
        "Network/52:54:00:00:00:01: vmxnet3, network VM Network | virtio-net, bridge br0"})
    EXPECT_THAT(lines(), Contains(line));
}

TEST_F(GuestFactsTest, InPlaceTheDisksStayWhereTheyAre) {
  settings.in_place = InPlace::overlay;
  caps.arch = "x86_64";
  caps.block_bus = BlockBus::virtio_blk;
  disks.resize(1);
  EXPECT_THAT(lines(), Contains("Machine/Where: -i ova guest.ova | the same disks"));
  EXPECT_THAT(lines(), Contains(testing::EndsWith("| virtio-blk")));
}

}  // namespace
}  // namespace v2v::core
