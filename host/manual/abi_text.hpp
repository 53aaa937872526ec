// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// plugin.h as the sections of a manual page. The header is written to be read: its sections become the
// page's, what stands before a struct its text, and each member with its comment an entry. Pure; any thread.
#pragma once

#include <string>

namespace v2v::manual {

/// Markdown.
/// @param header  C, with a comment at its top, "/* ---- Section ---- */" and members with comments behind or
///                before them
/// @throws Error(corrupt) for a comment or struct that does not end
std::string abi_text(const std::string &header);

}  // namespace v2v::manual
