// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What Windows does after a stop error. Not thread-safe: as the hive.
#pragma once

#include <v2v/windows/hive.hpp>

#include <string>

namespace v2v::windows {

/// Lets Windows stay at a stop error instead of starting anew: a guest that does not boot on KVM shows
/// why, where it would otherwise start for ever.
/// @return false: this Windows has no such settings
bool stay_at_stop_errors(Hive &system, const std::string &control_set);

}  // namespace v2v::windows
