// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// One reporter that passes everything on to several. As thread-safe as they are; does not own them.
#pragma once

#include <core/run/reporter.hpp>

#include <utility>
#include <vector>

namespace v2v::host {

class FanOut : public core::Reporter {
 public:
  explicit FanOut(std::vector<core::Reporter *> reporters) : reporters_(std::move(reporters)) {}
  void add(core::Reporter &reporter) { reporters_.push_back(&reporter); }

  void step(const std::string &text) override {
    for (auto *reporter : reporters_) reporter->step(text);
  }
  void info(const std::string &text) override {
    for (auto *reporter : reporters_) reporter->info(text);
  }
  void note(const std::string &text) override {
    for (auto *reporter : reporters_) reporter->note(text);
  }
  void warning(const std::string &text) override {
    for (auto *reporter : reporters_) reporter->warning(text);
  }
  void error(const Error &error) override {
    for (auto *reporter : reporters_) reporter->error(error);
  }
  void debug(const std::string &text) override {
    for (auto *reporter : reporters_) reporter->debug(text);
  }
  void progress(const core::Progress &progress) override {
    for (auto *reporter : reporters_) reporter->progress(progress);
  }
  void change(const core::GuestChange &change) override {
    for (auto *reporter : reporters_) reporter->change(change);
  }
  void undone(const std::string &text) override {
    for (auto *reporter : reporters_) reporter->undone(text);
  }

 private:
  std::vector<core::Reporter *> reporters_;
};

}  // namespace v2v::host
