// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The host as a plugin sees it in its entry call, when there is no conversion yet: logging and
// set_error work, everything else answers "none". Any thread.
#pragma once

#include <v2v/plugin.h>
#include <core/run/reporter.hpp>

#include <filesystem>

namespace v2v::core {

/// Calls a plugin's entry. The v2v_host that it gets lives until the process ends, as plugin.h
/// promises; what the plugin logs goes to `reporter` during the call and nowhere after it.
///
/// @throws Error if the entry answers null, with the reason that the plugin gave to set_error, or
///         if it lets an exception escape
const v2v_plugin *call_entry(v2v_plugin_entry entry, const std::filesystem::path &file,
                             Reporter &reporter);

}  // namespace v2v::core
