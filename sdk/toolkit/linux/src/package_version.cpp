// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See package_version.hpp.
#include <v2v/linux/package_version.hpp>

namespace v2v::linux {
namespace {

/// In the order in which they compare.
enum class Kind { letters, digits, other };

Kind kind_of(char c) {
  if (c >= '0' && c <= '9') return Kind::digits;
  const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  return letter ? Kind::letters : Kind::other;
}

/// Takes the next run off the front of `text`, which is not empty.
std::string_view next_run(std::string_view &text) {
  const auto kind = kind_of(text.front());
  std::size_t length = 1;
  while (kind != Kind::other && length < text.size() && kind_of(text[length]) == kind) ++length;
  const auto run = text.substr(0, length);
  text.remove_prefix(length);
  return run;
}

/// As numbers of any length.
int compare_digits(std::string_view a, std::string_view b) {
  while (!a.empty() && a.front() == '0') a.remove_prefix(1);
  while (!b.empty() && b.front() == '0') b.remove_prefix(1);
  if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  return a.compare(b);
}

}  // namespace

int compare_versions(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty()) {
    const auto run_a = next_run(a), run_b = next_run(b);
    const auto kind_a = kind_of(run_a.front()), kind_b = kind_of(run_b.front());
    if (kind_a != kind_b) return kind_a < kind_b ? -1 : 1;
    const int order = kind_a == Kind::digits ? compare_digits(run_a, run_b) : run_a.compare(run_b);
    if (order != 0) return order;
  }
  return static_cast<int>(!a.empty()) - static_cast<int>(!b.empty());
}

int compare_packages(const Application &a, const Application &b) {
  if (a.epoch != b.epoch) return a.epoch < b.epoch ? -1 : 1;
  if (const int order = compare_versions(a.version, b.version)) return order;
  return compare_versions(a.release, b.release);
}

}  // namespace v2v::linux
