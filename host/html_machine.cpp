// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The machine before and after, as a table.
#include "html_parts.hpp"

namespace v2v::host::html {
namespace {

/// What is not known, or no more, is a dash; colours and position tell enough, but not to everybody.
void add_state(Node row, const char *css_class, const char *label, const std::string &value) {
  const auto cell = add(row, "td", css_class, value.empty() ? "–" : value);
  set(cell, "data-label", label);
}

}  // namespace

void add_machine(Node parent, const core::Chronicle &chronicle, bool failed) {
  const auto &traits = chronicle.found.traits;
  if (traits.empty()) return;
  const char *const after = failed ? "As it would be" : "After";
  const auto part = section(parent, "The machine, before and after");
  const auto table = add(part, "table", "machine");
  const auto head = add(add(table, "thead"), "tr");
  for (const char *name : {"", "Before", after}) {
    const auto cell = add(head, "th", "", name);
    set(cell, "scope", "col");
  }
  Node body;
  std::string group;
  for (const auto &trait : traits) {
    if (!body || trait.group != group) {
      group = trait.group;
      body = add(table, "tbody");
      const auto heading = add(add(body, "tr", "group"), "th", "", group);
      set(heading, "colspan", "3");
      set(heading, "scope", "rowgroup");
    }
    const auto row = add(body, "tr");
    set(add(row, "th", "", trait.name), "scope", "row");
    if (trait.before == trait.after) {
      const auto cell = add(row, "td", "same", trait.before);
      set(cell, "colspan", "2");
      set(cell, "data-label", "Before and after");
    } else {
      add_state(row, "before", "Before", trait.before);
      add_state(row, "after", after, trait.after);
    }
  }
}

}  // namespace v2v::host::html
