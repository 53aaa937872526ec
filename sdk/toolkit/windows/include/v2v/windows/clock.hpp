// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Which time the guest expects in its real-time clock. Not thread-safe: as the hive.
#pragma once

#include <v2v/text/log.hpp>
#include <v2v/windows/hive.hpp>

#include <string>

namespace v2v::windows {

/// True if it is UTC (RealTimeIsUniversal), false if it is the local time, which is how Windows is
/// installed.
bool clock_is_utc(const Hive &system, const std::string &control_set, const text::Log &log);

}  // namespace v2v::windows
