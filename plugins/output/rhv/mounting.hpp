// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// An NFS export on a directory of our own, by mount(8). The mount outlives its object, since a failed
// conversion is cleaned up by another process, which needs it: who is done says so. One thread.
#pragma once

#include <functional>
#include <string>
#include <v2v/error.hpp>

namespace v2v::output_rhv {

struct Mount {
  std::string from;  ///< "server:/export"
  std::string at;    ///< an absolute path
};

/// What -os says: "server:/export", or a directory, for which `from` is empty and `at` absolute.
/// @throws Error(usage) if it makes no sense
Mount parse_storage(const std::string &storage);

/// A name for a mount point that nobody else uses.
std::string new_mount_point();

/// Mounts on `at`, which is created if need be and open to all, as vdsm has to pass it.
/// @param check_cancelled  throws to give up; may be empty
/// @throws Error(access or not_found or io)
void mount(const Mount &mount, const std::function<void()> &check_cancelled);

/// Unmounts if it is mounted, and removes the mount point; never what is on it. If it is busy, it is
/// unmounted as soon as it no longer is.
/// @throws Error(io)
void unmount(const Mount &mount);

bool is_mounted(const Mount &mount);

}  // namespace v2v::output_rhv
