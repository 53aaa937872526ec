// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/guest/guestfs.hpp>
#include <core/guest/inspection.hpp>

#include <set>

namespace v2v::core {
namespace {

// UEFI specification 2.10, table 5.7; GRUB manual, "BIOS installation".
constexpr const char *esp_guid = "C12A7328-F81F-11D2-BA4B-00A0C93EC93B";
constexpr const char *bios_boot_guid = "21686148-6449-6E6F-744E-656564454649";

// Disks without a table, or with one parted does not know, are no GPT.
std::set<std::string> gpt_disks(guestfs_h *g) {
  std::set<std::string> disks;
  for (const auto &disk : take_list(guestfs_list_devices(g)))
    if (take_text(guestfs_part_get_parttype(g, disk.c_str())) == "gpt") disks.insert(disk);
  return disks;
}

}  // namespace

DetectedFirmware detect_firmware(guestfs_h *g) {
  DetectedFirmware found;
  bool bios_boot = false;
  const auto gpt = gpt_disks(g);
  if (gpt.empty()) return found;
  for (const auto &partition : take_list(guestfs_list_partitions(g))) {
    const auto disk = take_text(guestfs_part_to_dev(g, partition.c_str()));
    if (!gpt.count(disk)) continue;
    const int number = guestfs_part_to_partnum(g, partition.c_str());
    const auto type = take_text(guestfs_part_get_gpt_type(g, disk.c_str(), number));
    if (type == esp_guid) found.esp_devices.push_back(partition);
    bios_boot |= type == bios_boot_guid;
  }
  if (found.esp_devices.empty() || bios_boot) return {};
  found.firmware = Firmware::uefi;
  return found;
}

std::optional<unsigned> detect_boot_disk(guestfs_h *g, const Inspection &inspection) {
  if (inspection.type != "linux") return std::nullopt;
  const auto disks = take_list(guestfs_list_devices(g));
  for (std::size_t i = 0; i < disks.size(); ++i) {
    std::size_t size = 0;
    char *sector = guestfs_pread_device(g, disks[i].c_str(), 512, 0, &size);
    const std::string bytes = sector ? std::string(sector, size) : std::string();
    std::free(sector);
    if (bytes.find("GRUB") != std::string::npos) return static_cast<unsigned>(i);
  }
  for (const auto &[path, device] : inspection.mountpoints) {
    if (path != "/boot") continue;
    const auto disk = take_text(guestfs_part_to_dev(g, device.c_str()));
    for (std::size_t i = 0; i < disks.size(); ++i)
      if (disks[i] == disk) return static_cast<unsigned>(i);
  }
  return std::nullopt;
}

}  // namespace v2v::core
