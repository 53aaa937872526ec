// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Strings that come from a guest, an image or a server are hostile until checked here: before they
// become part of an XML document, of a file name or of a message. Pure functions; any thread.
#pragma once

#include <string>
#include <string_view>

namespace v2v::text {

/// True for a byte below 0x20, and for 0x7f.
bool is_control(char byte);

/// True if `text` has a control character.
bool has_control_character(std::string_view text);

/// True if `text` is UTF-8 in which every character may stand in an XML 1.0 document: of the
/// control characters only tab, newline and carriage return (XML 1.0, production 2).
bool is_xml_text(const std::string &text);

/// With the letters A to Z made small, whatever the locale; other bytes stay.
std::string lower(std::string_view text);

/// "a" for 0, "z" for 25, then "aa": what follows sd, vd or hd in the name of a drive.
std::string drive_letters(unsigned index);

}  // namespace v2v::text
