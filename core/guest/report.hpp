// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What is reported of a guest besides what a conversion needs of it.
#pragma once

#include <core/run/reporter.hpp>
#include <v2v/values.hpp>

#include <guestfs.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace v2v::core {

struct ReportedDisk {
  std::string name;                ///< the source's
  std::uint64_t virtual_size = 0;  ///< bytes
  std::optional<std::uint64_t>
      allocated;            ///< an estimate: bytes that hold data; not given: not known
  unsigned boot_order = 0;  ///< from 1
};

struct ReportedFilesystem {
  std::string device, type, label, uuid;  ///< label and UUID may be empty
  std::string version;                    ///< of the type, where there are several: XFS's 4 or 5
};

/// Where the parts of a Windows are, and what may be in the way of its new drivers; empty for other guests.
struct WindowsPlaces {
  std::string system_root, software_hive, system_hive, current_control_set;
  bool group_policy = false, antivirus = false;
};

struct Report {
  std::string guest;
  std::vector<ReportedDisk> disks;
  Firmware firmware = Firmware::unknown;
  Inspection inspection;
  std::vector<ReportedFilesystem> filesystems;
  WindowsPlaces windows;
  std::string converter;          ///< that would convert it, or has
  std::optional<GuestCaps> caps;  ///< not given: it was not converted
};

/// Asks the appliance two or three times for each.
std::vector<ReportedFilesystem> describe_filesystems(guestfs_h *g,
                                                     const std::vector<Filesystem> &filesystems);

/// Asked of libguestfs's inspection, which takes a while. Nothing may be mounted.
WindowsPlaces find_windows_places(guestfs_h *g, const std::string &root);

/// The rest of it, from the hive SOFTWARE of the guest that is mounted. A hive that cannot be read is a
/// warning.
/// @param directory  on the host; gets a file for a while
void find_windows_policy(guestfs_h *g, WindowsPlaces &places,
                         const std::filesystem::path &directory, Reporter &reporter);

/// The version of an XFS by its superblock's first bytes: "4" or "5"; empty: neither. Pure.
std::string xfs_version(std::string_view superblock);

}  // namespace v2v::core
