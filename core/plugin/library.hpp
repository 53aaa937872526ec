// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Opens a shared object and finds its entry. Boost.DLL is in library.cpp and nowhere else.
// Libraries stay open until the process ends. Any thread.
#pragma once

#include <v2v/plugin.h>

#include <filesystem>

namespace v2v::core {

/// @param file  absolute; already vetted
/// @throws Error(unsupported) with the loader's reason (undefined symbol, missing library …), or
///         if the plugin is of another major version or no plugin at all
v2v_plugin_entry open_plugin_entry(const std::filesystem::path &file);

}  // namespace v2v::core
