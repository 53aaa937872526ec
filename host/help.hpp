// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Texts about v2v itself: --help, the lists for shell completion, and the list of what it can do
// for programs. Pure; any thread.
#pragma once

#include "options.hpp"

#include <string>
#include <utility>
#include <vector>

namespace v2v::host {

/// What stands above the options of a group, in the order of help.
const std::vector<std::pair<Group, std::string>> &headings();

/// The options of the table under their headings.
std::string general_help(const Program &program);

/// --short-options (-b, -ic …) and --long-options (--bridge …): one per line, for completion.
std::string short_option_list(const Program &program);
std::string long_option_list(const Program &program);

/// --machine-readable without a guest: one feature per line, in virt-v2v's words where it has one.
/// The kinds of guest that can be converted (convert:linux, convert:windows) stand before the names
/// of the converters. A program of virt-v2v's lists what release 2.2 does, and what later ones added
/// to it: a caller looks for single lines.
std::string feature_list(const Program &program, const std::vector<std::string> &inputs,
                         const std::vector<std::string> &outputs,
                         const std::vector<std::string> &converters);

}  // namespace v2v::host
