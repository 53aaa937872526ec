// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The drivers that Windows has of its own for IDE and AHCI controllers. A guest that is to run with emulated
// disks needs one at boot; where its system disk was on another controller Windows has set them to start
// on demand (Start 3, or since Windows 8 the key StartOverride), and stops with error 7B.
//
// Not thread-safe: as the hive.
#pragma once

#include <v2v/windows/hive.hpp>

#include <string>
#include <vector>

namespace v2v::windows {

/// Lets all of them that there are start at boot.
/// @return the services that were changed, as the registry spells them
std::vector<std::string> start_emulated_disk_drivers(Hive &system, const std::string &control_set);

}  // namespace v2v::windows
