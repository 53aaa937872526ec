// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// XML that is written. The only way strings get into the document: each is checked, so that what comes
// out is always well-formed. Functions of the document they are given; any thread.
#pragma once

#include <initializer_list>
#include <pugixml.hpp>
#include <string>
#include <utility>

namespace v2v::xml {

using Attributes = std::initializer_list<std::pair<const char *, std::string>>;

/// @throws Error(unsupported) if XML cannot hold `text`; `what` says in a person's words what it is
void check(const std::string &what, const std::string &text);

/// Appends <name attributes…>text</name>.
/// @throws Error(unsupported) as check
pugi::xml_node add(pugi::xml_node parent, const char *name, Attributes attributes = {},
                   const std::string &text = {});

/// Adds attributes behind those that are there.
void set(pugi::xml_node node, Attributes attributes);

void comment(pugi::xml_node parent, const std::string &text);

/// The document as libvirt tools write it: two spaces, single quotes, <empty/> elements.
std::string to_text(const pugi::xml_document &document);

}  // namespace v2v::xml
