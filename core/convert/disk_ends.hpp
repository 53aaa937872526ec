// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The two ends of a disk, read by way of qemu whatever it consists of: so it is known that the whole chain of
// its images can be opened and read, and what its first sectors tell, before there is an appliance.
#pragma once

#include <core/convert/plugin_host.hpp>
#include <v2v/values.hpp>

#include <string>

namespace v2v::core {

/// @param number  of the disk, from 0
/// @returns the beginning, as much as disk_layout.hpp understands
/// @throws as DiskServer; Error(io) if it cannot be read
std::string read_ends(const Location &disk, unsigned number, const PluginEnvironment &environment);

}  // namespace v2v::core
