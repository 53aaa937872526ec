// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// "Did you mean …?" for mistyped names of plugins, options and commands. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace v2v::core {

/// The candidate that `word` was probably meant to be: the one with the fewest slips (a letter
/// too many, missing, wrong, or two swapped), if they are few for its length. Upper and lower case
/// are the same. At a tie the earlier one. Nothing if no candidate is near.
std::optional<std::string> nearest(const std::string &word,
                                   const std::vector<std::string> &candidates);

/// "did you mean 'local'?" or, where nothing is near, "there are: local, null, qemu".
/// Empty if there are no candidates.
std::string suggestion(const std::string &word, const std::vector<std::string> &candidates);

}  // namespace v2v::core
