// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Checks what the user gave with -io or -oo against what a plugin declares, so that a plugin never
// reads a command line. Looks at the file system only for options that name a file. Any thread.
#pragma once

#include <v2v/plugin.hpp>

#include <string>
#include <vector>

namespace v2v::core {

/// @param declared  the plugin's options
/// @param given     the user's words in order, each "name=value", or "name" for a yes/no option
/// @param who       the object of errors, e.g. "-o local"
/// @returns the given options in order, then the defaults of those not given. Values are as the
///          V2V_OPTION_… comments of plugin.h say: "true" and "false", bytes, absolute paths.
/// @throws Error(usage) for an unknown option (with the nearest match), one given twice that is no
///         list, a missing or wrong value; Error(not_found) or Error(access) for a file
Options check_options(const std::vector<Option> &declared, const std::vector<std::string> &given,
                      const std::string &who);

/// One value of an option as it is passed to the plugin. Defaults of plugins are checked with it
/// when the plugin is loaded.
/// @throws Error(usage) that says which values are right; see check_options
std::string check_option_value(const Option &option, const std::string &value,
                               const std::string &who);

/// The word for a value in help: the option's own, or one for its type ("BYTES", "FILE" …).
std::string value_word(const Option &option);

}  // namespace v2v::core
