// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The operations of v2v.converter.customise/1 (plugin.h) as a table: how many arguments each has, and what
// is said when it begins. Pure functions.
#pragma once

#include <v2v/error.hpp>
#include <v2v/values.hpp>

#include <string>

namespace v2v::customise {

/// Refuses an operation that the extension does not have, or that lacks arguments.
/// @throws Error(unsupported), Error(internal)
void check_shape(const Operation &operation);

/// What begins with it, as virt-v2v says it: "Setting the hostname: web01".
std::string announcement(const Operation &operation);

/// The error of an operation with which nothing can be done.
Error refusal(const Operation &operation, const std::string &why, const std::string &remedy);

}  // namespace v2v::customise
