// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Programs of others that virt-v2v runs in a Windows guest's first boot, for those who want them: SUSE's
// driver pack, the agent installer of RHV, and pnp_wait. They lie where virt-v2v looks for them. (Its
// service wrappers have no work here: v2v's first boot is a service by itself.)
#pragma once

#include <v2v/windows/first_boot.hpp>

#include <string>
#include <vector>

namespace v2v::convert_windows {

/// Adds each program and the script that runs it.
/// @param names  "vmdp", "rhev-apt", "pnp_wait"
/// @throws Error(usage) for another name, Error(not_found) for a program that is not there
void add_virt_tools(windows::FirstBoot &first_boot, const std::vector<std::string> &names);

}  // namespace v2v::convert_windows
