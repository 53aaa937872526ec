// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/convert/finding_collector.hpp>

#include <algorithm>
#include <tuple>
#include <utility>

namespace v2v::core {

Part FindingCollector::look_at(Part part) {
  const std::lock_guard lock(mutex_);
  return std::exchange(part_, part);
}

void FindingCollector::add(const Error &error) {
  add(Severity::error, error.code(), error.failure(), error.object(), error.remedy());
}

void FindingCollector::add_note(const std::string &what, const std::string &where) {
  add(Severity::note, {}, what, where, {});
}

void FindingCollector::warning(const std::string &text) {
  add(Severity::warning, {}, text, {}, {});
}

void FindingCollector::add(Severity severity, std::optional<Code> code, const std::string &what,
                           const std::string &where, const std::string &remedy) {
  const std::lock_guard lock(mutex_);
  const auto same = [&](const Finding &one) {
    return std::tie(one.severity, one.what, one.where) == std::tie(severity, what, where);
  };
  if (std::any_of(findings_.begin(), findings_.end(), same)) return;
  findings_.push_back({severity, part_, code, what, where, remedy});
}

std::vector<Finding> FindingCollector::findings() const {
  const std::lock_guard lock(mutex_);
  auto ordered = findings_;
  std::stable_sort(ordered.begin(), ordered.end(),
                   [](const auto &a, const auto &b) { return a.severity < b.severity; });
  return ordered;
}

}  // namespace v2v::core
