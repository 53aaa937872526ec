// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Collects findings: the errors it is told of, and what is said through it as a reporter by the engine and the
// plugins. The steps go on to somebody else. The functions of the reporter are for any thread.
#pragma once

#include <core/convert/findings.hpp>
#include <core/run/reporter.hpp>

#include <mutex>

namespace v2v::core {

class FindingCollector : public Reporter {
 public:
  /// @param others  gets steps, progress and debug messages
  explicit FindingCollector(Reporter &others) : others_(others) {}

  /// What the following is about.
  /// @return what it was about before
  Part look_at(Part part);
  /// What is found twice is one finding.
  void add(const Error &error);
  void add_note(const std::string &what, const std::string &where = {});

  /// All of them, in order.
  std::vector<Finding> findings() const;

  void step(const std::string &text) override { others_.step(text); }
  void info(const std::string &text) override { add_note(text); }
  void warning(const std::string &text) override;
  void error(const Error &error) override { add(error); }
  void debug(const std::string &text) override { others_.debug(text); }
  void progress(const Progress &progress) override { others_.progress(progress); }

 private:
  void add(Severity severity, std::optional<Code> code, const std::string &what,
           const std::string &where, const std::string &remedy);

  Reporter &others_;
  mutable std::mutex mutex_;  ///< guards what follows
  Part part_ = Part::host;
  std::vector<Finding> findings_;
};

}  // namespace v2v::core
