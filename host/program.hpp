// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The program: parse, answer questions, or convert, in the order of spec/cli.md, section 3.
#pragma once

#include <string>
#include <vector>

namespace v2v::host {

/// @param arguments  without the program's name
/// @return the exit status: 0, or 1 after the error was told
int run_program(const std::vector<std::string> &arguments);

}  // namespace v2v::host
