// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Strings that come from a guest, an image or a server are hostile until checked here: before they
// become part of an XML document, of a file name or of a message. Pure functions; any thread.
#pragma once

#include <v2v/toolkit/human_size.hpp>
#include <v2v/toolkit/printable.hpp>

#include <functional>
#include <string>

namespace v2v::toolkit {

/// Where a unit puts what a person should look at; the work goes on. May be empty.
using Warn = std::function<void(const std::string &)>;

/// True if `text` is UTF-8 in which every character may stand in an XML 1.0 document: of the
/// control characters only tab, newline and carriage return (XML 1.0, production 2).
bool is_xml_text(const std::string &text);

/// True if `text` has a control character: a byte below 0x20, or 0x7f.
bool has_control_character(const std::string &text);

}  // namespace v2v::toolkit
