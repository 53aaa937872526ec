// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// --edit: a Perl expression, run here for each line of a file of the guest, as virt-edit does it: the line is
// in $_, its number in $lineno. The expression is the user's own and may do what Perl can; the file is
// only data to it.
#pragma once

#include <functional>
#include <string>

namespace v2v::customise {

/// @throws Error(usage) if Perl cannot compile it, Error(not_found) if there is no Perl
void check_expression(const std::string &expression);

/// @param path  of the guest's file, for errors
/// @throws Error(usage) if the expression dies
std::string edited(const std::string &content, const std::string &expression,
                   const std::string &path);

}  // namespace v2v::customise
