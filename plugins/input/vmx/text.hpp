// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// How words begin and end.
#pragma once

#include <string_view>

namespace v2v::input_vmx {

inline bool starts_with(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
}

inline bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

}  // namespace v2v::input_vmx
