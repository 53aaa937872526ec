// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The registry's strings: UTF-16 little endian in bytes. What is not a character is left out (half a
// surrogate pair, and what follows it; an odd byte at the end), so that neither way ever fails. Pure functions; any thread.
#pragma once

#include <string>
#include <string_view>

namespace v2v::windows {

std::string to_utf16(std::string_view utf8);
std::string from_utf16(std::string_view bytes);

}  // namespace v2v::windows
