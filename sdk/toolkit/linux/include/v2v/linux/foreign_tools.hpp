// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Removal of the old hypervisor's guest tools: packages, and the ones that were installed from a tarball
// by an installer of their own.
#pragma once

#include <v2v/linux/family.hpp>
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
  /// The packages left something undone: the first boot has to run Family::finish_removal().
  bool unfinished = false;
};

/// Removes them. What cannot be removed is a warning with the reason. Programs run in the guest
/// change files: what was read before is stale.
ForeignToolsRemoval remove_foreign_tools(Guest &guest, const Family &family,
                                         const Inspection &inspection, const Log &log);

/// Turns the lines of fstab into comments that mount what only the old hypervisor has: shared folders
/// of VMware, VirtualBox and Parallels, and Xen's own file system. One that does not mount ends
/// systemd's boot in the emergency shell.
void disable_foreign_mounts(Guest &guest, const Log &log);

/// Switches off VMware's package repositories and kudzu, and takes Xen's drivers out of SUSE's list of
/// modules for the initrd.
void disable_foreign_settings(Guest &guest, const Log &log);

}  // namespace v2v::linux
