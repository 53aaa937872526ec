// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See text_change.hpp. An edit of a configuration changes words or lines here and there and never moves
// anything, so lines are compared one by one where their number is the same, else as two heaps.
#include <v2v/linux/text_change.hpp>
#include <v2v/linux/text_edit.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <unordered_map>
#include <vector>

namespace v2v::linux {
namespace {

constexpr std::size_t most_told = 4, longest_text = 120;

std::string shortened(std::string_view text) {
  text = trimmed(text);
  if (text.size() <= longest_text) return std::string(text);
  // Not in the middle of a character.
  auto end = longest_text;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return std::string(text.substr(0, end)) + "…";
}

/// Differences, each told once. A guest may make any number of them.
class Differences {
 public:
  void add(std::string one) {
    const auto [found, is_new] = all_.insert(std::move(one));
    if (is_new && first_.size() < most_told) first_.push_back(*found);
  }
  void replaced(std::string_view before, std::string_view after) {
    add(fmt::format("{} → {}", shortened(before), shortened(after)));
  }
  std::string text() const {
    auto text = fmt::format("{}", fmt::join(first_, "; "));
    if (all_.size() > most_told) text += fmt::format("; and {} more", all_.size() - most_told);
    return text;
  }

 private:
  std::set<std::string> all_;
  std::vector<std::string> first_;
};

/// Without the quotes that end or begin both, which belong to the line and not to the word.
void unquote(std::string_view &one, std::string_view &other) {
  const auto quoted = [](char a, char b) { return a == b && (a == '"' || a == '\''); };
  while (!one.empty() && !other.empty() && quoted(one.back(), other.back())) {
    one.remove_suffix(1);
    other.remove_suffix(1);
  }
  while (!one.empty() && !other.empty() && quoted(one.front(), other.front())) {
    one.remove_prefix(1);
    other.remove_prefix(1);
  }
}

/// A file system's line with another device in it is told by the device.
void compare_lines(std::string_view before, std::string_view after, Differences &found) {
  auto old_words = words(before), new_words = words(after);
  if (old_words.size() != new_words.size()) {
    if (old_words.empty())
      found.add(shortened(after) + " added");
    else if (new_words.empty())
      found.add(shortened(before) + " removed");
    else
      found.replaced(before, after);
    return;
  }
  for (std::size_t i = 0; i < old_words.size(); ++i)
    if (old_words[i] != new_words[i]) {
      unquote(old_words[i], new_words[i]);
      found.replaced(old_words[i], new_words[i]);
    }
}

using Lines = std::vector<std::string_view>;

/// Those of `some` that `others` do not have as often.
void tell_rest(const Lines &some, const Lines &others, const char *what, Differences &found) {
  std::unordered_map<std::string_view, std::size_t> left;
  for (const auto line : others) ++left[line];
  for (const auto line : some) {
    auto &same = left[line];
    if (same > 0)
      --same;
    else if (!trimmed(line).empty())
      found.add(fmt::format("{} {}", shortened(line), what));
  }
}

/// Without the lines that both begin or end with.
void drop_common_ends(Lines &one, Lines &other) {
  const auto first = std::mismatch(one.begin(), one.end(), other.begin(), other.end());
  one.erase(one.begin(), first.first);
  other.erase(other.begin(), first.second);
  while (!one.empty() && !other.empty() && one.back() == other.back()) {
    one.pop_back();
    other.pop_back();
  }
}

}  // namespace

std::string describe_change(std::string_view before, std::string_view after) {
  auto old_lines = lines(before), new_lines = lines(after);
  drop_common_ends(old_lines, new_lines);
  Differences found;
  if (old_lines.size() == new_lines.size()) {
    for (std::size_t i = 0; i < old_lines.size(); ++i)
      if (old_lines[i] != new_lines[i]) compare_lines(old_lines[i], new_lines[i], found);
  } else {
    tell_rest(old_lines, new_lines, "removed", found);
    tell_rest(new_lines, old_lines, "added", found);
  }
  return found.text();
}

}  // namespace v2v::linux
