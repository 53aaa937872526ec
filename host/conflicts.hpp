// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Options that do not go together. Pure.
#pragma once

#include "options.hpp"

#include <set>

namespace v2v::host {

/// @param used  every option of the command line
/// @throws Error(usage)
void check_conflicts(const std::set<const OptionSpec *> &used, const Program &program,
                     const CommandLine &command_line);

}  // namespace v2v::host
