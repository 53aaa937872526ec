// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Reads and checks what a plugin says of itself. Everything that a later step will use must be
// there, so that a plugin that is not right fails here, with its reason, and not in a conversion.
// Pure; any thread.
#pragma once

#include <core/plugin/plugin_file.hpp>
#include <v2v/plugin.hpp>

#include <filesystem>
#include <string>

namespace v2v::core {

/// "1.0", or "1.0-draft2" while the ABI is a draft.
std::string abi_version(unsigned major, unsigned minor, unsigned draft);
/// The draft that a plugin was built for, 0 for a frozen ABI.
unsigned draft_of(const v2v_plugin &descriptor);

/// @param expected  what the file's name says
/// @param file      the object of errors
/// @throws Error(unsupported) for another ABI version, naming both; Error(corrupt) for anything
///         missing, too small or contradictory
PluginInfo check_descriptor(const v2v_plugin &descriptor, const PluginId &expected,
                            const std::filesystem::path &file);

}  // namespace v2v::core
