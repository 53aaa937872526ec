// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What the report is put together from. Text goes in here only, made safe to show: nothing in it is
// markup, a control character, or so long that it fills the page. Pure.
#pragma once

#include <core/run/chronicle.hpp>

#include <pugixml.hpp>

#include <cstdint>
#include <string>

namespace v2v::host::html {

using Node = pugi::xml_node;

/// <name class="…">text</name> at the end of `parent`. Of class and text an empty one is left out.
Node add(Node parent, const char *name, const std::string &css_class = {},
         const std::string &text = {});
/// Text behind what is in `parent` already.
void text(Node parent, const std::string &text);
void set(Node node, const char *attribute, const std::string &value);

/// <section> with its heading.
Node section(Node parent, const std::string &heading, const std::string &explanation = {});

/// "0.4 s", "1:05:00".
std::string duration(double seconds);

// The parts, in files of their own.
void add_machine(Node parent, const core::Chronicle &chronicle, bool failed);
void add_timeline(Node parent, const core::Chronicle &chronicle, bool failed);
void add_disks(Node parent, const core::Chronicle &chronicle);

/// The style sheet.
extern const char *const style;

}  // namespace v2v::host::html
