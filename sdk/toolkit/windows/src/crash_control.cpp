// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/windows/crash_control.hpp>

namespace v2v::windows {

void stay_at_stop_errors(Hive &system, const std::string &control_set) {
  if (const auto key = system.find(control_set + "\\Control\\CrashControl"))
    system.set(*key, "AutoReboot", Value::number(0));
}

}  // namespace v2v::windows
