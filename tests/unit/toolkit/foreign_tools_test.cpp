// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Removal of the old hypervisor's tools: which, how, and what happens when it fails.
#include "system_fixture.hpp"

#include <v2v/linux/foreign_tools.hpp>

#include <algorithm>

using namespace v2v;
using namespace v2v::linux;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

namespace {

class ForeignToolsTest : public SystemTest {
 protected:
  Inspection inspection = debian();
};

bool runs(const std::vector<std::string> &argv, const char *program) {
  return std::find(argv.begin(), argv.end(), program) != argv.end();
}

TEST_F(ForeignToolsTest, NothingForeignNothingRun) {
  install(inspection, {"bash", "open-iscsi", "virtualbox", "xen-utils"});
  EXPECT_FALSE(remove_foreign_tools(guest, DebianFamily(), inspection, log).unfinished);
  EXPECT_THAT(guest.commands(), IsEmpty());
}

TEST_F(ForeignToolsTest, PackagesGoInOneCallWithoutTriggers) {
  install(inspection, {"open-vm-tools", "bash", "open-vm-tools-desktop", "virtualbox-guest-utils",
                       "vmware-tools-core", "xe-guest-utilities"});
  const auto removal = remove_foreign_tools(guest, DebianFamily(), inspection, log);
  EXPECT_TRUE(removal.unfinished);
  EXPECT_THAT(removal.packages,
              ElementsAre("open-vm-tools", "open-vm-tools-desktop", "virtualbox-guest-utils",
                          "vmware-tools-core", "xe-guest-utilities"));
  ASSERT_EQ(guest.commands().size(), 1u);
  EXPECT_THAT(guest.commands()[0],
              ElementsAre("/usr/bin/env", "DEBIAN_FRONTEND=noninteractive", "dpkg", "--no-triggers",
                          "--purge", "open-vm-tools", "open-vm-tools-desktop",
                          "virtualbox-guest-utils", "vmware-tools-core", "xe-guest-utilities"));
  EXPECT_THAT(warnings, IsEmpty());
}

TEST_F(ForeignToolsTest, UbuntuServerKeepsOpenVmTools) {
  inspection.distro = "ubuntu";
  install(inspection, {"open-vm-tools", "open-vm-tools-desktop", "ubuntu-server"});
  EXPECT_THAT(foreign_packages(inspection), ElementsAre("open-vm-tools-desktop"));
  remove_foreign_tools(guest, DebianFamily(), inspection, log);
  EXPECT_THAT(infos, ElementsAre(HasSubstr("open-vm-tools stays")));
}

TEST_F(ForeignToolsTest, OldDebiansModulesGoToo) {
  install(inspection, {"open-vm-modules-2.6.32-5-amd64", "open-vm-source", "open-vm-toolbox"});
  EXPECT_THAT(foreign_packages(inspection), SizeIs(3));
}

TEST_F(ForeignToolsTest, AptWhenDpkgRefuses) {
  install(inspection, {"open-vm-tools"});
  guest.on_run([](const std::vector<std::string> &argv) {
    return runs(argv, "dpkg") ? CommandResult{1, "dependency problems prevent removal"}
                              : CommandResult{};
  });
  EXPECT_THAT(remove_foreign_tools(guest, DebianFamily(), inspection, log).packages,
              ElementsAre("open-vm-tools"));
  ASSERT_EQ(guest.commands().size(), 2u);
  EXPECT_THAT(guest.commands()[1], AllOf(Contains("apt-get"), Contains("remove")));
  EXPECT_THAT(warnings, IsEmpty());
}

TEST_F(ForeignToolsTest, FailureIsAWarningWithTheReason) {
  install(inspection, {"open-vm-tools"});
  guest.on_run([](const auto &) {
    return CommandResult{100, "E: Could not get lock\nE: sorry\n"};
  });
  EXPECT_THAT(remove_foreign_tools(guest, DebianFamily(), inspection, log).packages, IsEmpty());
  EXPECT_THAT(warnings, ElementsAre(AllOf(HasSubstr("open-vm-tools"),
                                          HasSubstr("E: Could not get lock / E: sorry"))));
}

TEST_F(ForeignToolsTest, PackageNamesAreNoOptions) {
  install(inspection, {"open-vm-tools-$(reboot)", "open-vm-tools-x y"});
  EXPECT_THAT(foreign_packages(inspection), IsEmpty());
}

TEST_F(ForeignToolsTest, VirtualBoxTarball) {
  guest.write("/var/lib/VBoxGuestAdditions/config",
              "# x\nINSTALL_VER='6.1'\nINSTALL_DIR='/opt/VBoxGuestAdditions-6.1'\n");
  empty_file("/opt/VBoxGuestAdditions-6.1/uninstall.sh");
  remove_foreign_tools(guest, DebianFamily(), inspection, log);
  EXPECT_THAT(guest.commands(),
              ElementsAre(ElementsAre("/opt/VBoxGuestAdditions-6.1/uninstall.sh")));
}

TEST_F(ForeignToolsTest, HostileInstallDirectoriesAreNotFollowed) {
  empty_files({"/etc/uninstall.sh", "/uninstall.sh", "/opt/uninstall.sh"});
  for (const char *directory :
       {"", "opt", "/opt/../etc", "/opt/..", "$HOME", "/opt/`id`", "/missing", "/opt\x01"}) {
    guest.write("/var/lib/VBoxGuestAdditions/config",
                std::string("INSTALL_DIR=") + directory + "\n");
    warnings.clear();
    remove_foreign_tools(guest, DebianFamily(), inspection, log);
    EXPECT_THAT(guest.commands(), IsEmpty()) << directory;
    EXPECT_THAT(warnings, ElementsAre(HasSubstr("VirtualBox"))) << directory;
  }
}

TEST_F(ForeignToolsTest, VmwareTarballDoesNotRebuildTheInitramfs) {
  empty_file("/usr/bin/vmware-uninstall-tools.pl");
  guest.write("/etc/vmware-tools/locations", "answer X y\n");
  guest.on_run([](const auto &) { return CommandResult{1, "cannot\n"}; });
  remove_foreign_tools(guest, DebianFamily(), inspection, log);
  EXPECT_EQ(guest.read("/etc/vmware-tools/locations"),
            "answer X y\nremove_answer RESTORE_RAMDISK_CMD\nremove_answer RESTORE_RAMDISK_KERNELS\n"
            "remove_answer RESTORE_RAMDISK_ONECALL\n");
  EXPECT_THAT(guest.commands(), ElementsAre(ElementsAre("/usr/bin/vmware-uninstall-tools.pl")));
  EXPECT_THAT(warnings, ElementsAre(HasSubstr("VMware Tools could not be uninstalled")));
}

TEST_F(ForeignToolsTest, SharedFoldersDoNotStopTheBoot) {
  guest.write("/etc/fstab",
              "/dev/sda1 / ext4 defaults 0 1\n# .host:/old /x vmhgfs defaults\n"
              ".host:/ /mnt/hgfs fuse.vmhgfs-fuse allow_other 0 0\n"
              "vmhgfs-fuse#.host:/ /mnt/h fuse defaults 0 0\r\nshare /mnt/vbox vboxsf rw\n");
  disable_foreign_mounts(guest, log);
  const std::string left = "# (left behind by v2v at the conversion to KVM) ";
  EXPECT_EQ(guest.read("/etc/fstab"),
            "/dev/sda1 / ext4 defaults 0 1\n# .host:/old /x vmhgfs defaults\n" + left +
                ".host:/ /mnt/hgfs fuse.vmhgfs-fuse allow_other 0 0\n" + left +
                "vmhgfs-fuse#.host:/ /mnt/h fuse defaults 0 0\r\n" + left +
                "share /mnt/vbox vboxsf rw\n");
  EXPECT_THAT(warnings, SizeIs(3));
}

TEST_F(ForeignToolsTest, Parallels) {
  empty_file("/usr/lib/parallels-tools/install");
  remove_foreign_tools(guest, DebianFamily(), inspection, log);
  EXPECT_THAT(guest.commands(), ElementsAre(ElementsAre("/usr/lib/parallels-tools/install", "-r")));
}

TEST_F(ForeignToolsTest, CitrixLeavesNoConsolesBehind) {
  install(inspection, {"xe-guest-utilities"});
  guest.write("/etc/inittab",
              "#1:2345:respawn:/sbin/getty 38400 tty1\n#T0:23:respawn:/sbin/getty -L ttyS0\n"
              "2:23:respawn:/sbin/getty 38400 tty2\n# 2:23:respawn:/sbin/getty other\n"
              "#3:23:respawn:/bin/something\n");
  remove_foreign_tools(guest, DebianFamily(), inspection, log);
  EXPECT_EQ(guest.read("/etc/inittab"),
            "1:2345:respawn:/sbin/getty 38400 tty1\n#T0:23:respawn:/sbin/getty -L ttyS0\n"
            "2:23:respawn:/sbin/getty 38400 tty2\n# 2:23:respawn:/sbin/getty other\n"
            "#3:23:respawn:/bin/something\n");
}

TEST_F(ForeignToolsTest, RepositoriesOfVmwareAreSwitchedOff) {
  const std::string file = "/etc/yum.repos.d/tools.repo";
  guest.write(file,
              "[vmware-tools]\nname=VMware Tools\nbaseurl=https://packages.vmware.com/tools/rhel6\n"
              "enabled=1\n[base]\nbaseurl=http://mirror.example/notvmware.com/\nenabled=1\n");
  disable_foreign_settings(guest, log);
  EXPECT_EQ(guest.read(file),
            "[vmware-tools]\nenabled=0\nname=VMware Tools\n"
            "baseurl=https://packages.vmware.com/tools/rhel6\n"
            "[base]\nbaseurl=http://mirror.example/notvmware.com/\nenabled=1\n");
}

}  // namespace
