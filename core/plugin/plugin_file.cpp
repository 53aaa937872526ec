// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/plugin/plugin_file.hpp>

#include <algorithm>
#include <array>

namespace v2v::core {
namespace {

constexpr std::string_view prefix = "v2v-";
constexpr std::string_view suffix = ".so";
constexpr std::array all_kinds = {Kind::input, Kind::convert, Kind::output};

}  // namespace

std::string_view kind_word(Kind kind) {
  switch (kind) {
    case Kind::input:
      return "input";
    case Kind::convert:
      return "convert";
    case Kind::output:
      return "output";
  }
  return "unknown";
}

std::optional<Kind> parse_kind(std::string_view word) {
  const auto *found = std::find_if(all_kinds.begin(), all_kinds.end(),
                                   [&](Kind kind) { return kind_word(kind) == word; });
  if (found == all_kinds.end()) return std::nullopt;
  return *found;
}

bool is_valid_name(std::string_view name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  };
  return !name.empty() && name.front() != '-' && std::all_of(name.begin(), name.end(), allowed);
}

std::string plugin_file_name(const PluginId &id) {
  return std::string(prefix) + std::string(kind_word(id.kind)) + "-" + id.name +
         std::string(suffix);
}

bool looks_like_plugin(std::string_view file_name) {
  return file_name.starts_with(prefix) && file_name.ends_with(suffix) &&
         file_name.size() > prefix.size() + suffix.size();
}

std::optional<PluginId> parse_plugin_file_name(std::string_view file_name) {
  if (!looks_like_plugin(file_name)) return std::nullopt;
  const auto middle =
      file_name.substr(prefix.size(), file_name.size() - prefix.size() - suffix.size());
  const auto dash = middle.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto kind = parse_kind(middle.substr(0, dash));
  const auto name = middle.substr(dash + 1);
  if (!kind || !is_valid_name(name)) return std::nullopt;
  return PluginId{*kind, std::string(name)};
}

}  // namespace v2v::core
