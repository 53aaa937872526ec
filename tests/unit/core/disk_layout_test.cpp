// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Boot sectors and GPTs, made by hand: right ones, leftovers, and such that lie about their sizes.
#include <core/guest/disk_layout.hpp>

#include <gmock/gmock.h>

#include <cstring>

namespace v2v::core {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::string esp("\x28\x73\x2a\xc1\x1f\xf8\xd2\x11\xba\x4b\x00\xa0\xc9\x3e\xc9\x3b", 16);
const std::string bios_boot = "Hah!IdontNeedEFI";
const std::string linux_data = "................";

void put(std::string &bytes, std::size_t offset, std::uint64_t value, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i)
    bytes[offset + i] = static_cast<char>(value >> (8 * i) & 0xff);
}

/// The first 34 sectors of a disk with partitions of these types; an empty one is a free entry.
std::string gpt(const std::vector<std::string> &types) {
  std::string bytes(std::size_t{34} * 512, '\0');
  put(bytes, 446 + 4, 0xee, 1);
  bytes.replace(512, 8, "EFI PART");
  put(bytes, 512 + 72, 2, 8);
  put(bytes, 512 + 80, 128, 4);
  put(bytes, 512 + 84, 128, 4);
  for (std::size_t i = 0; i < types.size(); ++i)
    bytes.replace(1024 + i * 128, types[i].size(), types[i]);
  return bytes;
}

std::vector<unsigned> numbers(const std::string &bytes) {
  std::vector<unsigned> found;
  for (const auto &partition : parse_gpt(bytes)) found.push_back(partition.number);
  return found;
}

TEST(DiskLayout, PartitionsKeepTheirNumbers) {
  EXPECT_THAT(numbers(gpt({linux_data, "", esp})), ElementsAre(1, 3));
  EXPECT_THAT(numbers(std::string(34 * 512, '\0')), IsEmpty());
  EXPECT_THAT(numbers(""), IsEmpty());
}

TEST(DiskLayout, GptWithoutProtectiveMbrIsALeftover) {
  auto bytes = gpt({esp});
  put(bytes, 446 + 4, 0x83, 1);
  EXPECT_THAT(numbers(bytes), IsEmpty());
}

TEST(DiskLayout, SizesThatLieAreNotBelieved) {
  for (const auto &[offset, value] : {std::pair{72, ~std::uint64_t(0)},
                                      {72, ~std::uint64_t(0) / 512},
                                      {84, std::uint64_t(0)},
                                      {84, std::uint64_t(0xffffffff)}}) {
    auto bytes = gpt({esp});
    put(bytes, 512 + static_cast<std::size_t>(offset), value, offset == 72 ? 8 : 4);
    EXPECT_THAT(numbers(bytes), IsEmpty()) << offset << " " << value;
  }
  auto bytes = gpt({esp});
  put(bytes, 512 + 80, 0xffffffff, 4);
  EXPECT_THAT(numbers(bytes), ElementsAre(1));
  for (std::size_t size = 0; size < 1200; size += 7)
    EXPECT_LE(numbers(bytes.substr(0, size)).size(), 1u);
}

TEST(DiskLayout, FirmwareIsUefiWithAnEspAndNoBiosBootPartition) {
  const auto unknown = Firmware::unknown;
  const auto only_esp =
      detect_firmware({{"/dev/sda", gpt({linux_data})}, {"/dev/sdb", gpt({"", esp})}}, unknown);
  EXPECT_EQ(only_esp.firmware, Firmware::uefi);
  EXPECT_THAT(only_esp.esp_devices, ElementsAre("/dev/sdb2"));
  const auto both = detect_firmware({{"/dev/sda", gpt({esp, bios_boot})}}, unknown);
  EXPECT_EQ(both.firmware, Firmware::bios);
  EXPECT_THAT(both.esp_devices, IsEmpty());
  EXPECT_EQ(detect_firmware({{"/dev/sda", gpt({linux_data})}}, unknown).firmware, Firmware::bios);
}

TEST(DiskLayout, OfADiskMadeForBothTheSourceTells) {
  const std::vector<DiskStart> disks{{"/dev/sda", gpt({esp, bios_boot})}};
  EXPECT_EQ(detect_firmware(disks, Firmware::bios).firmware, Firmware::bios);
  const auto uefi = detect_firmware(disks, Firmware::uefi);
  EXPECT_EQ(uefi.firmware, Firmware::uefi);
  EXPECT_THAT(uefi.esp_devices, ElementsAre("/dev/sda1"));
}

