// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The order of package versions by which the best kernel is chosen. It is one
// order for rpm and dpkg: close to both, equal to neither. Pure functions; thread-safe.
#pragma once

#include <v2v/values.hpp>

#include <string_view>

namespace v2v::linux {

/// Below, at or above 0 when `a` is older than, as old as or newer than `b`. Both are cut into runs
/// of digits, runs of ASCII letters and single other characters, which are compared pair by pair;
/// letters are older than digits, digits older than other characters, and a beginning older than
/// the whole.
int compare_versions(std::string_view a, std::string_view b);

/// The same for packages: epoch, then version, then release.
int compare_packages(const Application &a, const Application &b);

}  // namespace v2v::linux
