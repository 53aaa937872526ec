// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The one exception type of plugins. It has the three parts of every v2v message: what failed, on
// which object, and what the person should do. The trampolines turn it into a status at the edge.
#pragma once

#include <v2v/plugin.h>

#include <stdexcept>
#include <string>
#include <utility>

namespace v2v {

/// The codes of plugin.h.
enum class Code : v2v_status {
  internal = V2V_E_INTERNAL,
  usage = V2V_E_USAGE,
  not_found = V2V_E_NOT_FOUND,
  access = V2V_E_ACCESS,
  no_space = V2V_E_NO_SPACE,
  unsupported = V2V_E_UNSUPPORTED,
  corrupt = V2V_E_CORRUPT,
  io = V2V_E_IO,
  exists = V2V_E_EXISTS,
  cancelled = V2V_E_CANCELLED,
};

class Error : public std::runtime_error {
 public:
  /// @param what    what failed, one sentence without the object's name, no full stop
  /// @param object  the file, disk, guest or server it failed on; may be empty
  /// @param remedy  what the person should do next; may be empty
  Error(Code code, const std::string &what, std::string object = {}, std::string remedy = {})
      : std::runtime_error(one_line(what, object, remedy)),
        code_(code),
        what_(what),
        object_(std::move(object)),
        remedy_(std::move(remedy)) {}

  Code code() const noexcept { return code_; }
  const std::string &failure() const noexcept { return what_; }
  const std::string &object() const noexcept { return object_; }
  const std::string &remedy() const noexcept { return remedy_; }

 private:
  static std::string one_line(const std::string &what, const std::string &object,
                              const std::string &remedy) {
    std::string line = object.empty() ? what : object + ": " + what;
    if (!remedy.empty()) line += "; " + remedy;
    return line;
  }

  Code code_;
  std::string what_, object_, remedy_;
};

}  // namespace v2v