TEST(DiskLayout, PartitionNumbersInNamesOfTheOldHardware) {
  EXPECT_EQ(partition_number("/dev/nvme0n1p12"), "12");
  EXPECT_EQ(partition_number("/dev/cciss/c0d0p1"), "1");
  EXPECT_EQ(partition_number("/dev/disk/by-path/pci-0000:03:00.0-scsi-0:0:0:0-part2"), "2");
  EXPECT_EQ(partition_number("/dev/disk/by-id/scsi-36000c29f-part3"), "3");
  for (const char *other : {"/dev/nvme0n1", "/dev/sda2", "/dev/disk/by-uuid/1-part2", "", "12",
                            "/dev/disk/by-id/scsi-36000c29f", "/dev/nvme0n1p"})
    EXPECT_EQ(partition_number(other), "") << other;
}

TEST(DiskLayout, BootDiskIsTheFirstWithGrubOrElseTheOneWithBoot) {
  Inspection linux;
  linux.type = "linux";
  linux.mountpoints = {{"/", "/dev/sda1"}, {"/boot", "/dev/sdb1"}};
  const std::string plain(512, 'x');
  auto grub = plain;
  grub.replace(100, 4, "GRUB");
  const std::string late = plain + "GRUB";  // not in the boot sector
  EXPECT_EQ(detect_boot_disk({{"/dev/sda", late}, {"/dev/sdb", plain}, {"/dev/sdc", grub}}, linux),
            2u);
  EXPECT_EQ(detect_boot_disk({{"/dev/sda", late}, {"/dev/sdb", plain}}, linux), 1u);
  linux.mountpoints.pop_back();
  EXPECT_EQ(detect_boot_disk({{"/dev/sda", plain}}, linux), std::nullopt);
  linux.type = "freebsd";
  EXPECT_EQ(detect_boot_disk({{"/dev/sda", grub}}, linux), std::nullopt);
}

TEST(DiskLayout, WindowsBootsFromAnActivePartitionOrAnEsp) {
  Inspection windows;
  windows.type = "windows";
  windows.root = "/dev/sdc1";
  std::string data(512, '\0');
  put(data, 446 + 4, 0x07, 1);
  put(data, 510, 0xaa55, 2);
  auto active = data;
  put(active, 446 + 16, 0x80, 1);
  put(active, 446 + 16 + 4, 0x07, 1);
  const auto boots_from = [&](const std::vector<std::string> &starts) {
    std::vector<DiskStart> disks;
    for (const auto &bytes : starts)
      disks.push_back({std::string("/dev/sd") + static_cast<char>('a' + disks.size()), bytes});
    return detect_boot_disk(disks, windows);
  };
  EXPECT_EQ(boots_from({data, active, active}), 2u);  // that of C:
  EXPECT_EQ(boots_from({data, active, data}), 1u);    // C: is not where it starts
  EXPECT_EQ(boots_from({data, gpt({}), gpt({esp})}), 2u);
  EXPECT_EQ(boots_from({data, "", data}), std::nullopt);
}

TEST(DiskLayout, PartitionsOfDiskTwentySevenAreNotTheFirstDisks) {
  EXPECT_TRUE(is_partition_of("/dev/sda12", "/dev/sda"));
  EXPECT_FALSE(is_partition_of("/dev/sdaa1", "/dev/sda"));
  EXPECT_FALSE(is_partition_of("/dev/sda", "/dev/sda"));
}

TEST(DiskLayout, ReadsTheTypesOfAnMbr) {
  std::string bytes(512, '\0');
  put(bytes, 446 + 4, 0x83, 1);
  put(bytes, 446 + 16 + 4, 0x05, 1);
  EXPECT_THAT(parse_mbr(bytes), IsEmpty());  // without its signature
  put(bytes, 510, 0xaa55, 2);
  const auto partitions = parse_mbr(bytes);
  ASSERT_EQ(partitions.size(), 2u);
  EXPECT_EQ(partitions[1].number, 2u);
  EXPECT_EQ(partitions[1].type, 0x05);
  EXPECT_THAT(parse_mbr("short"), IsEmpty());
}

}  // namespace
}  // namespace v2v::core
