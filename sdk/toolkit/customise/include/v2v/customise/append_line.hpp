// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A line at the end of a file whose line ends are whatever they are. A pure function.
#pragma once

#include <string>
#include <string_view>

namespace v2v::customise {

/// What to append to a file so that it ends with `line` as a line of its own.
/// @param start     the first bytes of the file, which tell how its lines end
/// @param end       its last two bytes, or what there is of them
/// @param line_end  for a file that has no line end yet
std::string appended_line(std::string_view start, std::string_view end, const std::string &line,
                          const std::string &line_end);

}  // namespace v2v::customise
