// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// XML that is not trusted, libvirt's or a stranger's: loaded with bounds, and read by local names,
// since anybody may choose another prefix for a namespace. Every value comes without blanks around
// it and as well-formed UTF-8. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <v2v/xml/reading.hpp>

namespace v2v::libvirt {

/// @param root  the root element that it must have
/// @param name  what messages call it
/// @throws Error(corrupt) if it is too large, too deep, no XML, declares a document type, or has
///         another root
void load_document(pugi::xml_document &document, std::string_view written, std::string_view root,
                   const std::string &name);

using xml::child;
using xml::children;
/// From child to child: child_at(domain, {"os", "loader"}).
pugi::xml_node child_at(pugi::xml_node node, std::initializer_list<std::string_view> path);
std::string local_name(pugi::xml_node node);

/// Empty if it is not there.
std::string attribute(pugi::xml_node node, const char *name);
std::string text_of(pugi::xml_node node);

/// A decimal number; nothing for everything else.
std::optional<std::uint64_t> whole_number(const std::string &text);

/// Bytes of an element whose text is a number and whose attribute `unit` scales it (KiB without).
/// Nothing if it is no number, or too large.
std::optional<std::uint64_t> scaled_bytes(pugi::xml_node node);

}  // namespace v2v::libvirt
