// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Members of the engine's JSON, of which nothing is taken on trust. The engine writes numbers as text.
// Pure functions; any thread.
#pragma once

#include <nlohmann/json.hpp>

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace v2v::output_rhv_upload {

/// The member of this name, or null.
inline const nlohmann::json &member_of(const nlohmann::json &object, const char *key) {
  static const nlohmann::json none;
  if (!object.is_object()) return none;
  const auto found = object.find(key);
  return found == object.end() ? none : *found;
}

/// Empty if there is no text of this name.
inline std::string text_of(const nlohmann::json &object, const char *key) {
  const auto &value = member_of(object, key);
  return value.is_string() ? value.get<std::string>() : std::string();
}

/// Nothing if there is no whole number of this name.
inline std::optional<std::uint64_t> number_of(const nlohmann::json &object, const char *key) {
  const auto &value = member_of(object, key);
  if (value.is_number_unsigned()) return value.get<std::uint64_t>();
  const auto text = text_of(object, key);
  std::uint64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// What a list of the engine's has in it: {"disk": […]}, or {} if it is empty.
inline std::vector<nlohmann::json> items_of(const nlohmann::json &list, const char *key) {
  const auto &items = member_of(list, key);
  if (!items.is_array()) return {};
  return {items.begin(), items.end()};
}

}  // namespace v2v::output_rhv_upload
