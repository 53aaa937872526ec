// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Opening one encrypted container in the appliance, with a key of any bytes or with Clevis. What
// libguestfs can do of it depends on its version.
#pragma once

#include <guestfs.h>

#include <optional>
#include <string>

namespace v2v::core {

/// An encrypted device, and what it is to be called when it is open.
struct Container {
  std::string device, uuid, map_name;
};

/// @return whether the key fits
/// @throws Error(corrupt) for a UUID that no shell of the appliance may see
bool open_with_key(guestfs_h *g, const Container &container, const std::string &key);

/// With what Clevis was bound to, for instance a Tang server: the appliance needs a network.
/// @return whether that worked
/// @throws Error(unsupported) if the appliance has no Clevis
bool open_with_clevis(guestfs_h *g, const Container &container);

/// @throws Error(unsupported) if this libguestfs knows nothing of Clevis
void require_clevis();

/// The key as a libguestfs of this version takes it; nothing if it cannot: up to 1.58 a key ends at its
/// first zero byte, and from 1.60 on it may be encoded. Pure.
std::optional<std::string> key_parameter(const std::string &key,
                                         const struct guestfs_version &version);

/// A logical volume's name as libguestfs has it, /dev/VG/LV, for /dev/mapper/VG-LV; other names as they
/// are. Pure.
std::string volume_name(const std::string &device);

}  // namespace v2v::core
