// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Text as troff reads it. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace v2v::manual {

/// Every character stands for itself. In a literal, what is typed or shown on a screen, dashes and
/// quotes are ASCII's; in prose they may be typography's.
std::string escaped(std::string_view text, bool literal);

/// Lines of at most 78 bytes, as far as words allow, none of which is a request.
std::string filled(const std::string &escaped_text);

/// One line that is no request, with its newline.
std::string one_line(const std::string &escaped_text);

}  // namespace v2v::manual
