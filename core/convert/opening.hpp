// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Opens the disks of a guest for a command instead of converting them: each is served, to be read, on a
// socket in the run directory, which is private.
#pragma once

#include <core/convert/plugin_host.hpp>
#include <v2v/values.hpp>

#include <string>
#include <vector>

namespace v2v::core {

/// The command with "-a 'URI'" for each disk in the place of its first "@@".
std::string with_disks(const std::string &command, const std::vector<std::string> &uris);

/// @return the command's exit status
/// @throws Error: a disk cannot be served; Error(cancelled)
int run_with_disks(const std::string &command, const Source &source,
                   PluginEnvironment &environment);

}  // namespace v2v::core
