// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Runs a program of the host on data of a guest: no shell, a time limit, bounds on memory, files
// and output, an empty environment. Blocks; may be called from any thread. Private to the toolkit.
#pragma once

#include <v2v/error.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace v2v::toolkit {

struct HostCommandResult {
  int status = 0;      ///< exit status; 128 + signal if it was killed
  std::string output;  ///< standard output and standard error, at most 64 KiB
};

/// @param argv  argv[0] is looked up in PATH and in the directories of system programs, which an
///              ordinary user's PATH may lack
/// @throws Error(not_found) if there is no such program; Error(io) at the time limit
HostCommandResult run_on_host(const std::vector<std::string> &argv, std::chrono::seconds limit);

}  // namespace v2v::toolkit
