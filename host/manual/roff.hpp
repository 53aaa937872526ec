// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A manual page out of Markdown. The Markdown is that of docs/: headings, paragraphs, lists, tables, code,
// links. Pure; any thread.
#pragma once

#include <string>

namespace v2v::manual {

/// What the page's first line says, "# v2v-output-glance(1)", and what stands at its edges.
struct Title {
  std::string name, section;
};

/// @throws Error(corrupt) if the page does not begin so
Title title_of(const std::string &markdown);

/// A page in the macros of man(7). Its first heading is the title. A paragraph that begins with a bold
/// option is a tagged one: its first line is the tag, and what follows up to the next heading or option
/// belongs to it. A row of a table is a tagged paragraph, too, since man cannot wrap a wide table well.
/// @param date     YYYY-MM-DD
/// @param package  what the page came with, e.g. "v2v 0.1.0"
/// @throws Error(unsupported) for Markdown that has no form in a manual page
std::string roff(const std::string &markdown, const std::string &date, const std::string &package);

}  // namespace v2v::manual
