// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/windows/crash_control.hpp>

namespace v2v::windows {

bool stay_at_stop_errors(Hive &system, const std::string &control_set) {
  const auto key = system.find(control_set + "\\Control\\CrashControl");
  if (key) system.set(*key, "AutoReboot", Value::number(0));
  return key.has_value();
}

}  // namespace v2v::windows
