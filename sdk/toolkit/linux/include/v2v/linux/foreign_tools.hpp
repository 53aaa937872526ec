// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Removal of the old hypervisor's guest tools from guests with dpkg: packages,
// and the ones that were installed from a tarball by an installer of their own.
#pragma once

#include <v2v/linux/guest.hpp>
#include <v2v/linux/log.hpp>
#include <v2v/values.hpp>

#include <string>
#include <vector>

namespace v2v::linux {

/// The packages of foreign tools among those installed.
std::vector<std::string> foreign_packages(const Inspection &inspection);

struct ForeignToolsRemoval {
  std::vector<std::string> packages;  ///< that were removed
  /// dpkg's triggers (ldconfig, man-db, perhaps the initramfs) were put off: the first boot has to
  /// run `dpkg --configure --pending`. In the emulated appliance they would cost seconds to
  /// minutes.
  bool triggers_pending = false;
};

/// Removes them. What cannot be removed is a warning with the reason. Programs run in the guest
/// change files: what was read before is stale.
ForeignToolsRemoval remove_foreign_tools(Guest &guest, const Inspection &inspection,
                                         const Log &log);

/// Turns the lines of fstab into comments that mount what only the old hypervisor has: shared folders
/// of VMware, VirtualBox and Parallels, and Xen's own file system. One that does not mount ends
/// systemd's boot in the emergency shell.
void disable_foreign_mounts(Guest &guest, const Log &log);

}  // namespace v2v::linux
