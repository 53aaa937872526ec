// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What the name of a plugin's file says: v2v-<kind>-<name>.so. Pure functions of text.
#pragma once

#include <v2v/plugin.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace v2v::core {

struct PluginId {
  Kind kind = Kind::input;
  std::string name;
};

/// The word for a kind in file names: "input", "convert" or "output".
std::string_view kind_word(Kind kind);
std::optional<Kind> parse_kind(std::string_view word);

/// A plugin's or an option's name: lower case letters, digits and '-', not beginning with '-'.
/// Nothing else ever reaches a file name, so `-o ../x` cannot leave the search path.
bool is_valid_name(std::string_view name);

std::string plugin_file_name(const PluginId &id);
/// Nothing if this is not the name of a plugin's file.
std::optional<PluginId> parse_plugin_file_name(std::string_view file_name);
/// True for v2v-….so: meant as a plugin, even where parse_plugin_file_name finds no meaning.
bool looks_like_plugin(std::string_view file_name);

}  // namespace v2v::core
