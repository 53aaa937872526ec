// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The plugins that a search path offers. `-o rhv` opens one file; only a listing opens all. A file
// that is there but does not load is an error, never passed over in favour of a later one.
//
// The catalog keeps a reference to the Reporter. Not thread-safe; what it returns is.
#pragma once

#include <core/plugin/load.hpp>
#include <core/plugin/search_path.hpp>

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace v2v::core {

class PluginCatalog {
 public:
  PluginCatalog(std::vector<SearchDirectory> directories, Reporter &reporter)
      : directories_(std::move(directories)), reporter_(reporter) {}

  /// The plugin of this kind and name: the first on the search path. If it hides another one, that
  /// is said once, as a warning.
  /// @throws Error(not_found) with the nearest name, or with the directories that were searched if
  ///         they hold none of this kind; any error of load_plugin
  const LoadedPlugin &find(Kind kind, const std::string &name);

  /// Every plugin of this kind, by name: all that is needed to choose a converter.
  /// @throws any error of load_plugin
  std::vector<const LoadedPlugin *> load_all(Kind kind);

  /// A file as --list-plugins shows it. Exactly one of plugin, error and hidden_by is set.
  struct Entry {
    std::filesystem::path path;
    std::string origin;          ///< why its directory is searched
    std::optional<PluginId> id;  ///< what its name says; nothing if it is no plugin's name
    const LoadedPlugin *plugin = nullptr;
    std::optional<Error> error;       ///< why it does not load
    std::filesystem::path hidden_by;  ///< the plugin of the same kind and name that comes first
  };
  /// Everything that is meant as a plugin, by kind and name; loads all that is not hidden.
  std::vector<Entry> list(std::optional<Kind> kind = std::nullopt);

  /// Names of the plugins of this kind, sorted, without loading any.
  std::vector<std::string> names(Kind kind) const;
  const std::vector<SearchDirectory> &directories() const { return directories_; }

 private:
  std::vector<Entry> files() const;

  std::vector<SearchDirectory> directories_;
  Reporter &reporter_;
  std::set<std::filesystem::path> warned_of_;
};

}  // namespace v2v::core
