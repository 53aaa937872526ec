// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// An OVF as XML. The file is hostile: size and depth are bounded, and a document type is refused, so
// that there are no entities but the five of XML. Elements and attributes are found by their local
// names: tools use any prefix for a namespace, forget to declare it, or write attributes without
// one. Sections are found under their name, or, as OVF 0.9 wrote them, as <Section> with an
// xsi:type. Pure functions.
#pragma once

#include <v2v/xml/reading.hpp>

#include <pugixml.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace v2v::input_ova {

constexpr std::size_t largest_ovf = std::size_t(16) << 20;  ///< bytes

/// @param name  what messages call the OVF
/// @return a document whose root is an Envelope
/// @throws Error(corrupt)
void load_ovf(pugi::xml_document &document, std::string_view text, const std::string &name);

using xml::child;
using xml::children;
using xml::local_name;

/// An attribute's value without blanks around it; empty if there is none.
std::string attribute(pugi::xml_node node, std::string_view name);
/// An element's text without blanks around it; empty if there is none.
std::string text_of(pugi::xml_node node);
std::string child_text(pugi::xml_node node, std::string_view name);
/// Children that are this section, e.g. "DiskSection" or, in OVF 0.9, a Section (or Content) whose
/// type is "ovf:DiskSection_Type".
std::vector<pugi::xml_node> sections(pugi::xml_node node, std::string_view name);

/// True for equal texts but for the case of ASCII letters.
bool same_letters(std::string_view first, std::string_view second);

}  // namespace v2v::input_ova
