// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A guest's text file, line by line, and the numbers in it.
#pragma once

#include <algorithm>
#include <charconv>
#include <string_view>

namespace v2v::core {

/// The first line, without its end, which is taken away from `text`.
inline std::string_view next_line(std::string_view &text) {
  const auto line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(line.size() + 1, text.size()));
  return line;
}

/// The number that a text begins with; 0: with none.
inline int leading_number(std::string_view text) {
  int value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace v2v::core
