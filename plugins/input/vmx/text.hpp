// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// ASCII without regard to case: VMX keys, and words like TRUE.
#pragma once

#include <cctype>
#include <string>
#include <string_view>

namespace v2v::input_vmx {

inline std::string lower(std::string_view text) {
  std::string result;
  for (const unsigned char c : text) result += static_cast<char>(std::tolower(c));
  return result;
}

inline bool starts_with(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
}

inline bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

}  // namespace v2v::input_vmx
