// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A whole Debian guest converted, without an appliance: the traps of the guests in tests/guests.
// Its kernel has virtio built in, so that no module of the initramfs has to be made.
#include "../../toolkit/conversion_fixture.hpp"
#include "../../toolkit/initramfs_fixture.hpp"

#include <v2v/linux/initramfs_archive.hpp>

#include <algorithm>
#include <map>
#include <set>

using namespace initramfs_test;
using namespace v2v;
using namespace v2v::linux;
using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Optional;
using testing::SizeIs;
using testing::StartsWith;

namespace {

constexpr char kVersion[] = "6.1.0-18-amd64";
constexpr char kMac[] = "00:50:56:00:00:01";

class DebianConversionTest : public ConversionTest {
 protected:
  DebianConversionTest() {
    guest.symlink("/lib/systemd/systemd", "/sbin/init");
    guest.write("/lib/udev/rules.d/80-net-setup-link.rules", "IMPORT\n");
    add_kernel(kVersion, true);
    guest.write("/boot/grub/grub.cfg",
                std::string("set default=\"0\"\nmenuentry 'Debian' {\n"
                            "\tlinux /boot/vmlinuz-") +
                    kVersion + " root=/dev/sda1 ro resume=/dev/sda2 console=ttyS0\n}\n");
    guest.write("/etc/default/grub",
                "GRUB_DEFAULT=0\nGRUB_CMDLINE_LINUX=\"console=ttyS0 resume=/dev/sda2\"\n");
    guest.write("/etc/fstab",
                "/dev/sda1 / ext4 errors=remount-ro 0 1\n/dev/sda2 none swap sw 0 0\n");
    guest.write("/etc/initramfs-tools/conf.d/resume", "RESUME=/dev/sda2\n");
    guest.write("/etc/network/interfaces", "auto ens192\niface ens192 inet static\n");
    guest.write("/var/lib/systemd/random-seed", std::string(512, 'x'));
    inspection = linux::debian();
    install(inspection, {"open-vm-tools", "linux-image-6.1.0-18-amd64"});
    source = source_with_disks(1);
    source.nics = source_with_macs({kMac}).nics;
  }

  void add_kernel(const std::string &version, bool virtio) {
    guest.write("/boot/vmlinuz-" + version, version);
    guest.write("/boot/config-" + version,
                virtio ? "CONFIG_VIRTIO_BLK=y\nCONFIG_VIRTIO_NET=y\nCONFIG_HW_RANDOM_VIRTIO=y\n"
                       : "CONFIG_SATA_AHCI=y\n");
    guest.write("/lib/modules/" + version + "/kernel/fs/ext4.ko", "module");
    guest.write("/lib/modules/" + version + "/modules.dep", "kernel/fs/ext4.ko:\n");
    guest.write("/boot/initrd.img-" + version,
                Cpio()
                    .directory("conf")
                    .directory("conf/conf.d")
                    .directory("scripts")
                    .file("scripts/functions", "sh")
                    .file("conf/initramfs.conf", "MODULES=list\n")
                    .file("conf/modules", "")
                    .file("conf/conf.d/resume", "RESUME=/dev/sda2\n")
                    .file("cryptroot/crypttab", "sda3_crypt /dev/sda3 none luks\n")
                    .close());
  }

