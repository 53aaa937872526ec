// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The indexes in which modprobe and udev look modules up, made by the host's depmod over modules
// that need not be installed anywhere. Private to the toolkit.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace v2v::linux {

/// Contents by path relative to the modules directory.
using ModuleFiles = std::map<std::string, std::string_view>;

/// @param modules        modules, and the lists of built-in ones if there are any; paths are
/// checked
/// @param run_directory  a private directory on the host; nothing is left in it
/// @return modules.dep, modules.alias and so on, by name; no empty ones
/// @throws Error if depmod is missing, refuses or takes too long, or for an impossible path
std::map<std::string, std::string> make_module_index(const ModuleFiles &modules,
                                                     const std::string &version,
                                                     const std::string &run_directory);

}  // namespace v2v::linux
