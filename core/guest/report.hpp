// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What is reported of a guest besides what a conversion needs of it.
#pragma once

#include <v2v/values.hpp>

#include <guestfs.h>

#include <cstdint>
#include <optional>
#include <string>
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
};

/// Where the parts of a Windows are; empty for other guests.
struct WindowsPlaces {
  std::string system_root, software_hive, system_hive, current_control_set;
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

/// Asks the appliance twice for each.
std::vector<ReportedFilesystem> describe_filesystems(guestfs_h *g,
                                                     const std::vector<Filesystem> &filesystems);

/// Asked of libguestfs's inspection, which takes a while. Nothing may be mounted.
WindowsPlaces find_windows_places(guestfs_h *g, const std::string &root);

}  // namespace v2v::core
