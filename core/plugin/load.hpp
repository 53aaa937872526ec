// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// From a file to a plugin that can be used: vet, look at the ELF headers, open, ask, check. A
// plugin is loaded once per process and stays until the process ends. Any thread.
#pragma once

#include <core/plugin/plugin_file.hpp>
#include <core/run/reporter.hpp>
#include <v2v/plugin.hpp>

#include <filesystem>

namespace v2v::core {

struct LoadedPlugin {
  Kind kind = Kind::input;
  PluginInfo info;
  std::string abi;                           ///< what it was built for: "1.0"
  std::filesystem::path path;                ///< the file as it was found, links not resolved
  const v2v_plugin *descriptor = nullptr;    ///< checked; of at least the size of ABI 1.0
  const v2v_input *input = nullptr;          ///< the table of its kind is there, with the
  const v2v_converter *converter = nullptr;  ///< members that plugin.h requires;
  const v2v_output *output = nullptr;        ///< the other two are null
};

/// Whether a file is refused that others could have changed. `built_here`: what this build has just made
/// and nobody installed yet, whatever the umask.
enum class Vetting { full, built_here };

/// @param file      a file named v2v-KIND-NAME.so; a relative path is one from the working
/// directory
/// @param reporter  shows what the plugin logs while it is loaded
/// @returns the plugin, which lives until the process ends
/// @throws Error with the file as its object, whatever is wrong with it
const LoadedPlugin &load_plugin(const std::filesystem::path &file, Reporter &reporter,
                                Vetting vetting = Vetting::full);

}  // namespace v2v::core
