// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The list of installed programs in SOFTWARE: of the system's own word size, and of 32-bit programs on a
// 64-bit system. Inside of the toolkit only.
#pragma once

#include <v2v/windows/hive.hpp>

namespace v2v::windows {

constexpr const char *uninstall_paths[] = {
    "Microsoft\\Windows\\CurrentVersion\\Uninstall",
    "WOW6432Node\\Microsoft\\Windows\\CurrentVersion\\Uninstall"};

/// Calls visit(key) for each installed program.
template <class Visit>
void for_each_program(const Hive &software, Visit visit) {
  for (const auto *path : uninstall_paths)
    if (const auto list = software.find(path))
      for (const auto program : software.children(*list)) visit(program);
}

}  // namespace v2v::windows
