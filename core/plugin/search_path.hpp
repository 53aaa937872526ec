// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Where plugins are looked for, first directory first: each --plugin-dir, then V2V_PLUGIN_PATH,
// then the place of the plugins that came with the host (beside a build tree's binary, or
// $libdir/v2v/plugins). Values without state; any thread.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace v2v::core {

struct SearchDirectory {
  std::filesystem::path path;  ///< absolute; may not exist, except for --plugin-dir
  std::string origin;          ///< why it is searched, e.g. "--plugin-dir"
};

/// What the search path is made of. Tests fill it in; real runs take current_search_inputs().
struct SearchInputs {
  std::vector<std::string> plugin_dirs;        ///< --plugin-dir, in order
  std::optional<std::string> environment;      ///< V2V_PLUGIN_PATH: directories separated by ':'
  std::filesystem::path executable_directory;  ///< of the running program
  std::filesystem::path installed_directory;   ///< $libdir/v2v/plugins as configured
};

/// V2V_PLUGIN_PATH is not looked at in a setuid or setgid program, whose caller is not trusted.
SearchInputs current_search_inputs(std::vector<std::string> plugin_dirs);

/// @throws Error(usage) if a --plugin-dir is not a directory. A missing directory in
///         V2V_PLUGIN_PATH is ignored, as in PATH.
std::vector<SearchDirectory> search_path(const SearchInputs &inputs);

}  // namespace v2v::core
