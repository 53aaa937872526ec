// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Keys of encrypted disks, and opening LUKS containers with them inside the appliance.
#pragma once

#include <core/guest/disk_layout.hpp>
#include <core/run/reporter.hpp>
#include <v2v/values.hpp>

#include <guestfs.h>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace v2v::core {

/// --key ID:key:TEXT, ID:file:NAME (read by the host), ID:clevis.
struct DiskKey {
  std::string selector;    ///< a device, the UUID of a LUKS container, or "all"
  std::string passphrase;  ///< any bytes
  bool clevis = false;     ///< no passphrase: Clevis has it
};

/// Whether one of them wants Clevis, which needs an appliance with a network.
/// @throws Error(unsupported) if so, and this libguestfs cannot
bool needs_clevis(const std::vector<DiskKey> &keys);

/// Asks a person for a secret; nothing if there is no answer. Null: there is nobody to ask.
using AskSecret = std::function<std::optional<std::string>(const std::string &prompt)>;

/// Opens every LUKS container it has or is told a key for, also those inside LVM and the LVM inside
/// them. One without a key stays closed and is a warning: it may hold only data.
/// @param ask  asked where no key fits
/// @returns what list_devices gives then
/// @throws Error(access) if a key was given for just this container and does not open it
std::vector<Filesystem> unlock_disks(guestfs_h *g, const std::vector<DiskStart> &disks,
                                     const std::vector<DiskKey> &keys, const AskSecret &ask,
                                     Reporter &reporter);

/// The device of the appliance that a guest calls `device`, "/dev/mapper/NAME", because its crypttab
/// opens a LUKS container under that name: here it is open under another one. Nothing if crypttab
/// has no such name.
/// @param uuid_of  the UUID of the container on a device of the appliance; empty if there is none
std::optional<std::string> container_called(
    const std::string &device, std::string_view crypttab,
    const std::function<std::string(const std::string &)> &uuid_of);

}  // namespace v2v::core
