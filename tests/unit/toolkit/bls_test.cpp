// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// GRUB 2 whose menu is in files of their own, as RHEL 8 (arguments in grubenv), RHEL 9 and Fedora (each
// in its file) have it.
#include "system_fixture.hpp"

#include <v2v/linux/bootloader.hpp>

namespace v2v::linux {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr char kConfig[] = "/boot/grub2/grub.cfg";
constexpr char kEnvironment[] = "/boot/grub2/grubenv";
constexpr char kOld[] = "/boot/loader/entries/1f2e-5.14.0-70.el9.x86_64.conf";
constexpr char kNew[] = "/boot/loader/entries/1f2e-5.14.0-362.el9.x86_64.conf";

std::string environment(const std::string &variables) {
  auto block = "# GRUB Environment Block\n" + variables;
  block.resize(1024, '#');
  return block;
}

std::string entry(const std::string &version, const std::string &options) {
  return "title Rocky Linux (" + version + ") 9.3\nversion " + version + "\nlinux /vmlinuz-" +
         version + "\ninitrd /initramfs-" + version + ".img $tuned_initrd\noptions " + options +
         "\ngrub_users $grub_users\n";
}

class BlsTest : public SystemTest {
 protected:
  BlsTest() {
    empty_files({"/boot/vmlinuz-5.14.0-70.el9.x86_64", "/boot/vmlinuz-5.14.0-362.el9.x86_64",
                 "/boot/vmlinuz-5.14.0-999.el9.x86_64", "/boot/vmlinuz-0-rescue-1f2e"});
    guest.write(kConfig,
                "set pager=1\nif [ \"${next_entry}\" ] ; then\n   set default=\"${next_entry}\"\n"
                "else\n   set default=\"${saved_entry}\"\nfi\n"
                "insmod blscfg\nblscfg\n"
                "menuentry 'UEFI Firmware Settings' $menuentry_id_option 'uefi-firmware' {\n"
                "\tfwsetup\n}\n");
    guest.write(kOld, entry("5.14.0-70.el9.x86_64", "root=/dev/sda2 ro $tuned_params"));
    guest.write(kNew, entry("5.14.0-362.el9.x86_64", "root=/dev/sda2 ro $tuned_params"));
    guest.write("/boot/loader/entries/1f2e-0-rescue.conf",
                "title rescue\nlinux /vmlinuz-0-rescue-1f2e\noptions root=/dev/sda2 ro\n");
    guest.write("/boot/loader/entries/notes.txt", "linux /vmlinuz-5.14.0-999.el9.x86_64\n");
  }

