// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Starting a program that outlives the conversion.
#pragma once

#include <string>
#include <vector>

namespace v2v::output_qemu {

/// Starts argv[0], an absolute path, in a session of its own, with nothing on its standard input
/// and its output in `log`, a new file. It inherits no other descriptor. Does not wait for it.
/// @throws Error(io) if it cannot be started
void start_detached(const std::vector<std::string> &argv, const std::string &log);

}  // namespace v2v::output_qemu
