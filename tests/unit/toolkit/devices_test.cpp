// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Names of disks before and after, and the files that hold them.
#include "system_fixture.hpp"

#include <v2v/linux/devices.hpp>
#include <v2v/text/characters.hpp>

using namespace v2v;
using namespace v2v::linux;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using Kind = DeviceMap::Lookup::Kind;

namespace {

TEST(DeviceMap, Letters) {
  EXPECT_EQ(text::drive_letters(0), "a");
  EXPECT_EQ(text::drive_letters(25), "z");
  EXPECT_EQ(text::drive_letters(26), "aa");
  EXPECT_EQ(text::drive_letters(27), "ab");
  EXPECT_EQ(text::drive_letters(26 * 27), "aaa");
}

TEST(DeviceMap, NamesByControllerAndBus) {
  Source source;
  source.disks.resize(5);
  source.disks[0].controller = Controller::scsi;
  source.disks[1].controller = Controller::ide;
  source.disks[2].controller = Controller::nvme;
  source.disks[3].controller = Controller::virtio_blk;
  const DeviceMap map(source, BlockBus::virtio_blk, "hd");
  // Each kind is counted for itself.
  EXPECT_THAT(map.description(), ElementsAre("sda -> vda", "hda -> vdb", "nvme0n1 -> vdc",
                                             "vda -> vdd", "hdb -> vde"));
  EXPECT_EQ(map.rename("/dev/sda"), "/dev/vda");
  EXPECT_EQ(map.rename("/dev/hda12"), "/dev/vdb12");
  EXPECT_EQ(map.rename("/dev/nvme0n1p3"), "/dev/vdc3");
  EXPECT_EQ(map.rename("/dev/xvdd1"), "/dev/vdd1");
  EXPECT_EQ(map.find("/dev/nvme0n1p3").appliance, "/dev/sdc3");
  // Without virtio everything is on IDE.
  EXPECT_EQ(DeviceMap(source, BlockBus::ide, "hd").rename("/dev/sda2"), "/dev/hda2");
  EXPECT_EQ(DeviceMap(source, BlockBus::ide, "sd").rename("/dev/sda2"), "/dev/sda2");
  EXPECT_EQ(DeviceMap(source, BlockBus::virtio_scsi, "sd").rename("/dev/vda2"), "/dev/sdd2");
}

TEST(DeviceMap, OtherNamesOfTheSameDisks) {
  const DeviceMap nvme(source_with_disks(2, Controller::nvme), BlockBus::virtio_blk, "sd");
  EXPECT_EQ(nvme.rename("/dev/nvme1n1p2"), "/dev/vdb2");
  EXPECT_EQ(nvme.rename("/dev/nvme0n2p2"), "/dev/vdb2");
  const DeviceMap unknown(source_with_disks(2, Controller::unknown), BlockBus::virtio_blk, "sd");
  EXPECT_EQ(unknown.rename("/dev/hda1"), "/dev/vda1");
  EXPECT_EQ(unknown.find("/dev/vdb1").kind, Kind::known);
  EXPECT_EQ(unknown.rename("/dev/nvme0n1p2"), "/dev/vda2");
  const DeviceMap scsi(source_with_disks(2), BlockBus::virtio_blk, "sd");
  EXPECT_EQ(scsi.find("/dev/hda1").kind, Kind::unknown);
}

TEST(DeviceMap, WhatIsNoDiskAndWhatIsNotKnown) {
  const DeviceMap map(source_with_disks(2), BlockBus::virtio_blk, "sd");
  for (const char *other :
       {"UUID=1234", "LABEL=/", "/dev/mapper/vg-root", "/dev/vg/root", "/dev/md0", "/dev/fd0",
        "/dev/sr0", "/dev/scd0", "/dev/cdrom", "proc", "", "/dev/", "//server/share", "/dev/dm-0",
        "/dev/disk/by-uuid/12", "/dev/disk/by-label/x"})
    EXPECT_EQ(map.find(other).kind, Kind::other) << other;
  for (const char *unknown : {"/dev/sdc", "/dev/sdc1", "/dev/cciss/c0d0p1", "/dev/nvme0n1"})
    EXPECT_EQ(map.find(unknown).kind, Kind::unknown) << unknown;
  EXPECT_EQ(map.rename("/dev/sdc1"), "/dev/sdc1");
  EXPECT_EQ(map.find("/dev/" + std::string(1u << 20, 'a')).kind, Kind::other);
}

TEST(DeviceMap, LinksThatNameTheOldHardware) {
  const DeviceMap one(source_with_disks(1), BlockBus::virtio_blk, "sd");
  EXPECT_EQ(one.rename("/dev/disk/by-path/pci-0000:03:00.0-scsi-0:0:0:0-part2"), "/dev/vda2");
  EXPECT_EQ(one.rename("/dev/disk/by-id/scsi-36000c29f"), "/dev/vda");
  EXPECT_EQ(one.find("/dev/disk/by-id/dm-name-vg-root").kind, Kind::other);
  for (const char *cd : {"ata-VBOX_CD-ROM_VB2-01700376", "ata-VMware_Virtual_SATA_CDRW_Drive_0",
                         "ata-VMware_Virtual_IDE_CDROM_Drive_1"})
    EXPECT_EQ(one.find(std::string("/dev/disk/by-id/") + cd).kind, Kind::other) << cd;
  const DeviceMap two(source_with_disks(2), BlockBus::virtio_blk, "sd");
  EXPECT_EQ(two.find("/dev/disk/by-id/scsi-36000c29f-part1").kind, Kind::unknown);
}

TEST(DeviceMap, KernelArguments) {
  const DeviceMap map(source_with_disks(1), BlockBus::virtio_blk, "sd");
  EXPECT_EQ(map.rewrite_arguments("root=/dev/sda1 ro resume=/dev/sda5 real_root=/dev/sda1"),
            "root=/dev/vda1 ro resume=/dev/vda5 real_root=/dev/sda1");
  EXPECT_EQ(map.rewrite_arguments("root=UUID=1 resume=/dev/mapper/swap"),
            "root=UUID=1 resume=/dev/mapper/swap");
  EXPECT_EQ(map.rewrite_arguments("root="), "root=");
  EXPECT_EQ(map.rewrite_arguments(""), "");
}

class DevicesTest : public SystemTest {
 protected:
  DevicesTest() {
    guest.write("/boot/grub/grub.cfg",
                "menuentry x {\n\tlinux /boot/vmlinuz-6 root=/dev/sda1 resume=/dev/sda5\n}\n");
    empty_file("/boot/vmlinuz-6");
    bootloader = make_grub2(guest, "/boot/grub/grub.cfg", log);
  }
  std::vector<std::string> rename(unsigned disks = 2, BlockBus bus = BlockBus::virtio_blk) {
    const DeviceMap map(source_with_disks(disks), bus, "sd");
    return rename_devices(
        guest, *bootloader, map,
        [this](const std::string &device) -> std::optional<std::string> {
          asked.push_back(device);
          if (device == "/dev/sda2") return "1111-2222";
          return std::nullopt;
        },
        log);
  }
  std::unique_ptr<Bootloader> bootloader;
  std::vector<std::string> asked;
};

TEST_F(DevicesTest, Fstab) {
  guest.write("/etc/fstab",
              "# /dev/sda1 was here\n/dev/sda1\t/ ext4  errors=remount-ro,x=/dev/sda1 0 1\r\n"
              "UUID=12 /boot ext4\n\nodd\n/dev/sdb1 none swap sw 0 0\n/dev/sr0 /media/cdrom0\n"
              "/dev/sdq1 /usb auto noauto");
  EXPECT_THAT(rename(), ElementsAre("/etc/fstab"));
  EXPECT_EQ(guest.read("/etc/fstab"),
            "# /dev/sda1 was here\n/dev/vda1\t/ ext4  errors=remount-ro,x=/dev/sda1 0 1\r\n"
            "UUID=12 /boot ext4\n\nodd\n/dev/vdb1 none swap sw 0 0\n/dev/sr0 /media/cdrom0\n"
            "/dev/sdq1 /usb auto noauto");
  EXPECT_THAT(warnings, ElementsAre(HasSubstr("/dev/sdq1")));
}

TEST_F(DevicesTest, OptionsAndUnitsThatNameDevices) {
  guest.write("/etc/fstab",
              "UUID=1 / btrfs device=/dev/sda2,device=/dev/sdb1,subvol=@ 0 0\n"
              "UUID=2 /x xfs logdev=/dev/sdb2 0 0\n# c d e device=/dev/sda2\n"
              "UUID=3 /y ext4 x-device=/dev/sda1,device,=\n");
  guest.write("/etc/systemd/system/data.mount", "[Mount]\nWhat=/dev/sdb1\nWhere=/data\n");
  guest.write("/etc/systemd/system/x.service", "[Service]\nWhat=/dev/sdb1\n");
  rename();
  EXPECT_EQ(guest.read("/etc/fstab"),
            "UUID=1 / btrfs device=/dev/vda2,device=/dev/vdb1,subvol=@ 0 0\n"
            "UUID=2 /x xfs logdev=/dev/vdb2 0 0\n# c d e device=/dev/sda2\n"
            "UUID=3 /y ext4 x-device=/dev/sda1,device,=\n");
  EXPECT_EQ(guest.read("/etc/systemd/system/data.mount"), "[Mount]\nWhat=/dev/vdb1\nWhere=/data\n");
  EXPECT_EQ(guest.read("/etc/systemd/system/x.service"), "[Service]\nWhat=/dev/sdb1\n");
}

TEST_F(DevicesTest, CrypttabGetsUuids) {
  guest.write("/etc/crypttab",
              "# <target> <source device>\nsda2_crypt /dev/sda2 none luks,discard\n"
              "plain /dev/sdb1 /key luks\nswap /dev/sdb2 /dev/urandom swap\ndone UUID=9 none\n");
  rename();
  EXPECT_EQ(guest.read("/etc/crypttab"),
            "# <target> <source device>\nsda2_crypt UUID=1111-2222 none luks,discard\n"
            "plain /dev/vdb1 /key luks\nswap /dev/vdb2 /dev/urandom swap\ndone UUID=9 none\n");
  EXPECT_THAT(asked, ElementsAre("/dev/sda2", "/dev/sdb1"));
  EXPECT_THAT(warnings, ElementsAre(HasSubstr("/dev/sdb1 has no UUID")));
}

TEST_F(DevicesTest, ResumeDeviceMapAndBootloader) {
  guest.write("/etc/initramfs-tools/conf.d/resume", "RESUME=/dev/sda5\n");
  guest.write("/etc/initramfs-tools/initramfs.conf", "MODULES=most\n");
  guest.write("/boot/grub/device.map", "(fd0)\t/dev/fd0\n(hd0)\t/dev/sda\n");
  rename();
  bootloader->update();
  EXPECT_EQ(guest.read("/etc/initramfs-tools/conf.d/resume"), "RESUME=/dev/vda5\n");
  EXPECT_EQ(guest.read("/boot/grub/device.map"), "(fd0)\t/dev/fd0\n(hd0)\t/dev/vda\n");
  EXPECT_THAT(guest.read("/boot/grub/grub.cfg"), HasSubstr("root=/dev/vda1 resume=/dev/vda5\n"));
  EXPECT_THAT(warnings, IsEmpty());
}

TEST_F(DevicesTest, SameNamesChangeNothing) {
  guest.write("/etc/fstab", "/dev/sda1 / ext4\n");
  guest.write("/etc/crypttab", "sda2_crypt /dev/sda2 none luks\n");
  EXPECT_THAT(rename(2, BlockBus::virtio_scsi), IsEmpty());
  EXPECT_THAT(bootloader->update(), IsEmpty());
}

TEST_F(DevicesTest, FiltersOfLvmAndMdadm) {
  guest.write("/etc/lvm/lvm.conf",
              "devices {\n\t# filter = [ \"a|/dev/sda|\" ]\n\tfilter = [ \"a|^/dev/sda[0-9]|\",\n"
              "\t\t\"a/sdb.*/\", \"a|/dev/sd.*|\", \"r|.*|\" ]\n\tdir = \"/dev/sda\"\n}\n");
  guest.write("/etc/mdadm/mdadm.conf",
              "# /dev/sda\nDEVICE /dev/sda1 /dev/sd[ab]2\n"
              "ARRAY /dev/md0 name=host:sda devices=/dev/sda1,/dev/sdb1\nMAILADDR sda@x\n");
  EXPECT_THAT(rename(), ElementsAre("/etc/lvm/lvm.conf", "/etc/mdadm/mdadm.conf"));
  EXPECT_EQ(guest.read("/etc/lvm/lvm.conf"),
            "devices {\n\t# filter = [ \"a|/dev/sda|\" ]\n\tfilter = [ \"a|^/dev/vda[0-9]|\",\n"
            "\t\t\"a/vdb.*/\", \"a|/dev/vd.*|\", \"r|.*|\" ]\n\tdir = \"/dev/sda\"\n}\n");
  EXPECT_EQ(guest.read("/etc/mdadm/mdadm.conf"),
            "# /dev/sda\nDEVICE /dev/vda1 /dev/vd[ab]2\n"
            "ARRAY /dev/md0 name=host:sda devices=/dev/vda1,/dev/vdb1\nMAILADDR sda@x\n");
  EXPECT_THAT(warnings, IsEmpty());
}

TEST_F(DevicesTest, FiltersByTheOldHardwareAreAWarning) {
  guest.write("/etc/lvm/lvm.conf", "filter = [ \"a|/dev/disk/by-id/scsi-3600|\", \"r|.*|\" ]\n");
  EXPECT_THAT(rename(), IsEmpty());
  EXPECT_THAT(warnings, ElementsAre(HasSubstr("/etc/lvm/lvm.conf names disks by the old")));
}

TEST_F(DevicesTest, CachesAreDeleted) {
  empty_files({"/etc/blkid.tab", "/etc/lvm/cache/.cache", "/etc/lvm/devices/system.devices"});
  rename();
  EXPECT_THAT(guest.list("/etc/lvm/cache"), IsEmpty());
  EXPECT_THAT(guest.list("/etc/lvm/devices"), IsEmpty());
  EXPECT_FALSE(guest.stat("/etc/blkid.tab"));
}

TEST_F(DevicesTest, GrubIsToldWhereToInstallItself) {
  guest.write("/var/cache/debconf/config.dat",
              "Name: grub-pc/install_devices\nTemplate: grub-pc/install_devices\n"
              "Value: /dev/sda, /dev/disk/by-id/ata-x\nOwners: grub-pc\n\n"
              "Name: other/device\nValue: /dev/sda\n");
  rename(1);
  EXPECT_EQ(guest.read("/var/cache/debconf/config.dat"),
            "Name: grub-pc/install_devices\nTemplate: grub-pc/install_devices\n"
            "Value: /dev/vda\nOwners: grub-pc\n\n"
            "Name: other/device\nValue: /dev/sda\n");
}

TEST(RewriteCrypttab, TheCopyInAnInitramfs) {
  const DeviceMap map(source_with_disks(1), BlockBus::virtio_blk, "sd");
  const auto resolve = [](const std::string &) { return std::optional<std::string>("77"); };
  EXPECT_EQ(rewrite_crypttab("sda2_crypt /dev/sda2 /cryptroot/keyfiles/sda2_crypt.key luks\n", map,
                             resolve, {}),
            "sda2_crypt UUID=77 /cryptroot/keyfiles/sda2_crypt.key luks\n");
  EXPECT_EQ(rewrite_resume("RESUME=/dev/sda3\nKEYMAP=n\n", map), "RESUME=/dev/vda3\nKEYMAP=n\n");
}

}  // namespace
