// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <vector>

namespace v2v::core {

/// Children of every thread of this process, from /proc/self/task/TID/children. Any thread.
std::vector<pid_t> children();

/// Kills and reaps every process below this one. The caller is a child subreaper
/// (PR_SET_CHILD_SUBREAPER), so a killed process leaves its own children here, and the loop ends
/// with none left.
void kill_descendants() noexcept;

}  // namespace v2v::core
