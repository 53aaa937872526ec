// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A conversion whose report is written (--report), whatever becomes of it.
#pragma once

#include "settings.hpp"
#include "talk.hpp"

#include <functional>

namespace v2v::host {

/// Converts, and writes the report if the user wants one.
/// @param convert  gets what it tells all it finds out, or null
/// @return its exit status; 1 after an Error that it threw, which was told then
/// @throws Error before it begins if the report cannot be written where it is wanted
int convert_with_report(const CommandLine &command_line, Talk &talk,
                        const std::function<int(core::ChronicleWriter *)> &convert);

}  // namespace v2v::host