  GuestCaps convert() { return convert_as(DebianFamily()); }
  /// What is in every file of the guest.
  std::map<std::string, std::string> files() const {
    std::map<std::string, std::string> found;
    for (const auto &entry : std::filesystem::recursive_directory_iterator(host_directory())) {
      const auto path = "/" + entry.path().lexically_relative(host_directory()).string();
      if (path.starts_with("/run-of-the-host")) continue;
      if (entry.is_symlink())
        found[path] = std::filesystem::read_symlink(entry.path()).string();
      else if (entry.is_regular_file())
        found[path] = test::read_file(entry.path());
    }
    return found;
  }
  InitramfsArchive initramfs() {
    return {guest.read(std::string("/boot/initrd.img-") + kVersion), "initrd"};
  }
};

TEST_F(DebianConversionTest, EverythingThatNamesTheDiskFollows) {
  const auto caps = convert();
  EXPECT_EQ(caps.block_bus, BlockBus::virtio_blk);
  EXPECT_EQ(caps.net_bus, NetBus::virtio);
  for (const char *path : {"/etc/fstab", "/etc/default/grub", "/boot/grub/grub.cfg",
                           "/etc/initramfs-tools/conf.d/resume"}) {
    EXPECT_THAT(guest.read(path), HasSubstr("/dev/vda")) << path;
    EXPECT_THAT(guest.read(path), Not(HasSubstr("/dev/sda"))) << path;
  }
  const auto archive = initramfs();
  EXPECT_THAT(archive.read("/conf/conf.d/resume"), Optional(std::string("RESUME=/dev/vda2\n")));
  EXPECT_THAT(archive.read("/cryptroot/crypttab"),
              Optional(std::string("sda3_crypt UUID=7777 none luks\n")));
  EXPECT_THAT(warnings, IsEmpty());
}

TEST_F(DebianConversionTest, EveryFileThatIsDifferentIsToldWithTheReason) {
  guest.write("/etc/machine-id", "");
  guest.write("/etc/blkid.tab", "x");
  guest.write("/etc/selinux/config", "SELINUX=enforcing\n");
  empty_file("/usr/sbin/load_policy");
  const auto before = files();
  convert();
  const auto after = files();
  std::set<std::string> different;
  for (const auto &[path, content] : before)
    if (const auto now = after.find(path); now == after.end() || now->second != content)
      different.insert(path);
  for (const auto &[path, content] : after)
    if (!before.count(path)) different.insert(path);
  EXPECT_GT(different.size(), 10u);
  for (auto path : different) {
    // The files of the first boot are one thing.
    if (path.find("v2v-firstboot") != path.npos) path = "service v2v-firstboot";
    EXPECT_THAT(changes, Contains(StartsWith(path + ": ")));
  }
  EXPECT_THAT(changes,
              Contains("/etc/fstab: /dev/sda1 → /dev/vda1; /dev/sda2 → /dev/vda2 (disks have "
                       "other names on the new machine)"));
  EXPECT_THAT(changes,
              Contains("packages: open-vm-tools removed (they only serve the old hypervisor)"));
  EXPECT_THAT(changes, Each(AllOf(Not(HasSubstr("()")), Not(HasSubstr(":  ")))));
}

TEST_F(DebianConversionTest, TheNetworkNameIsKeptFromTheFirstMomentOn) {
  convert();
  const auto link = guest.read("/etc/systemd/network/10-v2v-ens192.link");
  EXPECT_THAT(link, HasSubstr(std::string("MACAddress=") + kMac));
  EXPECT_THAT(initramfs().read("/etc/systemd/network/10-v2v-ens192.link"), Optional(link));
}

TEST_F(DebianConversionTest, OneProgramIsRunAndTheFirstBootFinishesItsWork) {
  convert();
  EXPECT_THAT(guest.commands(), SizeIs(1));
  EXPECT_THAT(guest.read("/usr/lib/v2v-firstboot/run"),
              HasSubstr("steps='finish-package-removal install-qemu-guest-agent'"));
  EXPECT_THAT(infos,
              Contains("The QEMU Guest Agent will be installed for this guest at first boot."));
  EXPECT_THAT(debugs, Contains(HasSubstr("  6.1.0-18-amd64 (virtio_blk, virtio_net, virtio_rng")));
}

TEST_F(DebianConversionTest, BestKernelBecomesTheDefault) {
  add_kernel("5.10.0-1-amd64", false);
  guest.write("/boot/grub/grub.cfg", std::string("set default=\"0\"\nmenuentry 'old' {\n\tlinux "
                                                 "/boot/vmlinuz-5.10.0-1-amd64 root=/dev/sda1\n}\n"
                                                 "menuentry 'new' {\n\tlinux /boot/vmlinuz-") +
                                         kVersion + " root=/dev/sda1\n}\n");
  convert();
  EXPECT_THAT(guest.read("/boot/grub/grub.cfg"), HasSubstr("set default=\"new\""));
  EXPECT_THAT(guest.read("/etc/default/grub"), HasSubstr("GRUB_DEFAULT=\"new\""));
}

TEST_F(DebianConversionTest, WithoutVirtioIdeAndEverythingFollowsFromThat) {
  guest.write(std::string("/boot/config-") + kVersion, "CONFIG_SATA_AHCI=y\n");
  const auto caps = convert();
  EXPECT_EQ(caps.block_bus, BlockBus::ide);
  EXPECT_EQ(caps.net_bus, NetBus::e1000);
  EXPECT_EQ(caps.machine, Machine::i440fx);
  EXPECT_THAT(guest.read("/etc/fstab"), HasSubstr("/dev/sda1 / "));
  EXPECT_TRUE(guest.is_file("/etc/systemd/network/10-v2v-ens192.link"));
}

TEST_F(DebianConversionTest, SecondConversionChangesNoConfiguration) {
  convert();
  const auto fstab = guest.read("/etc/fstab"), config = guest.read("/boot/grub/grub.cfg");
  for (auto &disk : source.disks) disk.controller = Controller::virtio_blk;
  convert();
  EXPECT_EQ(guest.read("/etc/fstab"), fstab);
  EXPECT_EQ(guest.read("/boot/grub/grub.cfg"), config);
}

TEST_F(DebianConversionTest, MountsOfTheOldHypervisorAreLeftOut) {
  guest.write("/etc/fstab", "/dev/sda1 / ext4\n.host:/ /mnt/hgfs vmhgfs defaults 0 0\n");
  convert();
  EXPECT_THAT(guest.read("/etc/fstab"), HasSubstr("/dev/vda1 / ext4\n# ("));
}

TEST_F(DebianConversionTest, SelinuxIsRelabelled) {
  convert();
  EXPECT_FALSE(guest.stat("/.autorelabel"));
  guest.write("/etc/selinux/config", "SELINUX=enforcing\n");
  empty_file("/usr/sbin/load_policy");
  convert();
  EXPECT_TRUE(guest.stat("/.autorelabel"));
}

TEST_F(DebianConversionTest, NoKernelOrNoBootloaderIsARefusal) {
  guest.remove("/boot/grub/grub.cfg");
  EXPECT_THROW(convert(), Error);
  guest.write("/boot/grub/grub.cfg", "\n");
  guest.remove(std::string("/boot/vmlinuz-") + kVersion);
  EXPECT_THROW(convert(), Error);
}

}  // namespace
