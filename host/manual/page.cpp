// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "page.hpp"

#include <v2v/error.hpp>

#include <host/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <regex>
#include <sstream>
#include <utility>

namespace v2v::manual {
namespace {

constexpr unsigned width = 110;

/// A page cut where its sections begin: the lines before the first heading of the second level, and the
/// sections with theirs.
struct Pages {
  std::string before;
  std::vector<std::pair<std::string, std::string>> sections;  ///< heading, and what is below it

  explicit Pages(const std::string &text) {
    std::istringstream lines(text);
    bool code = false;
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with("```")) code = !code;
      if (!code && line.starts_with("## "))
        sections.emplace_back(line.substr(3), "");
      else
        (sections.empty() ? before : sections.back().second) += line + "\n";
    }
  }

  std::string *find(const std::string &heading) {
    for (auto &[name, body] : sections)
      if (name == heading) return &body;
    return nullptr;
  }
  std::string &get(const std::string &heading) {
    if (auto *body = find(heading)) return *body;
    throw Error(Code::corrupt, "a page needs the section " + heading, {},
                "write \"## " + heading + "\"");
  }

  std::string text() const {
    std::string all = before;
    for (const auto &[name, body] : sections) all += "## " + name + "\n" + body;
    return all;
  }
};

std::string trimmed(const std::string &text) {
  const auto start = text.find_first_not_of('\n');
  if (start == std::string::npos) return {};
  return text.substr(start, text.find_last_not_of('\n') + 1 - start);
}

/// What the section OPTIONS holds: the words before the first option, and options with what is said
/// of each besides its help.
struct Explained {
  struct Option {
    std::string key, whole, details;
  };
  std::string before;
  std::vector<Option> options;
  std::map<std::string, std::string>
      below;  ///< what stands right below a heading of the third level

  explicit Explained(const std::string &section) {
    static const std::regex begins("\\*\\*(--?[a-zA-Z][^*]*)\\*\\*.*");
    std::istringstream lines(section);
    std::string *current = &before;
    bool in_help = false, after_blank = true;
    for (std::string line; std::getline(lines, line);) {
      // A line of a paragraph may begin with the name of another option.
      const bool may_begin = std::exchange(after_blank, line.empty());
      std::smatch match;
      if (line.starts_with("### ")) {
        current = &below[line.substr(4)];
        continue;
      }
      if (may_begin && std::regex_match(line, match, begins)) {
        options.push_back({match[1], "", ""});
        current = nullptr;
        in_help = false;
      } else if (current == nullptr) {
        in_help = line.starts_with(": ") || (in_help && !line.empty());
        if (!in_help) options.back().details += line + "\n";
      }
      if (current)
        *current += line + "\n";
      else
        options.back().whole += line + "\n";
    }
    for (auto &option : options) {
      option.details = trimmed(option.details);
      option.whole = trimmed(option.whole);
    }
    before = trimmed(before);
  }

  std::string details(const std::string &key) const {
    std::string all;
    for (const auto &option : options)
      if (option.key == key && !option.details.empty()) all += option.details + "\n\n";
    return all;
  }
};

bool holds(const std::vector<std::string> &words, const std::string &word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

void refuse_unknown(const Explained &page, const Subject &subject) {
  std::vector<std::string> known = subject.others;
  for (const auto &group : subject.groups)
    for (const auto &option : group.options) known.push_back(option.key);
  for (const auto &option : page.options)
    if (!holds(known, option.key))
      throw Error(Code::corrupt, "the page explains an option that is not there", option.key,
                  "take it out, or correct its name");
}

std::string options_section(const Explained &page, const Subject &subject) {
  std::string text, before = page.before;
  if (!subject.none.empty() && before.starts_with(subject.none))
    before = trimmed(before.substr(subject.none.size()));
  if (std::all_of(subject.groups.begin(), subject.groups.end(),
                  [](const auto &group) { return group.options.empty(); }))
    text = subject.none + "\n\n";
  if (!before.empty()) text += before + "\n\n";
  for (const auto &option : page.options)
    if (holds(subject.others, option.key)) text += option.whole + "\n\n";
  for (const auto &group : subject.groups) {
    if (!group.heading.empty()) text += "### " + group.heading + "\n\n";
    if (const auto below = page.below.find(group.heading); below != page.below.end())
      if (const auto words = trimmed(below->second); !words.empty()) text += words + "\n\n";
    for (const auto &option : group.options)
      text += option.synopsis + "\n: " + host::wrapped(option.help, width, 2, 2) + "\n\n" +
              page.details(option.key);
  }
  return text;
}

std::string name_of(const std::string &page) {
  const auto start = page.find_first_not_of("# ");
  return page.substr(start, page.find('(') - start);
}

}  // namespace

std::string with_options(const std::string &text, const Subject &subject) {
  Pages page(text);
  if (!subject.summary.empty())
    page.get("NAME") = fmt::format("\n{} - {}\n\n", name_of(text), subject.summary);
  if (!subject.examples.empty()) {
    auto &synopsis = page.get("SYNOPSIS") = "\n";
    for (const auto &example : subject.examples) synopsis += "    " + example + "\n";
    synopsis += "\n";
  }
  const Explained explained(page.get("OPTIONS"));
  refuse_unknown(explained, subject);
  page.get("OPTIONS") = "\n" + options_section(explained, subject);
  return page.text();
}

std::string renamed(const std::string &text, const std::string &name) {
  if (name == name_of(text)) return text;
  Pages page("# " + name + text.substr(text.find('(')));
  page.get("OPTIONS") = "\n";
  return page.text();
}

}  // namespace v2v::manual
