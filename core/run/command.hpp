// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Runs an external command: no shell, a time limit always, its output captured or streamed. The
// command dies with the thread's process (PR_SET_PDEATHSIG) and is killed at the time limit or on
// cancellation, together with its process group.
//
// A Command is a value; run() may be called from any thread.
#pragma once

#include <core/run/cancellation.hpp>

#include <chrono>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace v2v::core {

struct CommandOutput {
  int status = 0;     ///< exit status; 128 + signal if it was killed
  std::string out;    ///< standard output; empty if it was streamed
  std::string error;  ///< standard error, at most its last 64 KiB
};

struct Command {
  std::vector<std::string> argv;  ///< argv[0] is looked up in PATH
  std::chrono::milliseconds timeout{60'000};
  std::vector<std::pair<std::string, std::string>> environment = {};  ///< added to the caller's
  /// Called with pieces of standard output as they arrive, in the thread of run().
  std::function<void(const std::string &)> on_output = {};
  const Cancellation *cancellation = nullptr;

  /// Runs to the end, whatever the exit status is.
  /// @throws Error(not_found) if the program is not there, naming it; Error(io) at the time
  ///         limit; Error(cancelled)
  CommandOutput run() const;

  /// As run(), and an exit status other than 0 is an error.
  /// @param what  what failed, in a person's words; the command's standard error is appended
  std::string run_checked(const std::string &what, const std::string &object = {}) const;
};

}  // namespace v2v::core
