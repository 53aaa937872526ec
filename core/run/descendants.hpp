// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#pragma once

namespace v2v::core {

/// Kills and reaps every process below this one. The caller is a child subreaper
/// (PR_SET_CHILD_SUBREAPER), so a killed process leaves its own children here, and the loop ends
/// with none left.
void kill_descendants() noexcept;

}  // namespace v2v::core
