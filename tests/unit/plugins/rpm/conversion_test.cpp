// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Whole guests with rpm converted, without an appliance: trees in the manner of a release, whose tools
// are played. Their initramfs lacks virtio.
#include "../../toolkit/conversion_fixture.hpp"
#include "../../toolkit/initramfs_fixture.hpp"

#include <v2v/linux/initramfs_archive.hpp>

using namespace initramfs_test;
using namespace v2v;
using namespace v2v::linux;
using testing::_;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

namespace {

constexpr char kMac[] = "00:50:56:00:00:01";

class RpmConversionTest : public ConversionTest {
 protected:
  RpmConversionTest() {
    inspection.type = "linux";
    inspection.arch = "x86_64";
    inspection.package_format = "rpm";
    inspection.firmware = Firmware::bios;
    inspection.root = "/dev/sda2";
    source = source_with_disks(1);
    source.nics = source_with_macs({kMac}).nics;
    guest.write("/etc/fstab", "/dev/sda2 / xfs defaults 0 0\n/dev/sda3 swap swap defaults 0 0\n");
    guest.on_run([this](const std::vector<std::string> &command) {
      if (is_mkinitrd(command)) guest.write(initrd_, rebuilt_);
      return CommandResult{};
    });
  }

  void is(const char *distro, int major, const char *manager) {
    inspection.distro = distro;
    inspection.major_version = major;
    inspection.package_management = manager;
  }
  static bool is_mkinitrd(const std::vector<std::string> &command) {
    for (const auto &word : command)
      if (word == "dracut" || word == "mkinitrd") return true;
    return false;
  }
  void add_package(const char *name, const char *version, const char *release) {
    Application package;
    package.name = name;
    package.version = version;
    package.release = release;
    package.arch = "x86_64";
    inspection.applications.push_back(package);
  }
  // A kernel with virtio as modules, and an initramfs without them, as this tool makes it.
  void add_kernel(const std::string &version, const std::string &initrd, bool dracut,
                  const std::string &ending) {
    initrd_ = initrd;
    const auto modules = "lib/modules/" + version + "/";
    std::string index;
    Cpio with;
    if (dracut) with.directory("usr").directory("usr/lib").directory("usr/lib/dracut");
    for (const char *name :
         {"virtio_pci", "virtio_blk", "virtio_scsi", "virtio_net", "virtio_rng"}) {
      const auto file = std::string("kernel/drivers/") + name + ending;
      guest.write("/" + modules + file, "module");
      index += file + ":\n";
      with.file((dracut ? modules + file : std::string("lib/") + name + ".ko"), "module");
    }
    guest.write("/" + modules + "modules.dep", index);
    if (dracut) with.file(modules + "modules.dep", index);
    guest.write("/boot/vmlinuz-" + version, version);
    rebuilt_ = with.close();
    Cpio without;
    if (dracut) without.directory("usr").directory("usr/lib").directory("usr/lib/dracut");
    guest.write(initrd, without.file("init", "sh").close());
  }
  GuestCaps convert() { return convert_as(RpmFamily()); }
  std::vector<std::string> mkinitrd_command() {
    for (const auto &command : guest.commands())
      if (is_mkinitrd(command)) return command;
    return {};
  }

