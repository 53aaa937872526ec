// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/plugin/catalog.hpp>
#include <core/plugin/nearest.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

namespace v2v::core {
namespace {

namespace fs = std::filesystem;

/// Something of this name is there, be it a dangling link.
bool is_there(const fs::path &path) {
  std::error_code error;
  const auto status = fs::symlink_status(path, error);
  // What cannot be looked at counts as there, so that loading it names the reason.
  return status.type() != fs::file_type::not_found;
}

auto order(const PluginCatalog::Entry &entry) {
  return std::tuple(entry.id ? static_cast<int>(entry.id->kind) : 0,
                    entry.id ? entry.id->name : entry.path.filename().string());
}

}  // namespace

const LoadedPlugin &PluginCatalog::find(Kind kind, const std::string &name) {
  std::vector<fs::path> found;
  if (is_valid_name(name))
    for (const auto &directory : directories_)
      if (const auto path = directory.path / plugin_file_name({kind, name}); is_there(path))
        found.push_back(path);

  if (found.empty()) {
    const auto have = names(kind);
    std::string remedy = suggestion(name, have);
    if (have.empty()) {
      remedy = "there are none in";
      for (const auto &directory : directories_) remedy += " " + directory.path.string();
      remedy += "; install v2v's plugins or use --plugin-dir";
    }
    throw Error(Code::not_found, fmt::format("there is no {} plugin of this name", kind_word(kind)),
                name, remedy);
  }
  for (std::size_t i = 1; i < found.size(); ++i)
    if (warned_of_.insert(found[i]).second)
      reporter_.warning(
          fmt::format("{} is used and hides {}", found.front().string(), found[i].string()));
  return load_plugin(found.front(), reporter_);
}

std::vector<const LoadedPlugin *> PluginCatalog::load_all(Kind kind) {
  std::vector<const LoadedPlugin *> plugins;
  for (const auto &name : names(kind)) plugins.push_back(&find(kind, name));
  return plugins;
}

std::vector<PluginCatalog::Entry> PluginCatalog::files() const {
  std::vector<Entry> entries;
  for (const auto &directory : directories_) {
    std::error_code error;
    if (!fs::exists(directory.path, error) && !error) continue;
    for (fs::directory_iterator file(directory.path, error), end; !error && file != end;
         file.increment(error)) {
      const std::string name = file->path().filename().string();
      if (!looks_like_plugin(name)) continue;
      entries.push_back({file->path(),
                         directory.origin,
                         parse_plugin_file_name(name),
                         nullptr,
                         std::nullopt,
                         {}});
    }
    if (error)
      entries.push_back({directory.path,
                         directory.origin,
                         std::nullopt,
                         nullptr,
                         Error(Code::access, "cannot be searched: " + error.message(),
                               directory.path.string(), "make it readable for you"),
                         {}});
  }
  std::stable_sort(entries.begin(), entries.end(),
                   [](const Entry &a, const Entry &b) { return order(a) < order(b); });
  return entries;
}

std::vector<PluginCatalog::Entry> PluginCatalog::list(std::optional<Kind> kind) {
  std::vector<Entry> entries = files();
  if (kind)
    std::erase_if(entries,
                  [&](const Entry &entry) { return !entry.id || entry.id->kind != *kind; });

  std::map<std::string, fs::path> first;
  for (auto &entry : entries) {
    if (entry.error) continue;
    const auto [place, is_first] = first.emplace(entry.path.filename().string(), entry.path);
    if (!is_first) {
      entry.hidden_by = place->second;
      continue;
    }
    try {
      entry.plugin = &load_plugin(entry.path, reporter_);
    } catch (const Error &error) {
      entry.error = error;
    }
  }
  return entries;
}

std::vector<std::string> PluginCatalog::names(Kind kind) const {
  std::set<std::string> names;
  for (const auto &entry : files())
    if (entry.id && entry.id->kind == kind) names.insert(entry.id->name);
  return {names.begin(), names.end()};
}

}  // namespace v2v::core
