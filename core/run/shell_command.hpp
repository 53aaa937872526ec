// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A command line that the user gave, which the shell runs as the user's own: with this process's streams
// and terminal, unlike the programs of sdk/toolkit/process.
#pragma once

#include <core/run/cancellation.hpp>

#include <string>

namespace v2v::core {

/// As one word of the shell's.
std::string shell_quoted(const std::string &word);

/// Waits for it. At a cancellation, or if this process dies, it is sent SIGTERM.
/// @return its exit status; 128 + signal if one ended it
/// @throws Error(internal), Error(cancelled)
int run_in_shell(const std::string &command, const Cancellation &cancellation);

}  // namespace v2v::core
