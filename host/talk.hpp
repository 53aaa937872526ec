// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Where messages go: to the console and, if asked for, to the stream for programs. Owns both.
#pragma once

#include "console.hpp"
#include "fan_out.hpp"
#include "machine.hpp"
#include "programs.hpp"
#include "settings.hpp"

#include <core/run/chronicle.hpp>

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace v2v::host {

/// Remembers what was warned of.
class Warnings : public core::Reporter {
 public:
  void step(const std::string &) override {}
  void info(const std::string &) override {}
  void warning(const std::string &text) override {
    const std::lock_guard lock(mutex_);
    warnings_.push_back(text);
  }
  void error(const Error &) override {}
  void debug(const std::string &) override {}
  void progress(const core::Progress &) override {}

  std::vector<std::string> all() const {
    const std::lock_guard lock(mutex_);
    return warnings_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> warnings_;
};

class Talk {
 public:
  /// @param report_on_output  standard output is for something else than messages
  /// @throws Error(access) if the stream for programs cannot be written to
  Talk(const Program &program, const TalkSettings &settings, bool report_on_output,
       const std::function<Seconds()> &clock);
  Talk(const Talk &) = delete;
  Talk &operator=(const Talk &) = delete;

  core::Reporter &reporter() { return all_; }
  /// From now on all that is said is also in a chronicle. Once.
  core::ChronicleWriter &keep_chronicle() {
    all_.add(chronicle_.emplace());
    return *chronicle_;
  }
  /// In this process, so far.
  std::vector<std::string> warnings() const { return warnings_.all(); }
  /// Null without --machine-readable.
  const MachineStream *machine() const { return stream_ ? &*stream_ : nullptr; }

 private:
  std::optional<MachineStream> stream_;
  std::optional<MachineReporter> machine_;
  std::optional<ConsoleReporter> console_;
  std::optional<core::ChronicleWriter> chronicle_;
  Warnings warnings_;
  FanOut all_{{&warnings_}};
};

}  // namespace v2v::host
