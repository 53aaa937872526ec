// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// XML that is not trusted: what to check of a parsed document before it is walked, and its parts by their
// local names, since anybody may choose another prefix for a namespace. Pure functions; any thread.
#pragma once

#include <pugixml.hpp>
#include <string_view>
#include <vector>

namespace v2v::xml {

/// True if its elements are nested in more than `levels`: whoever walks them would run out of stack.
bool is_deeper_than(const pugi::xml_document &document, unsigned levels);

/// For a document parsed with pugi::parse_doctype, which tells where entities might come from.
bool declares_document_type(const pugi::xml_document &document);

/// The name without its namespace's prefix.
std::string_view local_name(const char *name);
/// The first child of this local name, or a null node, of which everything is empty.
pugi::xml_node child(pugi::xml_node node, std::string_view name);
std::vector<pugi::xml_node> children(pugi::xml_node node, std::string_view name);

/// Without the blanks of XML around it.
std::string_view trimmed(std::string_view text);

}  // namespace v2v::xml
