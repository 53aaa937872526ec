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

#include <functional>
#include <optional>

namespace v2v::host {

class Talk {
 public:
  /// @param report_on_output  standard output is for something else than messages
  /// @throws Error(access) if the stream for programs cannot be written to
  Talk(const Program &program, const TalkSettings &settings, bool report_on_output,
       const std::function<Seconds()> &clock);
  Talk(const Talk &) = delete;
  Talk &operator=(const Talk &) = delete;

  core::Reporter &reporter() { return all_; }
  /// Null without --machine-readable.
  const MachineStream *machine() const { return stream_ ? &*stream_ : nullptr; }

 private:
  std::optional<MachineStream> stream_;
  std::optional<MachineReporter> machine_;
  std::optional<ConsoleReporter> console_;
  FanOut all_{{}};
};

}  // namespace v2v::host