  std::string initrd_, rebuilt_;
};

TEST_F(RpmConversionTest, Rhel9) {
  is("rhel", 9, "dnf");
  const std::string version = "5.14.0-362.el9.x86_64";
  add_package("open-vm-tools", "12.2.5", "3.el9");
  add_package("kernel-core", "5.14.0", "362.el9");
  add_kernel(version, "/boot/initramfs-" + version + ".img", true, ".ko.xz");
  empty_files({"/usr/bin/dracut", "/usr/sbin/load_policy"});
  guest.write("/etc/selinux/config", "SELINUX=enforcing\n");
  guest.make_directory("/etc/dracut.conf.d");
  guest.symlink("../lib/systemd/systemd", "/sbin/init");
  guest.write("/usr/lib/udev/rules.d/80-net-setup-link.rules", "IMPORT\n");
  guest.write("/boot/grub2/grub.cfg", "set default=\"${saved_entry}\"\nblscfg\n");
  const auto entry = "/boot/loader/entries/1f2e-" + version + ".conf";
  guest.write(entry, "title RHEL\nlinux /vmlinuz-" + version + "\noptions root=/dev/sda2 ro\n");
  guest.write("/etc/NetworkManager/system-connections/ens192.nmconnection",
              "[connection]\ntype=ethernet\ninterface-name=ens192\n");
  guest.write("/etc/sysconfig/kernel", "UPDATEDEFAULT=yes\nDEFAULTKERNEL=kernel\n");
  empty_file("/etc/lvm/devices/system.devices");

  const auto caps = convert();
  EXPECT_EQ(caps.block_bus, BlockBus::virtio_blk);
  EXPECT_EQ(caps.net_bus, NetBus::virtio);
  EXPECT_THAT(guest.commands(), Contains(ElementsAre("rpm", "-e", "open-vm-tools")));
  EXPECT_THAT(mkinitrd_command(), IsEmpty());
  const InitramfsArchive initramfs(guest.read(initrd_), "initrd");
  EXPECT_TRUE(initramfs.read("/lib/modules/" + version + "/kernel/drivers/virtio_blk.ko.xz"));
  EXPECT_TRUE(initramfs.read("/etc/systemd/network/10-v2v-ens192.link"));
  EXPECT_THAT(guest.read("/etc/fstab"), Not(HasSubstr("/dev/sda")));
  EXPECT_THAT(guest.read("/etc/sysconfig/kernel"), HasSubstr("DEFAULTKERNEL=kernel-core\n"));
  EXPECT_THAT(guest.read("/etc/systemd/network/10-v2v-ens192.link"), HasSubstr(kMac));
  EXPECT_THAT(guest.read("/etc/dracut.conf.d/v2v-virtio.conf"),
              HasSubstr("install_items+=\" /etc/systemd/network/10-v2v-ens192.link \"\n"));
  EXPECT_THAT(guest.read("/usr/lib/v2v-firstboot/run"),
              HasSubstr("dnf -y install qemu-guest-agent"));
  EXPECT_THAT(guest.read("/usr/lib/v2v-firstboot/run"), Not(HasSubstr("finish-package-removal")));
  EXPECT_TRUE(guest.is_file("/.autorelabel"));
  EXPECT_FALSE(guest.is_file("/etc/lvm/devices/system.devices"));
}

TEST_F(RpmConversionTest, Rhel5) {
  is("rhel", 5, "yum");
  const std::string version = "2.6.18-398.el5";
  add_package("kernel", "2.6.18", "398.el5");
  add_package("VMwareTools", "8.3.2", "257589");
  add_kernel(version, "/boot/initrd-" + version + ".img", false, ".ko");
  empty_files({"/sbin/mkinitrd", "/etc/init.d/kudzu", "/sbin/chkconfig"});
  guest.write("/boot/grub/grub.conf", "default=0\ntitle RHEL\n\troot (hd0,0)\n\tkernel /vmlinuz-" +
                                          version + " ro root=/dev/sda2\n");
  guest.write("/etc/modprobe.conf", "alias eth0 pcnet32\nalias scsi_hostadapter mptspi\n");
  guest.write("/etc/sysconfig/network-scripts/ifcfg-eth0",
              std::string("DEVICE=eth0\nHWADDR=") + kMac + "\nBOOTPROTO=static\n");

  const auto caps = convert();
  EXPECT_EQ(caps.block_bus, BlockBus::virtio_blk);
  EXPECT_FALSE(caps.virtio_1_0);
  EXPECT_THAT(mkinitrd_command(),
              ElementsAre("mkinitrd", "-f", "--with=virtio_pci", "--with=virtio_blk",
                          "--with=virtio_scsi", "--with=virtio_net", initrd_, version));
  EXPECT_THAT(guest.commands(), Contains(ElementsAre("rpm", "-e", "VMwareTools")));
  EXPECT_THAT(guest.commands(), Contains(ElementsAre("/sbin/chkconfig", "kudzu", "off")));
  EXPECT_THAT(guest.read("/etc/modprobe.conf"), HasSubstr("alias eth0 virtio_net\n"));
  EXPECT_THAT(guest.read("/boot/grub/grub.conf"), HasSubstr("root=/dev/vda2"));
  EXPECT_THAT(guest.read("/usr/lib/v2v-firstboot/run"),
              HasSubstr("yum -y install qemu-guest-agent"));
}

TEST_F(RpmConversionTest, Sles15) {
  is("sles", 15, "zypper");
  const std::string version = "5.14.21-150500.55.19-default";
  add_package("open-vm-tools", "12.2.0", "150300.29.1");
  add_package("kernel-default", "5.14.21", "150500.55.19.1");
  add_kernel(version, "/boot/initrd-" + version, true, ".ko.zst");
  empty_file("/usr/bin/dracut");
  guest.make_directory("/etc/dracut.conf.d");
  guest.symlink("../usr/lib/systemd/systemd", "/sbin/init");
  guest.write("/usr/lib/udev/rules.d/80-net-setup-link.rules", "IMPORT\n");
  guest.write("/boot/grub2/grub.cfg",
              "set default=\"${saved_entry}\"\nmenuentry 'SLES' {\n\tlinux "
              "/boot/vmlinuz-" +
                  version + " root=UUID=1 resume=/dev/sda3\n}\n");
  guest.write("/etc/sysconfig/network/ifcfg-eth0", "BOOTPROTO='static'\nIPADDR='10.0.2.77/24'\n");
  const auto caps = convert();
  EXPECT_EQ(caps.block_bus, BlockBus::virtio_blk);
  EXPECT_TRUE(caps.virtio_1_0);
  EXPECT_THAT(mkinitrd_command(), IsEmpty());
  EXPECT_THAT(guest.read("/boot/grub2/grub.cfg"), HasSubstr("resume=/dev/vda3"));
  EXPECT_THAT(guest.read("/usr/lib/v2v-firstboot/run"), HasSubstr("zypper -n install -l"));
}

TEST_F(RpmConversionTest, Sles11OfXen) {
  is("sles", 11, "zypper");
  const std::string version = "3.0.101-63-default";
  add_package("kernel-default", "3.0.101", "63.1");
  add_kernel(version, "/boot/initrd-" + version, false, ".ko");
  empty_file("/sbin/mkinitrd");
  guest.make_directory("/lib/mkinitrd");
  guest.make_directory("/etc/init.d/rc3.d");
  guest.write("/boot/grub/menu.lst", "default 0\ntitle SLES\n    kernel (hd0,1)/boot/vmlinuz-" +
                                         version + " root=/dev/sda2 console=hvc0\n");
  guest.write("/etc/sysconfig/kernel", "INITRD_MODULES=\"ata_piix xenblk xennet jbd\"\n");
  convert();
  EXPECT_THAT(mkinitrd_command(),
              ElementsAre("/usr/bin/env", "rootdev=/dev/sda2", "mkinitrd", "-m",
                          "virtio_pci virtio_blk virtio_scsi virtio_net", "-i", initrd_, "-k",
                          "/boot/vmlinuz-" + version, "-d", "/dev/sda2"));
  EXPECT_EQ(guest.read("/etc/sysconfig/kernel"), "INITRD_MODULES=\"ata_piix jbd\"\n");
  EXPECT_TRUE(guest.is_file("/etc/init.d/rc3.d/S99v2v-firstboot"));
}

/// A release as far as a conversion sees it, with dracut and GRUB 2 in the way of its time.
struct Release {
  const char *distro;
  int major;
  const char *manager;
  const char *package, *version, *package_release;
  const char *kernel, *initrd;  // the initrd's name around the kernel's
  const char *modules;          // how they end
  bool virtio_1_0;
  unsigned level;
};

class ReleasesTest : public RpmConversionTest, public testing::WithParamInterface<Release> {};

TEST_P(ReleasesTest, IsConvertedWithoutAnyProgramOfTheGuest) {
  const auto &release = GetParam();
  is(release.distro, release.major, release.manager);
  const std::string version = release.kernel;
  add_package(release.package, release.version, release.package_release);
  add_kernel(version, std::string("/boot/") + release.initrd, true, release.modules);
  empty_file("/usr/bin/dracut");
  guest.make_directory("/etc/dracut.conf.d");
  guest.write("/boot/grub2/grub.cfg",
              "menuentry 'it' {\n\tlinux /vmlinuz-" + version + " root=/dev/sda2 ro\n}\n");
  const auto caps = convert();
  EXPECT_EQ(caps.block_bus, BlockBus::virtio_blk);
  EXPECT_EQ(caps.net_bus, NetBus::virtio);
  EXPECT_EQ(caps.virtio_1_0, release.virtio_1_0);
  EXPECT_EQ(caps.arch_min_version, release.level);
  EXPECT_THAT(guest.commands(), IsEmpty());
  EXPECT_THAT(guest.read("/boot/grub2/grub.cfg"), HasSubstr("root=/dev/vda2"));
  EXPECT_THAT(guest.read("/etc/fstab"), HasSubstr("/dev/vda3 swap"));
  const InitramfsArchive initramfs(guest.read(initrd_), "initrd");
  EXPECT_TRUE(
      initramfs.read("/lib/modules/" + version + "/kernel/drivers/virtio_blk" + release.modules));
  EXPECT_THAT(guest.read("/etc/dracut.conf.d/v2v-virtio.conf"), HasSubstr("virtio_blk"));
  EXPECT_THAT(
      guest.read("/usr/lib/v2v-firstboot/run"),
      HasSubstr(std::string(release.manager) == "apt" ? "apt-get -q -y install qemu-guest-agent"
                                                      : "install"));
}

INSTANTIATE_TEST_SUITE_P(
    All, ReleasesTest,
    testing::Values(
        Release{"rhel", 6, "yum", "kernel", "2.6.32", "754.el6", "2.6.32-754.el6.x86_64",
                "initramfs-2.6.32-754.el6.x86_64.img", ".ko", false, 0},
        Release{"centos", 7, "yum", "kernel", "3.10.0", "1160.el7", "3.10.0-1160.el7.x86_64",
                "initramfs-3.10.0-1160.el7.x86_64.img", ".ko.xz", true, 0},
        Release{"almalinux", 8, "dnf", "kernel-core", "4.18.0", "553.el8_10",
                "4.18.0-553.el8_10.x86_64", "initramfs-4.18.0-553.el8_10.x86_64.img", ".ko.xz",
                true, 0},
        Release{"rhel", 10, "dnf", "kernel-core", "6.12.0", "55.9.1.el10_0",
                "6.12.0-55.9.1.el10_0.x86_64", "initramfs-6.12.0-55.9.1.el10_0.x86_64.img",
                ".ko.xz", true, 3},
        Release{"fedora", 42, "dnf", "kernel-core", "6.14.0", "63.fc42", "6.14.0-63.fc42.x86_64",
                "initramfs-6.14.0-63.fc42.x86_64.img", ".ko.xz", true, 0},
        Release{"oraclelinux", 8, "dnf", "kernel-uek", "5.15.0", "209.161.7.el8uek",
                "5.15.0-209.161.7.el8uek.x86_64", "initramfs-5.15.0-209.161.7.el8uek.x86_64.img",
                ".ko.xz", true, 0},
        Release{"amazonlinux", 2023, "dnf", "kernel6.12", "6.12.20", "23.97.amzn2023",
                "6.12.20-23.97.amzn2023.x86_64", "initramfs-6.12.20-23.97.amzn2023.x86_64.img",
                ".ko.xz", true, 0},
        Release{"azurelinux", 3, "dnf", "kernel", "6.6.57.1", "1.azl3", "6.6.57.1-1.azl3",
                "initramfs-6.6.57.1-1.azl3.img", ".ko.xz", true, 0},
        Release{"sles", 12, "zypper", "kernel-default", "4.12.14", "122.231.1",
                "4.12.14-122.231-default", "initrd-4.12.14-122.231-default", ".ko", true, 0},
        Release{"sles", 16, "zypper", "kernel-default", "6.12.0", "160000.5.1",
                "6.12.0-160000.5-default", "initrd-6.12.0-160000.5-default", ".ko.zst", true, 0},
        Release{"opensuse", 15, "zypper", "kernel-default", "6.4.0", "150600.23.7.3",
                "6.4.0-150600.23.7-default", "initrd-6.4.0-150600.23.7-default", ".ko.zst", true,
                0},
        Release{"opensuse", 20251101, "zypper", "kernel-default", "6.17.5", "1.1",
                "6.17.5-1-default", "initrd-6.17.5-1-default", ".ko.zst", true, 0},
        Release{"altlinux", 10, "apt", "kernel-image-un-def", "6.1.50", "alt1",
                "6.1.50-un-def-alt1", "initrd-6.1.50-un-def-alt1.img", ".ko.gz", true, 0}),
    [](const auto &release) { return release.param.distro + std::to_string(release.param.major); });

TEST_F(RpmConversionTest, Oracle8WithUekBesideTheStockKernel) {
  is("oraclelinux", 8, "dnf");
  const std::string stock = "4.18.0-553.el8.x86_64", uek = "5.15.0-209.el8uek.x86_64";
  add_package("kernel-core", "4.18.0", "553.el8");
  add_package("kernel-uek", "5.15.0", "209.el8uek");
  add_kernel(stock, "/boot/initramfs-" + stock + ".img", true, ".ko.xz");
  add_kernel(uek, "/boot/initramfs-" + uek + ".img", true, ".ko.xz");
  empty_file("/usr/bin/dracut");
  guest.write("/boot/grub2/grub.cfg", "set default=\"${saved_entry}\"\nblscfg\n");
  guest.write("/boot/grub2/grubenv",
              "# GRUB Environment Block\nsaved_entry=1f2e-" + stock + "\n" + std::string(900, '#'));
  for (const auto &version : {stock, uek})
    guest.write("/boot/loader/entries/1f2e-" + version + ".conf",
                "title Oracle\nversion " + version + "\nlinux /vmlinuz-" + version +
                    "\noptions root=/dev/sda2 ro\n");
  convert();
  EXPECT_THAT(guest.read("/boot/grub2/grubenv"), HasSubstr("saved_entry=1f2e-" + uek + "\n"));
  // Both boot on KVM: the other one is the fallback.
  for (const auto &version : {stock, uek})
    EXPECT_TRUE(InitramfsArchive(guest.read("/boot/initramfs-" + version + ".img"), "initrd")
                    .read("/lib/modules/" + version + "/kernel/drivers/virtio_blk.ko.xz"));
}

TEST_F(RpmConversionTest, WithoutRelabelling) {
  is("rhel", 9, "dnf");
  wishes.relabel = false;
  const std::string version = "5.14.0-362.el9.x86_64";
  add_package("kernel-core", "5.14.0", "362.el9");
  add_kernel(version, "/boot/initramfs-" + version + ".img", true, ".ko.xz");
  empty_file("/usr/sbin/load_policy");
  guest.write("/etc/selinux/config", "SELINUX=enforcing\n");
  guest.write("/boot/grub2/grub.cfg", "menuentry 'R' {\n\tlinux /vmlinuz-" + version + " ro\n}\n");
  convert();
  EXPECT_FALSE(guest.is_file("/.autorelabel"));
}

TEST_F(RpmConversionTest, AltMakesItsInitramfsWithMakeInitrd) {
  is("altlinux", 10, "apt");
  const std::string version = "6.1.50-un-def-alt1";
  add_package("kernel-image-un-def", "6.1.50", "alt1");
  add_kernel(version, "/boot/initrd-" + version + ".img", false, ".ko");
  empty_files({"/usr/sbin/make-initrd", "/etc/initrd.mk"});
  guest.write("/boot/grub/grub.cfg",
              "menuentry 'A' {\n\tlinux /boot/vmlinuz-" + version + " ro\n}\n");
  guest.on_run([this](const std::vector<std::string> &command) {
    if (command.front() == "make-initrd") guest.write(initrd_, rebuilt_);
    return CommandResult{};
  });
  convert();
  EXPECT_THAT(guest.commands(), Contains(ElementsAre("make-initrd", "-k", version)));
  EXPECT_EQ(guest.read("/etc/initrd.mk"),
            "MODULES_ADD += virtio_pci virtio_blk virtio_scsi virtio_net\n");
}

TEST_F(RpmConversionTest, NoPackagesAtAllIsAnError) {
  is("sles", 15, "zypper");
  EXPECT_THROW(convert(), Error);
}

TEST_F(RpmConversionTest, ToolsThatOthersNeedStayWithAWarning) {
  is("rocky", 9, "dnf");
  wishes.rebuild_initramfs = true;
  const std::string version = "5.14.0-362.el9.x86_64";
  add_package("open-vm-tools", "12.2.5", "3.el9");
  add_package("kernel-core", "5.14.0", "362.el9");
  add_kernel(version, "/boot/initramfs-" + version + ".img", true, ".ko.xz");
  empty_file("/usr/bin/dracut");
  guest.write("/boot/grub2/grub.cfg", "menuentry 'R' {\n\tlinux /vmlinuz-" + version + " ro\n}\n");
  guest.on_run([this](const std::vector<std::string> &command) {
    if (is_mkinitrd(command)) guest.write(initrd_, rebuilt_);
    return command.front() == "rpm"
               ? CommandResult{1,
                               "error: Failed dependencies:\n\topen-vm-tools is needed by "
                               "(installed) site-monitoring-1-1.noarch\n"}
               : CommandResult{};
  });
  convert();
  EXPECT_THAT(warnings, ElementsAre(HasSubstr("needed by (installed) site-monitoring")));
  EXPECT_THAT(mkinitrd_command(),
              ElementsAre("dracut", "--force", "--add-drivers",
                          "virtio_pci virtio_blk virtio_scsi virtio_net", initrd_, version));
}

}  // namespace
