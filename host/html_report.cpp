// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "html_report.hpp"

#include "html_parts.hpp"
#include "text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <map>
#include <sstream>

namespace v2v::host {
namespace {

using namespace html;
using core::Chronicle;

constexpr std::size_t most_lines = 1000;  // of one kind

std::string moment(std::time_t at) {
  std::tm local{};
  ::localtime_r(&at, &local);
  char text[64];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S %z", &local)};
}

void add_fact(Node list, const std::string &name, const std::string &value) {
  const auto fact = add(list, "div");
  add(fact, "dt", "", name);
  add(fact, "dd", "", value);
}

/// What is made into an image first and then uploaded counts once.
std::uint64_t bytes_moved(const Chronicle &chronicle) {
  std::map<unsigned, std::uint64_t> of_disk;
  for (const auto &work : chronicle.work)
    if (work.phase == "copy" || work.phase == "upload")
      of_disk[work.disk] = std::max(of_disk[work.disk], work.bytes);
  std::uint64_t bytes = 0;
  for (const auto &[disk, moved] : of_disk) bytes += moved;
  return bytes;
}

void add_head(Node page, const Chronicle &chronicle, const Outcome &outcome) {
  const auto head = add(page, "header");
  add(head, "p", "kicker", "Report of a conversion to KVM");
  const auto title =
      add(head, "h1", "", chronicle.found.guest.empty() ? "No guest" : chronicle.found.guest);
  add(title, "span", outcome.succeeded ? "badge done" : "badge failed",
      outcome.succeeded ? "converted" : "failed");
  if (!chronicle.found.system.empty()) add(head, "p", "system", chronicle.found.system);
  const auto facts = add(head, "dl", "facts");
  add_fact(facts, "Begun", moment(chronicle.started));
  add_fact(facts, "Took", duration(chronicle.duration));
  if (const auto bytes = bytes_moved(chronicle)) add_fact(facts, "Copied", human_bytes(bytes));
  add_fact(facts, "Changes", std::to_string(chronicle.changes.size()));
  add_fact(facts, "Warnings", std::to_string(chronicle.warnings.size()));
}

void add_failure(Node parent, const Chronicle::Failure &failure) {
  const auto box = add(parent, "div", "failure");
  add(box, "p", "what", failure.what);
  if (!failure.object.empty()) {
    const auto where = add(box, "p", "", "Where: ");
    add(where, "code", "", failure.object);
  }
  if (!failure.remedy.empty()) {
    const auto what_to_do = add(box, "p");
    add(what_to_do, "b", "", "What to do: ");
    text(what_to_do, failure.remedy);
  }
}

void add_failures(Node parent, const Chronicle &chronicle, const Outcome &outcome) {
  if (outcome.succeeded) return;
  const auto part = section(parent, "What went wrong");
  for (const auto &failure : chronicle.failures) add_failure(part, failure);
  if (!chronicle.steps.empty())
    add(part, "p", "",
        fmt::format("It happened after {}, in the step “{}”.",
                    duration(chronicle.failures.empty() ? chronicle.duration
                                                        : chronicle.failures.front().at),
                    chronicle.steps.back().text));
  if (!outcome.in_place)
    add(part, "p", "", "The source was only read: it is as it was, and can be converted again.");
  if (chronicle.undone.empty()) return;
  add(part, "p", "", "What the conversion had made by then is removed again:");
  const auto list = add(part, "ul", "undone");
  for (const auto &one : chronicle.undone) add(list, "li", "", one);
}

/// At most so many as a reader can do something with.
template <class Items, class Show>
void add_each(Node list, const char *name, const Items &items, Show show) {
  for (std::size_t i = 0; i < std::min(items.size(), most_lines); ++i)
    show(add(list, name), items[i]);
  if (items.size() > most_lines)
    add(list, name, "more", fmt::format("and {} more", items.size() - most_lines));
}

void add_messages(Node parent, const std::string &heading, const char *css_class,
                  const std::vector<Chronicle::Said> &messages) {
  if (messages.empty()) return;
  const auto list = add(section(parent, heading), "ul", css_class);
  add_each(list, "li", messages,
           [](Node line, const Chronicle::Said &said) { text(line, said.text); });
}

void add_changes(Node parent, const Chronicle &chronicle, const Outcome &outcome) {
  if (chronicle.found.system.empty()) return;
  const bool lost = !outcome.succeeded && !chronicle.changes.empty();
  const auto part =
      section(parent, "What was changed in the guest",
              chronicle.changes.empty() ? "The converter did not say what it changed."
              : lost && !outcome.in_place
                  ? "These changes were made to a copy, which is gone: the source has none of them."
                  : "");
  const auto list = add(part, "ul", "changes");
  add_each(list, "li", chronicle.changes, [](Node line, const core::GuestChange &change) {
    add(line, "code", "", change.object);
    add(line, "span", "what", change.change);
    add(line, "span", "why", change.reason);
  });
}

void add_body(Node body, const Chronicle &chronicle, const Outcome &outcome) {
  const auto page = add(body, "main");
  add_head(page, chronicle, outcome);
  add_failures(page, chronicle, outcome);
  add_messages(page, "Warnings", "warnings", chronicle.warnings);
  add_machine(page, chronicle, !outcome.succeeded);
  add_changes(page, chronicle, outcome);
  add_timeline(page, chronicle, !outcome.succeeded);
  add_disks(page, chronicle);
  add_messages(page, "Remarks", "remarks", chronicle.remarks);
  const auto foot = add(page, "footer");
  if (!chronicle.complete)
    add(foot, "p", "", "More was said in this conversion than a report holds; the end is missing.");
  add(foot, "p", "", "Written by v2v " V2V_VERSION ".");
}

// Whatever a guest calls itself, no reader runs or fetches anything.
constexpr const char *page_head = R"(<!DOCTYPE html>
<html lang="en" xmlns="http://www.w3.org/1999/xhtml">
<head>
<meta charset="utf-8"/>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<meta name="color-scheme" content="light dark"/>
<meta name="generator" content="v2v"/>
)";

std::string markup_of(const pugi::xml_document &document) {
  std::ostringstream markup;
  // HTML takes <p/> for the beginning of a paragraph.
  document.save(
      markup, "",
      pugi::format_raw | pugi::format_no_declaration | pugi::format_no_empty_element_tags);
  return markup.str();
}

}  // namespace

std::string html_report(const Chronicle &chronicle, const Outcome &outcome) {
  pugi::xml_document head, document;
  const auto &guest = chronicle.found.guest;
  add(head, "title", "",
      fmt::format("{}: {}", guest.empty() ? "v2v" : guest,
                  outcome.succeeded ? "converted to KVM" : "conversion failed"));
  add_body(add(document, "body"), chronicle, outcome);
  return fmt::format("{}{}\n<style>{}</style>\n</head>\n{}\n</html>\n", page_head, markup_of(head),
                     style, markup_of(document));
}

}  // namespace v2v::host
