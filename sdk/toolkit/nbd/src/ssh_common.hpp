// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What ssh(1) and nbdkit's ssh plugin have in common here. Private to the toolkit.
#pragma once

#include <string>

namespace v2v::nbd {

constexpr int connect_seconds = 30;

inline bool contains(const std::string &text, const char *piece) {
  return text.find(piece) != text.npos;
}

}  // namespace v2v::nbd
