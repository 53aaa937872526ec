// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Names of disks inside an initramfs, and the devices a guest can drive.
#include "initramfs_fixture.hpp"
#include "system_fixture.hpp"

#include <v2v/linux/early_devices.hpp>
#include <v2v/linux/guest_caps.hpp>

using namespace initramfs_test;
using namespace v2v;
using namespace v2v::linux;
using testing::Contains;
using testing::ElementsAre;

namespace {

TEST(EarlyDevices, FilesThatNameDisks) {
  const InitramfsArchive archive(
      Cpio()
          .directory("conf/conf.d")
          .file("conf/initramfs.conf", "MODULES=most\n")
          .file("conf/conf.d/resume", "RESUME=/dev/sda5\n")
          .file("conf/conf.d/cryptroot", "target=a,source=/dev/sda2,key=none\ntarget=b,key=x\n")
          .file("cryptroot/crypttab", "sda2_crypt /dev/sda2 none luks\nb UUID=1 none luks\n")
          .file("etc/fstab", "/dev/sda1\n")
          .file("etc/lvm/lvm.conf", "filter = \"a|/dev/sda|\"\n")
          .file("etc/mdadm/mdadm.conf", "DEVICE /dev/sda1\n")
          .close(),
      "initrd");
  const DeviceMap map(source_with_disks(1), BlockBus::virtio_blk, "sd");
  const auto files = renamed_early_files(
      archive, map, [](const std::string &device) -> std::optional<std::string> {
        return "uuid-of-" + device.substr(5);
      });
  std::vector<std::string> texts;
  for (const auto &file : files) texts.push_back(file.path + ": " + file.content);
  EXPECT_THAT(
      texts,
      ElementsAre("/conf/conf.d/cryptroot: target=a,source=UUID=uuid-of-sda2,key=none\n"
                  "target=b,key=x\n",
                  "/conf/conf.d/resume: RESUME=/dev/vda5\n",
                  "/cryptroot/crypttab: sda2_crypt UUID=uuid-of-sda2 none luks\nb UUID=1 none "
                  "luks\n",
                  "/etc/lvm/lvm.conf: filter = \"a|/dev/vda|\"\n",
                  "/etc/mdadm/mdadm.conf: DEVICE /dev/vda1\n"));
}

TEST(EarlyDevices, NothingToRename) {
  const InitramfsArchive archive(Cpio().file("conf/conf.d/resume", "RESUME=UUID=1\n").close(), "i");
  const DeviceMap map(source_with_disks(1), BlockBus::virtio_blk, "sd");
  EXPECT_TRUE(renamed_early_files(archive, map, {}).empty());
}

Kernel kernel(const std::string &version, bool virtio) {
  Kernel made;
  made.version = version;
  made.virtio_blk = made.virtio_net = virtio;
  return made;
}

TEST(GuestCaps, WithVirtio) {
  const auto caps = linux_guest_caps(debian(12), kernel("6.1.0-18-amd64", true));
  EXPECT_EQ(caps.block_bus, BlockBus::virtio_blk);
  EXPECT_EQ(caps.net_bus, NetBus::virtio);
  EXPECT_EQ(caps.machine, Machine::q35);
  EXPECT_TRUE(caps.virtio_1_0);
  EXPECT_EQ(caps.arch, "x86_64");
  EXPECT_EQ(caps.arch_min_version, 0u);
  EXPECT_THAT(boot_modules(caps), Contains("virtio_blk"));
}

TEST(GuestCaps, TestingAndUnstableHaveNoNumber) {
  EXPECT_EQ(linux_guest_caps(debian(0), kernel("6.12.6-amd64", true)).machine, Machine::q35);
  EXPECT_EQ(linux_guest_caps(debian(3), kernel("2.6.18", true)).machine, Machine::i440fx);
}

TEST(GuestCaps, OldKernelsNeedTransitionalDevices) {
  EXPECT_FALSE(linux_guest_caps(debian(8), kernel("3.16.0-4-amd64", true)).virtio_1_0);
  auto rhel = debian(7);
  rhel.distro = "rhel";
  EXPECT_TRUE(linux_guest_caps(rhel, kernel("3.10.0-1160.el7", true)).virtio_1_0);
}

TEST(GuestCaps, WithoutVirtioRealIde) {
  const auto caps = linux_guest_caps(debian(4), kernel("2.6.18-6-686", false));
  EXPECT_EQ(caps.block_bus, BlockBus::ide);
  EXPECT_EQ(caps.net_bus, NetBus::e1000);
  EXPECT_EQ(caps.machine, Machine::i440fx);
  EXPECT_THAT(boot_modules(caps), ElementsAre("ata_piix", "ahci", "sd_mod"));
}

TEST(GuestCaps, OtherDistributionsAndArchitectures) {
  auto rhel = debian(9);
  rhel.distro = "almalinux";
  EXPECT_EQ(linux_guest_caps(rhel, kernel("5.14", true)).arch_min_version, 2u);
  rhel.major_version = 4;
  EXPECT_EQ(linux_guest_caps(rhel, kernel("2.6.9-89", true)).machine, Machine::i440fx);
  EXPECT_EQ(ide_prefix(rhel), "hd");
  auto suse = debian(15);
  suse.distro = "sles";
  EXPECT_EQ(ide_prefix(suse), "sd");
  auto arm = debian(12);
  arm.arch = "aarch64";
  EXPECT_EQ(linux_guest_caps(arm, kernel("6.1", true)).machine, Machine::virt);
  EXPECT_EQ(linux_guest_caps(arm, kernel("6.1", true)).arch, "aarch64");
}

}  // namespace
