// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The names of both sides are sorted and merged, so a key with n children costs n log n and not the n²
// of looking each one up. In a sound hive every key has one parent: a key met twice is a circle, or a
// tangle that would take for ever.
#include <v2v/windows/hive_compare.hpp>

#include <v2v/text/characters.hpp>

#include <algorithm>
#include <unordered_set>

namespace v2v::windows {
namespace {

constexpr int deepest_compared = 512;  // Microsoft, "Registry element size limits"

/// What to compare of one key: sorted, by name in small letters.
template <class Content>
struct Named {
  std::string sort_name, name;
  Content content;
  bool operator<(const Named &other) const { return sort_name < other.sort_name; }
};

class Side {
 public:
  explicit Side(const Hive &hive) : hive_(hive) {}

  std::vector<Named<Hive::Key>> children(std::optional<Hive::Key> key, int depth) {
    std::vector<Named<Hive::Key>> all;
    if (!key) return all;
    if (depth > deepest_compared || !seen_.insert(*key).second)
      throw Error(Code::corrupt, "its keys lie in each other in a circle, or too deep",
                  hive_.name(), "the hive is damaged: let Windows repair it, and try again");
    for (const auto child : hive_.children(*key)) {
      const auto name = hive_.key_name(child);
      all.push_back({text::lower(name), name, child});
    }
    std::stable_sort(all.begin(), all.end());
    return all;
  }

  std::vector<Named<Value>> values(std::optional<Hive::Key> key) const {
    std::vector<Named<Value>> all;
    if (!key) return all;
    for (auto &[name, value] : hive_.values(*key))
      all.push_back({text::lower(name), name.empty() ? "(Default)" : name, std::move(value)});
    std::stable_sort(all.begin(), all.end());
    return all;
  }

 private:
  const Hive &hive_;
  std::unordered_set<Hive::Key> seen_;
};

/// Calls see(before, after) for each name, with null where a side has none.
template <class Content, class See>
void merge(const std::vector<Named<Content>> &before, const std::vector<Named<Content>> &after,
           See see) {
  auto b = before.begin(), a = after.begin();
  while (b != before.end() || a != after.end()) {
    const bool only_before = a == after.end() || (b != before.end() && *b < *a);
    const bool only_after = b == before.end() || (a != after.end() && *a < *b);
    see(only_after ? nullptr : &*b, only_before ? nullptr : &*a);
    if (!only_after) ++b;
    if (!only_before) ++a;
  }
}

class Comparison {
 public:
  Comparison(const Hive &before, const Hive &after) : before_(before), after_(after) {
    walk(before.root(), after.root(), "", 0);
  }
  std::vector<Difference> result;

 private:
  using What = Difference::What;

  void walk(std::optional<Hive::Key> before, std::optional<Hive::Key> after,
            const std::string &path, int depth) {
    const auto below = [&](const std::string &name) {
      return path.empty() ? name : path + '\\' + name;
    };
    merge(before_.values(before), after_.values(after),
          [&](const Named<Value> *old_value, const Named<Value> *new_value) {
            if (old_value && new_value && old_value->content == new_value->content) return;
            const auto what = !old_value ? What::added : !new_value ? What::removed : What::changed;
            result.push_back({below((new_value ? new_value : old_value)->name), what, false});
          });
    merge(before_.children(before, depth), after_.children(after, depth),
          [&](const Named<Hive::Key> *old_key, const Named<Hive::Key> *new_key) {
            const auto there = below((new_key ? new_key : old_key)->name);
            if (!old_key || !new_key)
              result.push_back({there, old_key ? What::removed : What::added, true});
            walk(old_key ? std::optional(old_key->content) : std::nullopt,
                 new_key ? std::optional(new_key->content) : std::nullopt, there, depth + 1);
          });
  }

  Side before_, after_;
};

/// True if `path` is `prefix` or below it; both in small letters.
bool is_below(const std::string &path, const std::string &prefix) {
  return path.compare(0, prefix.size(), prefix) == 0 &&
         (path.size() == prefix.size() || path[prefix.size()] == '\\');
}

}  // namespace

std::vector<Difference> differences(const Hive &before, const Hive &after) {
  return Comparison(before, after).result;
}

std::vector<Difference> unplanned(const std::vector<Difference> &differences,
                                  const std::vector<std::string> &planned) {
  std::vector<std::string> prefixes;
  for (const auto &prefix : planned) prefixes.push_back(text::lower(prefix));
  std::vector<Difference> rest;
  for (const auto &difference : differences) {
    const auto path = text::lower(difference.path);
    const bool made = difference.is_key && difference.what == Difference::What::added;
    const bool meant = std::any_of(prefixes.begin(), prefixes.end(), [&](const auto &prefix) {
      return is_below(path, prefix) || (made && is_below(prefix, path));
    });
    if (!meant) rest.push_back(difference);
  }
  return rest;
}

}  // namespace v2v::windows