  std::unique_ptr<Bootloader> detect() {
    Inspection inspection;
    inspection.distro = "rocky";
    return detect_bootloader(guest, inspection, "", log);
  }
  static std::string to_vda(const std::string &arguments) {
    auto changed = arguments;
    if (const auto at = changed.find("/dev/sda"); at != std::string::npos)
      changed.replace(at, 8, "/dev/vda");
    return changed;
  }
};

TEST_F(BlsTest, TheNewestIsFirstWithoutASavedEntryAndKernelsWithoutAFileAreNotOffered) {
  EXPECT_THAT(detect()->kernels(),
              ElementsAre("/boot/vmlinuz-5.14.0-362.el9.x86_64",
                          "/boot/vmlinuz-5.14.0-70.el9.x86_64", "/boot/vmlinuz-0-rescue-1f2e"));
}

TEST_F(BlsTest, TheSavedEntryIsTheNameOfAFile) {
  guest.write(kEnvironment, environment("saved_entry=1f2e-5.14.0-70.el9.x86_64\nboot_success=1\n"));
  const auto bootloader = detect();
  EXPECT_EQ(bootloader->kernels().front(), "/boot/vmlinuz-5.14.0-70.el9.x86_64");
  bootloader->set_default("/boot/vmlinuz-5.14.0-362.el9.x86_64");
  EXPECT_THAT(bootloader->update(), ElementsAre(kEnvironment));
  const auto block = guest.read(kEnvironment);
  EXPECT_EQ(block.size(), 1024U);
  EXPECT_THAT(block, HasSubstr("\nboot_success=1\n"));
  EXPECT_EQ(detect()->kernels().front(), "/boot/vmlinuz-5.14.0-362.el9.x86_64");
}

TEST_F(BlsTest, TheNewestBecomesTheDefaultByItsNumber) {
  guest.write(kEnvironment, environment("saved_entry=1f2e-5.14.0-70.el9.x86_64\n"));
  const auto bootloader = detect();
  bootloader->set_default("/boot/vmlinuz-5.14.0-362.el9.x86_64");
  bootloader->update();
  // By its name, for the number would mean another one after the next kernel's installation.
  EXPECT_THAT(guest.read(kEnvironment), HasSubstr("saved_entry=1f2e-5.14.0-362.el9.x86_64\n"));
}

TEST_F(BlsTest, ArgumentsChangeInEveryFileAndForTheNextKernel) {
  guest.write("/etc/kernel/cmdline", "root=/dev/sda2 ro\n");
  const auto bootloader = detect();
  bootloader->edit_arguments(to_vda);
  EXPECT_EQ(bootloader->default_arguments(), "root=/dev/vda2 ro");
  bootloader->update();
  for (const char *file : {kOld, kNew})
    EXPECT_THAT(guest.read(file),
                HasSubstr("\noptions root=/dev/vda2 ro $tuned_params\ngrub_users"));
  EXPECT_EQ(guest.read("/etc/kernel/cmdline"), "root=/dev/vda2 ro\n");
  EXPECT_THAT(detect()->default_arguments(), HasSubstr("/dev/vda2"));
}

TEST_F(BlsTest, ArgumentsSharedInTheEnvironmentBlock) {
  guest.write(kNew, entry("5.14.0-362.el9.x86_64", "$kernelopts $tuned_params"));
  guest.write(kEnvironment, environment("kernelopts=root=/dev/sda2 ro net.ifnames=0\n"
                                        "tuned_params=skew_tick=1\n"));
  const auto bootloader = detect();
  EXPECT_EQ(bootloader->default_arguments(), "root=/dev/sda2 ro net.ifnames=0 skew_tick=1");
  bootloader->edit_arguments(to_vda);
  EXPECT_EQ(bootloader->default_arguments(), "root=/dev/vda2 ro net.ifnames=0 skew_tick=1");
  bootloader->update();
  EXPECT_THAT(guest.read(kEnvironment), HasSubstr("kernelopts=root=/dev/vda2 ro net.ifnames=0\n"));
  EXPECT_THAT(guest.read(kNew), HasSubstr("\noptions $kernelopts $tuned_params\n"));
}

TEST_F(BlsTest, ArgumentsSharedInGrubCfg) {
  guest.write(kConfig,
              "set default=\"${saved_entry}\"\nif [ -z \"$kernelopts\" ]; then\n"
              "  set kernelopts=\"root=/dev/sda2 ro \"\nfi\nblscfg\n");
  const auto bootloader = detect();
  bootloader->edit_arguments(to_vda);
  bootloader->update();
  EXPECT_THAT(guest.read(kConfig), HasSubstr("set kernelopts=\"root=/dev/vda2 ro \"\n"));
}

TEST_F(BlsTest, WithoutBlscfgTheFilesDoNotCount) {
  guest.write(kConfig,
              "set default=\"0\"\nmenuentry 'a' {\n linux /vmlinuz-5.14.0-70.el9.x86_64 ro\n}\n");
  EXPECT_EQ(detect()->kernels().front(), "/boot/vmlinuz-5.14.0-70.el9.x86_64");
}

TEST_F(BlsTest, OtherBootloadersAreNamed) {
  guest.remove(kConfig);
  const auto failure = [&]() -> std::string {
    try {
      detect();
    } catch (const Error &error) {
      return error.what();
    }
    return "none";
  };
  EXPECT_THAT(failure(), HasSubstr("no bootloader configuration"));
  guest.write("/boot/loader/loader.conf", "timeout 3\n");
  EXPECT_THAT(failure(), HasSubstr("boots with systemd-boot"));
  guest.write("/boot/EFI/Linux/fedora.efi", "MZ");
  EXPECT_THAT(failure(), HasSubstr("boots with unified kernel images"));
}

}  // namespace
}  // namespace v2v::linux
