// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The program: parse the whole command line, then answer its question or convert.
#pragma once

#include <string>
#include <vector>

namespace v2v::host {

/// @param started_as  the program's name, which chooses what it is (programs.hpp)
/// @param arguments   without it
/// @return the exit status: 0, or 1 after the error was told; of a command that was run, its own
int run_program(const std::string &started_as, std::vector<std::string> arguments);

}  // namespace v2v::host
