// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/guest/disk_layout.hpp>

#include <core/guest/guestfs.hpp>

#include <algorithm>

namespace v2v::core {
namespace {

constexpr std::size_t sector = 512;
constexpr std::size_t mbr_entries = 446, mbr_entry = 16, mbr_type = 4;  // offsets, bytes
constexpr unsigned char protective = 0xee;
constexpr std::size_t smallest_entry = 128;

// UEFI specification 2.10, table 5.7, and GRUB manual, "BIOS installation"; as bytes on the disk.
constexpr std::string_view esp_type(
    "\x28\x73\x2a\xc1\x1f\xf8\xd2\x11\xba\x4b\x00\xa0\xc9\x3e\xc9\x3b", 16);
constexpr std::string_view bios_boot_type = "Hah!IdontNeedEFI";

/// A little-endian number; 0 where the bytes end before.
std::uint64_t number_at(std::string_view bytes, std::size_t offset, std::size_t size) {
  if (offset > bytes.size() || bytes.size() - offset < size) return 0;
  std::uint64_t value = 0;
  for (std::size_t i = size; i > 0; --i)
    value = value << 8 | static_cast<unsigned char>(bytes[offset + i - 1]);
  return value;
}

// A GPT without it is a leftover: the disk has an MBR now.
bool has_protective_mbr(std::string_view bytes) {
  for (std::size_t i = 0; i < 4; ++i)
    if (number_at(bytes, mbr_entries + i * mbr_entry + mbr_type, 1) == protective) return true;
  return false;
}

/// Whether it has what Windows is started from: an EFI System Partition, or a partition marked as active.
bool starts_windows(std::string_view bytes) {
  for (const auto &partition : parse_gpt(bytes))
    if (partition.type == esp_type) return true;
  if (has_protective_mbr(bytes)) return false;
  constexpr unsigned active = 0x80;
  for (const auto &partition : parse_mbr(bytes))
    if (number_at(bytes, mbr_entries + (partition.number - 1) * mbr_entry, 1) == active)
      return true;
  return false;
}

std::optional<unsigned> boot_disk_of_windows(const std::vector<DiskStart> &disks,
                                             const std::string &root) {
  std::optional<unsigned> first;
  for (unsigned i = 0; i < disks.size(); ++i) {
    if (!starts_windows(disks[i].bytes)) continue;
    if (is_partition_of(root, disks[i].device)) return i;
    if (!first) first = i;
  }
  return first;
}

}  // namespace

const std::string_view microsoft_reserved(
    "\x16\xe3\xc9\xe3\x5c\x0b\xb8\x4d\x81\x7d\xf9\x2d\xf0\x02\x15\xae", 16);
const std::string_view ldm_metadata(
    "\xaa\xc8\x08\x58\x8f\x7e\xe0\x42\x85\xd2\xe1\xe9\x04\x34\xcf\xb3", 16);
const std::string_view ldm_data("\xa0\x60\x9b\xaf\x31\x14\x62\x4f\xbc\x68\x33\x11\x71\x4a\x69\xad",
                                16);

std::vector<MbrPartition> parse_mbr(std::string_view bytes) {
  std::vector<MbrPartition> partitions;
  if (number_at(bytes, sector - 2, 2) != 0xaa55) return partitions;
  for (unsigned i = 0; i < 4; ++i)
    if (const auto type = number_at(bytes, mbr_entries + i * mbr_entry + mbr_type, 1); type != 0)
      partitions.push_back({i + 1, static_cast<unsigned char>(type)});
  return partitions;
}

std::vector<DiskStart> read_disk_starts(guestfs_h *g) {
  std::vector<DiskStart> disks;
  for (const auto &device : take_list(guestfs_list_devices(g))) {
    std::size_t size = 0;
    char *start = guestfs_pread_device(g, device.c_str(), disk_start_size, 0, &size);
    disks.push_back({device, start ? std::string(start, size) : std::string()});
    std::free(start);
  }
  return disks;
}

std::vector<GptPartition> parse_gpt(std::string_view bytes) {
  if (!has_protective_mbr(bytes) || bytes.substr(std::min(sector, bytes.size()), 8) != "EFI PART")
    return {};
  const auto table = number_at(bytes, sector + 72, 8);
  const auto count = number_at(bytes, sector + 80, 4);
  const auto size = number_at(bytes, sector + 84, 4);
  if (table > bytes.size() / sector || size < smallest_entry || size > bytes.size()) return {};
  std::vector<GptPartition> partitions;
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto offset = table * sector + i * size;
    if (offset + size > bytes.size()) break;
    const auto type = bytes.substr(offset, 16);
    if (type.find_first_not_of('\0') == type.npos) continue;  // unused
    partitions.push_back({static_cast<unsigned>(i + 1), std::string(type)});
  }
  return partitions;
}

DetectedFirmware detect_firmware(const std::vector<DiskStart> &disks, Firmware told) {
  DetectedFirmware found;
  bool bios_boot = false;
  for (const auto &[device, bytes] : disks)
    for (const auto &partition : parse_gpt(bytes)) {
      bios_boot |= partition.type == bios_boot_type;
      if (partition.type == esp_type)
        found.esp_devices.push_back(device + std::to_string(partition.number));
    }
  if (found.esp_devices.empty() || (bios_boot && told != Firmware::uefi)) return {};
  found.firmware = Firmware::uefi;
  return found;
}

std::string partition_number(std::string_view device) {
  const auto digits = device.find_last_not_of("0123456789") + 1;
  const auto disk = device.substr(0, digits);
  const auto begins = [&](std::string_view with) { return device.substr(0, with.size()) == with; };
  const auto ends = [&](std::string_view with) {
    return disk.size() >= with.size() && disk.substr(disk.size() - with.size()) == with;
  };
  const bool numbered = (begins("/dev/nvme") || begins("/dev/cciss/")) && ends("p");
  const bool link = (begins("/dev/disk/by-id/") || begins("/dev/disk/by-path/")) && ends("-part");
  return numbered || link ? std::string(device.substr(digits)) : std::string();
}

bool is_partition_of(std::string_view partition, std::string_view disk) {
  return partition.size() > disk.size() && partition.substr(0, disk.size()) == disk &&
         partition.find_first_not_of("0123456789", disk.size()) == partition.npos;
}

std::optional<unsigned> detect_boot_disk(const std::vector<DiskStart> &disks,
                                         const Inspection &inspection) {
  if (inspection.type == "windows") return boot_disk_of_windows(disks, inspection.root);
  if (inspection.type != "linux") return std::nullopt;
  for (unsigned i = 0; i < disks.size(); ++i)
    if (std::string_view(disks[i].bytes).substr(0, sector).find("GRUB") != std::string_view::npos)
      return i;
  for (const auto &[path, device] : inspection.mountpoints)
    for (unsigned i = 0; path == "/boot" && i < disks.size(); ++i)
      if (is_partition_of(device, disks[i].device)) return i;
  return std::nullopt;
}

}  // namespace v2v::core
