// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Runs a program of the host on data of a guest, which may be made to take the program over: no
// shell, a time limit, bounds on memory, files and output, an empty environment, and root's rights
// given up. Blocks; may be called from any thread. Private to the toolkit.
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

/// How `argv` names the directory that a program works in: as what it was handed, because nobody's
/// rights would not lead it there.
constexpr char working_directory[] = "/proc/self/fd/3";

/// @param argv       argv[0] is looked up in PATH and in the directories of system programs, which
///                   an ordinary user's PATH may lack
/// @param directory  what the program may write to; for root it is given to nobody, with all in it,
///                   and the program runs as nobody
/// @throws Error(not_found) if there is no such program; Error(io) at the time limit
HostCommandResult run_on_host(const std::vector<std::string> &argv, const std::string &directory,
                              std::chrono::seconds limit);

}  // namespace v2v::toolkit
