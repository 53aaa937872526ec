// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Drivers of the old hypervisor that keep Windows from starting off it, switched off before the first
// boot. Uninstalling them is for the guest itself, see foreign_tools.hpp.
//
// A filter driver is named in two places: its service, and UpperFilters or LowerFilters of the device
// class it filters. With the service off and the class still naming it, no device of the class starts, and
// with the disks or the system bus that is stop error 7B. So both change together, for any class.
//
// On the list are the paravirtual drivers of Xen (Red Hat's, XenServer's and the Xen project's, GPLPV's),
// which sit in the stacks of the system bus and of disks, and those of Parallels. Not on it, because they
// only bind to devices that KVM does not have or end by themselves, which costs a line in the event log:
// VMware's and VirtualBox's. Hyper-V's are part of Windows and must stay as Windows has them.
//
// Not thread-safe: as the hive.
#pragma once

#include <v2v/windows/hive.hpp>

#include <string>
#include <vector>

namespace v2v::windows {

/// The services that were switched off, as the registry spells them. One that is off already, and
/// everything else about it, stays as it is.
std::vector<std::string> disable_foreign_drivers(Hive &system, const std::string &control_set);

}  // namespace v2v::windows
