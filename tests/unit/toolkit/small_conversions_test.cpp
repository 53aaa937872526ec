// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Consoles, displays, module aliases and identities: the small conversions.
#include "system_fixture.hpp"

#include <v2v/linux/console.hpp>
#include <v2v/linux/display.hpp>
#include <v2v/linux/identity.hpp>
#include <v2v/linux/module_aliases.hpp>

using namespace v2v;
using namespace v2v::linux;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

namespace {

class ConsoleTest : public SystemTest {
 protected:
  ConsoleTest() {
    guest.write("/boot/grub/menu.lst",
                "title x\nkernel /boot/v console=tty0 console=hvc0 quiet\n"
                "title y\nkernel /boot/v console=xvc0,115200\n");
    guest.write("/etc/inittab",
                "id:2:initdefault:\n1:2345:respawn:/sbin/getty 38400 tty1\n#co:2345:respawn:hvc0\n"
                "co:2345:respawn:/sbin/getty hvc0 9600\ns0:2345:respawn:/sbin/getty ttyS0\n");
    guest.write("/etc/securetty", "tty1\nhvc0\nttyS0\nhvc01\n");
  }
  void convert(bool keep) {
    const auto bootloader = make_grub_legacy(guest, "/boot/grub/menu.lst", log);
    convert_console(guest, *bootloader, keep, log);
    bootloader->update();
  }
};

TEST_F(ConsoleTest, XenConsolesBecomeSerial) {
  convert(true);
  EXPECT_EQ(guest.read("/boot/grub/menu.lst"),
            "title x\nkernel /boot/v console=tty0 console=ttyS0 quiet\n"
            "title y\nkernel /boot/v console=ttyS0,115200\n");
  EXPECT_EQ(guest.read("/etc/inittab"),
            "id:2:initdefault:\n1:2345:respawn:/sbin/getty 38400 tty1\n#co:2345:respawn:hvc0\n"
            "co:2345:respawn:/sbin/getty ttyS0 9600\ns0:2345:respawn:/sbin/getty ttyS0\n");
  EXPECT_EQ(guest.read("/etc/securetty"), "tty1\nttyS0\nttyS0\nhvc01\n");
}

TEST_F(ConsoleTest, OrGo) {
  convert(false);
  EXPECT_EQ(guest.read("/boot/grub/menu.lst"),
            "title x\nkernel /boot/v console=tty0 quiet\ntitle y\nkernel /boot/v \n");
  EXPECT_EQ(guest.read("/etc/inittab"),
            "id:2:initdefault:\n1:2345:respawn:/sbin/getty 38400 tty1\n#co:2345:respawn:hvc0\n");
  EXPECT_EQ(guest.read("/etc/securetty"), "tty1\nttyS0\nhvc01\n");
}

TEST_F(ConsoleTest, LoginsThatSystemdStarts) {
  const std::string directory = "/etc/systemd/system/getty.target.wants/";
  guest.symlink("/lib/systemd/system/serial-getty@.service",
                directory + "serial-getty@hvc0.service");
  guest.symlink("/lib/systemd/system/getty@.service", directory + "getty@tty1.service");
  convert(true);
  EXPECT_THAT(guest.list(directory),
              ElementsAre("getty@tty1.service", "serial-getty@ttyS0.service"));
  EXPECT_EQ(guest.link_target(directory + "serial-getty@ttyS0.service"),
            "/lib/systemd/system/serial-getty@.service");
  convert(false);
  EXPECT_THAT(guest.list(directory), ElementsAre("getty@tty1.service"));
}

class DisplayTest : public SystemTest {};

TEST_F(DisplayTest, DriverOfEveryDeviceChanges) {
  guest.write("/etc/X11/xorg.conf",
              "Section \"InputDevice\"\n\tDriver \"vmmouse\"\nEndSection\n"
              "section \"device\"\n\tIdentifier \"c\"\n\tVendorName \"VMware\"\n\tBoardName \"x\"\n"
              "\t# Driver \"old\"\n\tDriver\t\"vmware\"\nEndSection\n");
  empty_file("/usr/bin/X");
  convert_display(guest, log);
  EXPECT_EQ(guest.read("/etc/X11/xorg.conf"),
            "Section \"InputDevice\"\n\tDriver \"vmmouse\"\nEndSection\n"
            "section \"device\"\n\tIdentifier \"c\"\n"
            "\t# Driver \"old\"\n\tDriver\t\"modesetting\"\nEndSection\n");
  EXPECT_THAT(warnings, IsEmpty());
}

TEST_F(DisplayTest, OldXHasOnlyVesaAndAMissingXIsTold) {
  guest.write("/etc/X11/xorg.conf", "Section \"Device\"\nDriver \"vmware\"\nEndSection\n");
  empty_file("/usr/lib/xorg/modules/drivers/vesa_drv.so");
  convert_display(guest, log);
  EXPECT_THAT(guest.read("/etc/X11/xorg.conf"), HasSubstr("Driver \"vesa\""));
  EXPECT_THAT(warnings, ElementsAre(HasSubstr("X is not installed")));
}

TEST_F(DisplayTest, NoXNothingDone) {
  convert_display(guest, log);
  EXPECT_THAT(guest.list("/etc"), IsEmpty());
}

class ModuleAliasesTest : public SystemTest {};

TEST_F(ModuleAliasesTest, CardsAndAdapters) {
  guest.write("/etc/modprobe.conf",
              "alias eth0 vmxnet3\nalias eth1 e1000\nalias ethernet x\n# alias eth2 y\n"
              "alias scsi_hostadapter mptbase\nalias scsi_hostadapter1 mptspi\noptions a b\n");
  guest.write("/etc/modprobe.d/xen.conf", "alias block xen-vbd\n");
  convert_module_aliases(guest, BlockBus::virtio_blk, NetBus::virtio, log);
  EXPECT_EQ(guest.read("/etc/modprobe.conf"),
            "alias eth0 virtio_net\nalias eth1 virtio_net\nalias ethernet x\n# alias eth2 y\n"
            "alias scsi_hostadapter virtio_blk\noptions a b\n");
  EXPECT_THAT(warnings, ElementsAre(HasSubstr("xen-vbd")));
}

TEST_F(ModuleAliasesTest, IdeNeedsNoAdapter) {
  guest.write("/etc/modprobe.conf", "alias eth0 vmxnet\nalias scsi_hostadapter mptbase\n");
  convert_module_aliases(guest, BlockBus::ide, NetBus::e1000, log);
  EXPECT_EQ(guest.read("/etc/modprobe.conf"), "alias eth0 e1000\n");
}

class IdentityTest : public SystemTest {};

TEST_F(IdentityTest, SeedsAreReplacedWhereTheyAre) {
  guest.write("/var/lib/systemd/random-seed", std::string(32, 'x'), 0600);
  guest.write("/var/lib/urandom/random-seed", std::string(4096, 'x'));
  guest.make_directory("/var/lib/misc");
  renew_random_seed(guest, log);
  EXPECT_EQ(guest.read("/var/lib/systemd/random-seed").size(), 512u);
  EXPECT_EQ(guest.stat("/var/lib/systemd/random-seed")->mode, 0600u);
  const auto seed = guest.read("/var/lib/urandom/random-seed");
  EXPECT_EQ(seed.size(), 4096u);
  EXPECT_NE(seed, std::string(4096, 'x'));
  EXPECT_THAT(guest.list("/var/lib/misc"), IsEmpty());
}

TEST_F(IdentityTest, AMissingSeedIsMadeWhereTheGuestLooksForIt) {
  guest.make_directory("/var/lib/misc");
  renew_random_seed(guest, log);
  EXPECT_THAT(guest.list("/var/lib/misc"), IsEmpty());
  guest.make_directory("/var/lib/urandom");
  renew_random_seed(guest, log);
  EXPECT_EQ(guest.read("/var/lib/urandom/random-seed").size(), 512u);
  EXPECT_EQ(guest.stat("/var/lib/urandom/random-seed")->mode, 0600u);
}

TEST_F(IdentityTest, OnlyAnEmptyMachineIdIsFilled) {
  fill_machine_id(guest, log);
  EXPECT_FALSE(guest.stat("/etc/machine-id"));
  empty_file("/etc/machine-id");
  fill_machine_id(guest, log);
  const auto id = guest.read("/etc/machine-id");
  ASSERT_EQ(id.size(), 33u);
  EXPECT_EQ(id.find_first_not_of("0123456789abcdef"), 32u);
  fill_machine_id(guest, log);
  EXPECT_EQ(guest.read("/etc/machine-id"), id);
}

}  // namespace
