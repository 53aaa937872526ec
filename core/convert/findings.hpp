// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What `v2v check` finds out about a conversion: each thing that would stop it, that somebody should look
// at, or that is as it should be. Plain values.
#pragma once

#include <v2v/error.hpp>

#include <optional>
#include <string>
#include <vector>

namespace v2v::core {

/// In the order of their weight.
enum class Severity {
  error,    ///< the conversion would not start
  warning,  ///< it would, but a person should look
  note,
};

/// What a finding is about.
enum class Part {
  host,       ///< this machine, and files on it that the command line names
  source,     ///< the input, and the disks that it gives
  guest,      ///< what is on them
  converter,  ///< and what it needs
  target,
};

struct Finding {
  Severity severity = Severity::error;
  Part part = Part::host;
  std::optional<Code> code;  ///< of an error
  std::string what, where;   ///< where may be empty
  std::string remedy;        ///< what to do; may be empty: part of `what`, or nothing
};

struct CheckResult {
  std::string guest;              ///< empty if the source could not be opened
  std::vector<Finding> findings;  ///< errors first, then warnings, then notes

  /// Whether a conversion would.
  bool starts() const { return findings.empty() || findings.front().severity != Severity::error; }
};

}  // namespace v2v::core
