// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Text that comes from an image or a user and must not be trusted to be text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace v2v::text {

/// True for well-formed UTF-8 (no surrogates, no overlong forms) without zero bytes.
bool is_utf8(std::string_view text);

/// The text with each byte that is not of well-formed UTF-8 replaced by U+FFFD.
std::string well_formed(std::string_view text);

/// The text for a message: control characters and bytes outside ASCII that are not UTF-8 become
/// '?', and it is cut after `most` bytes. A name in a hostile header can so not drive the terminal.
std::string printable(std::string_view text, std::size_t most = 200);

}  // namespace v2v::text
