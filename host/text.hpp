// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Text on its way to a person. Names of guests, files and networks come from strangers: nothing in
// them may move a terminal's cursor or fake a line of output. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace v2v::host {

/// Control characters become \x1b and the like, bytes that are no UTF-8 become U+FFFD. A newline
/// stays where `lines` is true.
std::string printable(std::string_view text, bool lines = true);

/// Breaks lines at blanks so that none is wider than `width` characters; a word that fits no line
/// stays where it is. Further lines begin with `indent` blanks. `column` is where the first line
/// begins.
std::string wrapped(const std::string &text, unsigned width, unsigned column, unsigned indent);

/// Characters, not bytes, of UTF-8 text.
std::size_t characters(std::string_view text);

/// "1.5 GiB", "512 bytes": three digits at most, powers of 1024.
std::string human_bytes(std::uint64_t bytes);
/// "0:05", "12:34", "1:02:03".
std::string human_duration(std::uint64_t seconds);

}  // namespace v2v::host
