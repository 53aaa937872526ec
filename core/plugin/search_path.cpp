// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/plugin/plugin_file.hpp>
#include <core/plugin/search_path.hpp>

#include <algorithm>
#include <cstdlib>
#include <sstream>
#include <system_error>

namespace v2v::core {
namespace {

namespace fs = std::filesystem;

bool holds_plugins(const fs::path &directory) {
  std::error_code error;
  fs::directory_iterator entries(directory, error);
  if (error) return false;
  return std::any_of(begin(entries), end(entries), [](const fs::directory_entry &entry) {
    return looks_like_plugin(entry.path().filename().string());
  });
}

/// The plugins that came with the host. A build tree and a moved installation are recognised by
/// where the executable is; the configured directory is the last word.
SearchDirectory own_directory(const SearchInputs &inputs) {
  const fs::path beside = inputs.executable_directory / "plugins";
  if (holds_plugins(beside)) return {beside, "beside the program"};
  const fs::path moved = (inputs.executable_directory / V2V_PLUGIN_DIR_FROM_BIN).lexically_normal();
  std::error_code error;
  if (fs::is_directory(moved, error)) return {moved, "installed"};
  return {inputs.installed_directory, "installed"};
}

fs::path clean(const std::string &directory) {
  fs::path path = fs::absolute(directory).lexically_normal();
  return path.has_filename() ? path : path.parent_path();
}

}  // namespace

SearchInputs current_search_inputs(std::vector<std::string> plugin_dirs) {
  SearchInputs inputs;
  inputs.plugin_dirs = std::move(plugin_dirs);
  if (const char *value = ::secure_getenv("V2V_PLUGIN_PATH")) inputs.environment = value;
  std::error_code error;
  inputs.executable_directory = fs::read_symlink("/proc/self/exe", error).parent_path();
  inputs.installed_directory = V2V_PLUGIN_DIR;
  return inputs;
}

std::vector<SearchDirectory> search_path(const SearchInputs &inputs) {
  std::vector<SearchDirectory> directories;
  const auto add = [&](SearchDirectory directory) {
    // By whatever name: a directory that is searched twice would hide each of its own plugins.
    const bool known = std::any_of(directories.begin(), directories.end(), [&](const auto &have) {
      std::error_code absent;
      return have.path == directory.path || fs::equivalent(have.path, directory.path, absent);
    });
    if (!known) directories.push_back(std::move(directory));
  };

  for (const auto &directory : inputs.plugin_dirs) {
    std::error_code error;
    if (!fs::is_directory(directory, error))
      throw Error(Code::usage, "is not a directory", directory,
                  "give --plugin-dir the directory that holds the v2v-KIND-NAME.so files");
    add({clean(directory), "--plugin-dir"});
  }
  std::istringstream list(inputs.environment.value_or(""));
  for (std::string directory; std::getline(list, directory, ':');) {
    std::error_code error;
    // An empty element is not the working directory: that would load from wherever one stands.
    if (!directory.empty() && fs::is_directory(directory, error))
      add({clean(directory), "V2V_PLUGIN_PATH"});
  }
  add(own_directory(inputs));
  return directories;
}

}  // namespace v2v::core
