// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Hives in the shape that each version of Windows gives them, with the parts that v2v reads or writes
// filled as Windows fills them. They stand for a guest of VMware with VMware Tools and three network cards:
// a vmxnet3 with static addresses, an e1000e with DHCP, and a card that does not show its MAC address.
//
// The system lies on C:, at system_partition_offset of the disk with mbr_disk_id, or, where the version is
// one that starts with UEFI here, in the partition with gpt_partition_guid; who builds a disk for them has
// to give it these. Used by unit tests and by the program windows-hives.
#pragma once

#include <v2v/windows/hive.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace v2v::windows {

struct WindowsVersion {
  const char *name;  ///< "xp", "2008r2", as a test calls it
  int major, minor;
  const char *product_name, *variant, *build, *winarch, *osinfo;
  bool uefi;

  bool has_driver_database() const { return major > 6 || (major == 6 && minor >= 2); }
  /// Windows 2003 has no variant.
  bool is_server() const;
};

constexpr std::uint32_t mbr_disk_id = 0x5f5e7632, system_partition_offset = 0x100000;
constexpr const char *gpt_partition_guid = "327e5e5f-3276-4032-8032-327632763276",
                     *vmxnet3_mac = "00:0c:29:a4:6b:e1", *e1000e_mac = "00:0c:29:3b:8e:58";
/// Of the boot entry of the system in BCD.
constexpr const char *system_entry = "{5189b25c-5558-4bf2-bca4-289b11bd29e2}";

const std::vector<WindowsVersion> &windows_versions();
/// std::out_of_range for a name that is none.
const WindowsVersion &windows_version(const std::string &name);

void write_system(const std::string &file, const WindowsVersion &version);
void write_software(const std::string &file, const WindowsVersion &version);
void write_boot_store(const std::string &file);
/// SYSTEM, SOFTWARE, SAM, SECURITY, DEFAULT and, since Windows Vista, BCD.
void write_all_hives(const std::string &directory, const WindowsVersion &version);

}  // namespace v2v::windows
