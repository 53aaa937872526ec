// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Questions to the person at the terminal. Used only where there is one.
#pragma once

#include <core/guest/root_choice.hpp>

#include <istream>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

namespace v2v::host {

/// Shows the roots and reads a number until it is one of them.
/// @return the device of the chosen one
/// @throws Error(cancelled) if the answer is "exit"; Error(usage) at the end of the input
std::string ask_root(const std::vector<core::RootChoice> &roots, std::istream &in,
                     std::ostream &out);

/// Reads one line from a terminal, which shows it only if `echo`.
/// @return nothing at the end of the input
/// @throws Error(cancelled) at Ctrl-C
std::optional<std::string> ask_secret(int terminal, const std::string &prompt, bool echo);

}  // namespace v2v::host
