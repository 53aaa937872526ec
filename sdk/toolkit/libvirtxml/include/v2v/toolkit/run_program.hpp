// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Runs a helper such as qemu-img from a plugin: no shell, nothing on its standard input, always a
// time limit; it dies with the thread that started it. Any thread.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace v2v::toolkit {

/// The path of a program in PATH, or empty.
std::string find_program(const std::string &name);

/// Runs argv[0], looked up in PATH, to its end.
/// @param what             what fails when it fails, e.g. "cannot create the disk"
/// @param object           on which file
/// @param check_cancelled  called several times a second; what it throws ends the program. May be
///                         empty
/// @throws Error(not_found) if the program is not there; Error(io) if it fails, with the last line
/// of
///         its standard error, or at the time limit
void run_program(const std::vector<std::string> &argv, const std::string &what,
                 const std::string &object, std::chrono::seconds limit,
                 const std::function<void()> &check_cancelled);

}  // namespace v2v::toolkit
