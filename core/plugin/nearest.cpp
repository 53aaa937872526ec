// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/plugin/nearest.hpp>
#include <v2v/text/characters.hpp>

#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>

namespace v2v::core {
namespace {

/// Optimal string alignment: Levenshtein's distance with a swap of neighbours as one slip, because
/// that is the commonest one at a keyboard. Three rows of the usual table are enough.
std::size_t slips(const std::string &a, const std::string &b) {
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before.swap(last);
    last.swap(row);
  }
  return last[b.size()];
}

}  // namespace

std::optional<std::string> nearest(const std::string &word,
                                   const std::vector<std::string> &candidates) {
  const std::string wanted = text::lower(word);
  std::optional<std::string> best;
  std::size_t fewest = 0;
  for (const auto &candidate : candidates) {
    const std::string have = text::lower(candidate);
    // One slip in three letters is a slip, more is another word.
    const std::size_t allowed = std::max<std::size_t>(1, std::max(wanted.size(), have.size()) / 3);
    const std::size_t found = slips(wanted, have);
    if (found > allowed || found >= std::min(wanted.size(), have.size())) continue;
    if (!best || found < fewest) {
      best = candidate;
      fewest = found;
    }
  }
  return best;
}

std::string suggestion(const std::string &word, const std::vector<std::string> &candidates) {
  if (candidates.empty()) return {};
  if (const auto near = nearest(word, candidates)) return fmt::format("did you mean '{}'?", *near);
  return fmt::format("there are: {}", fmt::join(candidates, ", "));
}

}  // namespace v2v::core
