// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The loader that a firmware with fresh NVRAM finds.
#include "system_fixture.hpp"

#include <v2v/linux/uefi_loader.hpp>

using namespace v2v;
using namespace v2v::linux;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

namespace {

class UefiLoaderTest : public SystemTest {
 protected:
  UefiLoaderTest() {
    inspection.firmware = Firmware::uefi;
    inspection.esp_devices = {"/dev/sda1"};
    inspection.mountpoints = {{"/", "/dev/sda2"}, {"/boot/efi", "/dev/sda1"}};
  }
  void file(const std::string &name) { guest.write("/boot/efi/EFI/" + name, "content of " + name); }
  std::string content(const std::string &name) { return guest.read("/boot/efi/EFI/" + name); }
  void ensure() { ensure_uefi_fallback(guest, inspection, esp_mountpoint(inspection), log); }

  Inspection inspection = debian();
};

TEST_F(UefiLoaderTest, MountpointOfThePartition) {
  EXPECT_EQ(esp_mountpoint(inspection), "/boot/efi");
  inspection.mountpoints[1].path = "/efi";
  EXPECT_EQ(esp_mountpoint(inspection), "/efi");
  inspection.mountpoints.pop_back();
  EXPECT_EQ(esp_mountpoint(inspection), "");
  inspection.firmware = Firmware::bios;
  inspection.mountpoints.push_back({"/boot/efi", "/dev/sda1"});
  EXPECT_EQ(esp_mountpoint(inspection), "");
}

TEST_F(UefiLoaderTest, ExistingFallbackStaysInAnyCase) {
  file("boot/bootx64.efi");
  file("debian/shimx64.efi");
  file("debian/grubx64.efi");
  ensure();
  EXPECT_THAT(guest.list("/boot/efi/EFI/boot"), ElementsAre("bootx64.efi"));
  EXPECT_THAT(guest.list("/boot/efi/EFI"), ElementsAre("boot", "debian"));
  EXPECT_THAT(infos, IsEmpty());
}

TEST_F(UefiLoaderTest, ShimWithAllItNeedsButNotTheFallbackProgram) {
  for (const char *name :
       {"shimx64.efi", "grubx64.efi", "mmx64.efi", "fbx64.efi", "grub.cfg", "BOOTX64.CSV"})
    file(std::string("debian/") + name);
  file("Microsoft/Boot/bootmgfw.efi");
  ensure();
  EXPECT_THAT(guest.list("/boot/efi/EFI/BOOT"),
              ElementsAre("BOOTX64.EFI", "grub.cfg", "grubx64.efi", "mmx64.efi"));
  EXPECT_EQ(content("BOOT/BOOTX64.EFI"), "content of debian/shimx64.efi");
  EXPECT_THAT(infos, ElementsAre("Fixing UEFI bootloader."));
}

TEST_F(UefiLoaderTest, UnsignedGrubIsTheFallbackItself) {
  file("debian/grubx64.efi");
  ensure();
  EXPECT_THAT(guest.list("/boot/efi/EFI/BOOT"), ElementsAre("BOOTX64.EFI"));
  EXPECT_EQ(content("BOOT/BOOTX64.EFI"), "content of debian/grubx64.efi");
}

TEST_F(UefiLoaderTest, OwnDistributionFirstAndDirectoriesAsTheyAreWritten) {
  file("arch/grubx64.efi");
  file("Debian/grubx64.efi");
  guest.make_directory("/boot/efi/EFI/Boot");
  ensure();
  EXPECT_EQ(content("Boot/BOOTX64.EFI"), "content of Debian/grubx64.efi");
}

TEST_F(UefiLoaderTest, DistributionsWhoseDirectoryHasAnotherName) {
  file("debian/grubx64.efi");
  file("ubuntu/grubx64.efi");
  inspection.distro = "linuxmint";
  ensure();
  EXPECT_EQ(content("BOOT/BOOTX64.EFI"), "content of ubuntu/grubx64.efi");
}

TEST_F(UefiLoaderTest, OtherArchitectures) {
  inspection.arch = "aarch64";
  file("debian/shimaa64.efi");
  file("debian/grubaa64.efi");
  file("debian/grubx64.efi");
  ensure();
  EXPECT_THAT(guest.list("/boot/efi/EFI/BOOT"), ElementsAre("BOOTAA64.EFI", "grubaa64.efi"));
  inspection.arch = "i686";
  file("debian/grubia32.efi");
  ensure();
  EXPECT_EQ(content("BOOT/BOOTIA32.EFI"), "content of debian/grubia32.efi");
}

TEST_F(UefiLoaderTest, ShimAloneIsCompleted) {
  guest.write("/boot/efi/EFI/debian/shimx64.efi", "shim");
  guest.write("/boot/efi/EFI/BOOT/BOOTX64.EFI", "shim");
  file("debian/grubx64.efi");
  ensure();
  EXPECT_THAT(guest.list("/boot/efi/EFI/BOOT"), ElementsAre("BOOTX64.EFI", "grubx64.efi"));
}

TEST_F(UefiLoaderTest, HalfALoaderIsTakenAway) {
  for (const char *name : {"shimx64.efi", "grubx64.efi", "grub.cfg"})
    file(std::string("debian/") + name);
  guest.make_directory("/boot/efi/EFI/BOOT/grub.cfg");
  ensure();
  EXPECT_THAT(guest.list("/boot/efi/EFI/BOOT"), ElementsAre("grub.cfg"));
  EXPECT_THAT(warnings, ElementsAre(HasSubstr("could not be made")));
}

TEST_F(UefiLoaderTest, NothingToCopyIsAWarningThatHelps) {
  ensure();
  EXPECT_THAT(warnings, ElementsAre(HasSubstr("grub-install --removable")));
  warnings.clear();
  inspection.mountpoints.pop_back();
  ensure();
  EXPECT_THAT(warnings, ElementsAre(HasSubstr("not in its /etc/fstab")));
}

TEST_F(UefiLoaderTest, BiosGuestsAreLeftAlone) {
  inspection.firmware = Firmware::bios;
  file("debian/grubx64.efi");
  ensure();
  EXPECT_THAT(guest.list("/boot/efi/EFI"), ElementsAre("debian"));
  EXPECT_THAT(warnings, IsEmpty());
}

}  // namespace
