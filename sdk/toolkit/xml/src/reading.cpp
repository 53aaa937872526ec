// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/xml/reading.hpp>

namespace v2v::xml {

bool is_deeper_than(const pugi::xml_document &document, unsigned levels) {
  unsigned depth = 0;
  for (pugi::xml_node node = document.first_child(); node;) {
    if (node.first_child()) {
      node = node.first_child();
      if (++depth > levels) return true;
      continue;
    }
    while (node && !node.next_sibling()) {
      node = node.parent();
      --depth;
    }
    if (node) node = node.next_sibling();
  }
  return false;
}

bool declares_document_type(const pugi::xml_document &document) {
  for (const auto &node : document.children())
    if (node.type() == pugi::node_doctype) return true;
  return false;
}

std::string_view local_name(const char *name) {
  const std::string_view whole(name);
  const auto colon = whole.rfind(':');
  return colon == whole.npos ? whole : whole.substr(colon + 1);
}

pugi::xml_node child(pugi::xml_node node, std::string_view name) {
  for (const auto &each : node.children())
    if (each.type() == pugi::node_element && local_name(each.name()) == name) return each;
  return {};
}

std::vector<pugi::xml_node> children(pugi::xml_node node, std::string_view name) {
  std::vector<pugi::xml_node> found;
  for (const auto &each : node.children())
    if (each.type() == pugi::node_element && local_name(each.name()) == name) found.push_back(each);
  return found;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blank = " \t\r\n";
  const auto first = text.find_first_not_of(blank);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

}  // namespace v2v::xml
