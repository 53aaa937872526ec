// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See bls.hpp.
#include "bls.hpp"

#include <v2v/linux/text_edit.hpp>

namespace v2v::linux {
namespace {

/// What is behind a key and blanks, without blanks at its end; nothing for another key.
std::optional<std::string_view> value_of(std::string_view line, std::string_view key) {
  const auto text = trimmed(line);
  if (!starts_with(text, key) || text.size() == key.size()) return std::nullopt;
  const auto rest = text.substr(key.size());
  if (rest.front() != ' ' && rest.front() != '\t') return std::nullopt;
  return trimmed(rest);
}

}  // namespace

bool reads_bls(std::string_view config) {
  for (const auto line : lines(config)) {
    const auto parts = words(line);
    if (!parts.empty() && parts[0] == "blscfg") return true;
  }
  return false;
}

MenuEntry parse_bls_entry(const std::string &id, std::string_view text) {
  MenuEntry entry;
  entry.id = id;
  for (const auto line : lines(text)) {
    if (const auto title = value_of(line, "title")) entry.title = std::string(*title);
    if (const auto kernel = value_of(line, "linux")) entry.kernel = std::string(*kernel);
    if (const auto options = bls_options(line))
      entry.arguments += (entry.arguments.empty() ? "" : " ") + std::string(*options);
  }
  return entry;
}

std::optional<std::string_view> bls_options(std::string_view line) {
  return value_of(line, "options");
}

}  // namespace v2v::linux
