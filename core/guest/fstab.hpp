// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A Linux guest's fstab(5), and what its names of devices are called in the appliance. The disks of the
// appliance are those of the guest, in its order. Pure functions.
#pragma once

#include <v2v/values.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace v2v::core {

/// A line that mounts a disk, or a part of one, at a place that belongs to the system.
struct FstabEntry {
  std::string device;     ///< as it is written: "UUID=…", "/dev/sda1"
  std::string path;       ///< "/boot"
  std::string subvolume;  ///< of btrfs, without the leading slash; empty: its default
};
std::vector<FstabEntry> parse_fstab(std::string_view text);

/// What a name of a device is resolved with.
struct DeviceNames {
  std::vector<std::string> disks;       ///< the appliance's, in order: "/dev/sda"
  std::vector<Filesystem> filesystems;  ///< all that there are
  /// The device with this tag, as fstab has it: "UUID", "LABEL", "PARTUUID", "PARTLABEL".
  std::function<std::optional<std::string>(const std::string &tag, const std::string &value)>
      find_tag;
};

/// The appliance's name for the entry's device; for one that only the guest knows (/dev/mapper/NAME of
/// a LUKS container, /dev/disk/by-path/…) the guest's own. Nothing where no device has the tag.
std::optional<std::string> resolve_device(const FstabEntry &entry, const DeviceNames &names);

/// Whether the entry names one of several RAIDs, whose numbers are others in the appliance: only the guest's
/// mdadm.conf tells which.
bool is_doubtful(const FstabEntry &entry, const DeviceNames &names);

}  // namespace v2v::core
