// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// modules.dep: which file a module is in and which other modules it needs, all of them, as depmod
// writes it. The text comes from a guest: paths that are not plainly below the modules directory
// are dropped.
//
// A value. Private to the toolkit.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace v2v::linux {

class ModulesDep {
 public:
  /// @param version  the kernel's; old tools write absolute paths with it
  ModulesDep(std::string_view text, const std::string &version);

  /// The file of a module, relative to the modules directory; empty if it is not listed.
  std::string file_of(const std::string &module) const;
  /// The files that the module in `file` needs, and those that these need.
  const std::vector<std::string> &needs(const std::string &file) const;

 private:
  std::map<std::string, std::string> files_;               ///< by module name
  std::map<std::string, std::vector<std::string>> needs_;  ///< by file
};

/// Whether a path is relative, ASCII, printable, without `..`, and so can be made on the host below
/// a private directory.
bool is_plain_relative(std::string_view path);

}  // namespace v2v::linux
