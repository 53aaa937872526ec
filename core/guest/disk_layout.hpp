// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What the first sectors of the disks tell: which firmware the guest boots with, and from which
// disk. Read with one call for each disk: asking the appliance about partitions makes it read every
// partition table again, a second each time under emulation.
#pragma once

#include <v2v/values.hpp>

#include <guestfs.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace v2v::core {

/// What is read of a disk, bytes: its first sector, the header of a GPT, and the 128 entries that the
/// specification wants at least, at their usual place.
constexpr std::size_t disk_start_size = std::size_t{34} * 512;

/// A disk of the appliance and how it begins.
struct DiskStart {
  std::string device;  ///< "/dev/sda"
  std::string bytes;   ///< the boot sector and the GPT; fewer of a smaller disk
};

/// All disks, in the order of the source.
std::vector<DiskStart> read_disk_starts(guestfs_h *g);

/// A partition of a GPT (UEFI specification 2.10, 5.3).
struct GptPartition {
  unsigned number = 0;  ///< from 1
  std::string type;     ///< the 16 bytes of its type, as they are on the disk
};

/// The partitions that the first bytes of a disk describe; none if that is no GPT. The bytes are a
/// guest's, so nothing in them is believed.
std::vector<GptPartition> parse_gpt(std::string_view bytes);

/// Types of the partitions of Windows that hold no file system, as bytes on the disk: Microsoft's
/// documentation of PARTITION_INFORMATION_GPT.
extern const std::string_view microsoft_reserved, ldm_metadata, ldm_data;

/// A primary partition of an MBR: its number, from 1, and its type.
struct MbrPartition {
  unsigned number = 0;
  unsigned char type = 0;
};
/// Those in use; none if the bytes have no MBR.
std::vector<MbrPartition> parse_mbr(std::string_view bytes);

/// BIOS or UEFI, with the EFI system partitions: UEFI if there is an ESP and no BIOS boot
/// partition. Disks of the clouds' images have both: there only the source can tell.
/// @param told  what the source says
struct DetectedFirmware {
  Firmware firmware = Firmware::bios;
  std::vector<std::string> esp_devices;
};
DetectedFirmware detect_firmware(const std::vector<DiskStart> &disks, Firmware told);

/// The disk that boots. Linux: the first with GRUB in its first sector, else the one with /boot. Windows: of
/// those with an EFI System Partition or an active partition the one that C: is on, else the first.
/// A disk index, or nothing.
std::optional<unsigned> detect_boot_disk(const std::vector<DiskStart> &disks,
                                         const Inspection &inspection);

/// "2" of a guest's name for a partition that says no more about the disk than that there is one:
/// "/dev/nvme0n1p2", "/dev/disk/by-path/pci-0000:03:00.0-scsi-0:0:0:0-part2". Empty for others.
std::string partition_number(std::string_view device);

/// Whether "/dev/sda2" is a partition of "/dev/sda".
bool is_partition_of(std::string_view partition, std::string_view disk);

}  // namespace v2v::core
