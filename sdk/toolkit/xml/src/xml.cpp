// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See xml.hpp.
#include <v2v/xml/xml.hpp>

#include <fmt/format.h>

#include <sstream>
#include <v2v/error.hpp>
#include <v2v/text/characters.hpp>
#include <v2v/text/printable.hpp>

namespace v2v::xml {

void check(const std::string &what, const std::string &text) {
  if (!text::is_xml_text(text))
    throw Error(Code::unsupported, fmt::format("{} has a character that XML cannot hold", what),
                text::printable(text), "rename it in the source, or map it with an option");
}

void set(pugi::xml_node node, Attributes attributes) {
  for (const auto &[name, value] : attributes) {
    check(fmt::format("{} of <{}>", name, node.name()), value);
    node.append_attribute(name).set_value(value.c_str());
  }
}

pugi::xml_node add(pugi::xml_node parent, const char *name, Attributes attributes,
                   const std::string &text) {
  pugi::xml_node node = parent.append_child(name);
  set(node, attributes);
  if (!text.empty()) {
    check(fmt::format("the text of <{}>", name), text);
    node.text().set(text.c_str());
  }
  return node;
}

void comment(pugi::xml_node parent, const std::string &text) {
  check("a comment", text);
  parent.append_child(pugi::node_comment).set_value((" " + text + " ").c_str());
}

std::string to_text(const pugi::xml_document &document) {
  std::ostringstream stream;
  document.save(stream, "  ", pugi::format_indent | pugi::format_attribute_single_quote);
  std::string text = stream.str();
  // pugixml writes "<a />". A line that ends in " />" is always such an element: in text '>' is
  // escaped, and so is a newline in an attribute.
  const std::string wide = " />\n";
  for (auto at = text.find(wide); at != std::string::npos; at = text.find(wide, at))
    text.replace(at, wide.size(), "/>\n");
  return text;
}

}  // namespace v2v::xml
