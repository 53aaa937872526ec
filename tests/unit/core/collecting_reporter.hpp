// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A Reporter that remembers what was said. Thread-safe. Since conversions run in child processes,
// what a child says is also appended to a file, if one is given.
#pragma once

#include <core/run/reporter.hpp>

#include <filesystem>
#include <fstream>
#include <mutex>
#include <vector>

namespace v2v::test {

class CollectingReporter : public core::Reporter {
 public:
  CollectingReporter() = default;
  explicit CollectingReporter(std::filesystem::path file) : file_(std::move(file)) {}

  void step(const std::string &text) override { add("step: " + text); }
  void info(const std::string &text) override { add("info: " + text); }
  void warning(const std::string &text) override { add("warning: " + text); }
  void error(const Error &error) override { add(std::string("error: ") + error.what()); }
  void debug(const std::string &text) override { add("debug: " + text); }
  void progress(const core::Progress &progress) override {
    const std::lock_guard lock(mutex_);
    last_progress = progress;
  }

  void undone(const std::string &text) override { undone_texts.push_back(text); }

  std::vector<std::string> lines() const {
    const std::lock_guard lock(mutex_);
    return lines_;
  }
  core::Progress last_progress;
  std::vector<std::string> undone_texts;  ///< by this process

 private:
  void add(std::string line) {
    const std::lock_guard lock(mutex_);
    if (!file_.empty()) std::ofstream(file_, std::ios::app) << line << "\n";
    lines_.push_back(std::move(line));
  }

  mutable std::mutex mutex_;
  std::filesystem::path file_;
  std::vector<std::string> lines_;
};

}  // namespace v2v::test
