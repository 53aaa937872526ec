// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "html_parts.hpp"

#include "text.hpp"

#include <fmt/format.h>

#include <cmath>

namespace v2v::host::html {
namespace {

constexpr std::size_t longest_text = 4000;  // bytes

/// Two characters that UTF-8 has and XML has not.
void replace_noncharacters(std::string &text) {
  for (const char *bad : {"\xef\xbf\xbe", "\xef\xbf\xbf"})
    for (auto at = text.find(bad); at != text.npos; at = text.find(bad, at))
      text.replace(at, 3, "\xef\xbf\xbd");
}

std::string safe(const std::string &text) {
  std::string shown = text;
  if (shown.size() > longest_text) {
    auto end = longest_text;
    while (end > 0 && (static_cast<unsigned char>(shown[end]) & 0xc0) == 0x80) --end;
    shown.resize(end);
    shown += " …";
  }
  shown = printable(shown);
  replace_noncharacters(shown);
  return shown;
}

}  // namespace

void set(Node node, const char *attribute, const std::string &value) {
  node.append_attribute(attribute).set_value(safe(value).c_str());
}

void text(Node parent, const std::string &text) {
  parent.append_child(pugi::node_pcdata).set_value(safe(text).c_str());
}

Node add(Node parent, const char *name, const std::string &css_class, const std::string &text) {
  const auto node = parent.append_child(name);
  if (!css_class.empty()) set(node, "class", css_class);
  if (!text.empty()) html::text(node, text);
  return node;
}

Node section(Node parent, const std::string &heading, const std::string &explanation) {
  const auto node = add(parent, "section");
  add(node, "h2", "", heading);
  if (!explanation.empty()) add(node, "p", "explanation", explanation);
  return node;
}

std::string duration(double seconds) {
  if (seconds < 60) return fmt::format("{:.1f} s", seconds);
  return human_duration(static_cast<std::uint64_t>(std::llround(seconds)));
}

}  // namespace v2v::host::html
