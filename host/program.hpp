// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The program: parse the whole command line, then answer its question or convert.
#pragma once

#include <string>
#include <vector>

namespace v2v::host {

/// @param arguments  without the program's name
/// @return the exit status: 0, or 1 after the error was told
int run_program(const std::vector<std::string> &arguments);

}  // namespace v2v::host
