// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Members of what a service answers, of which nothing is taken on trust. Pure functions; any thread.
#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>

namespace v2v::openstack {

/// Empty if `object` is none, or has no text of this name.
inline std::string text_of(const nlohmann::json &object, const char *key) {
  if (!object.is_object()) return {};
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// `otherwise` if `object` is none, or has no whole number of this name.
inline std::int64_t number_of(const nlohmann::json &object, const char *key,
                              std::int64_t otherwise) {
  if (!object.is_object()) return otherwise;
  const auto found = object.find(key);
  return found != object.end() && found->is_number_integer() ? found->get<std::int64_t>()
                                                             : otherwise;
}

}  // namespace v2v::openstack
