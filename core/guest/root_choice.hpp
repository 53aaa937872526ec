// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Which operating system to convert if the disks hold several (--root).
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace v2v::core {

/// A root file system to choose from.
struct RootChoice {
  std::string device;   ///< "/dev/sda2", or "btrfsvol:/dev/sda2/@"
  std::string product;  ///< "Debian GNU/Linux 12 (bookworm)"
};

/// @param wish  ask, single, first, or a device
/// @param ask   shows the choices to a person and gives the chosen device; empty: nobody is there
/// @throws Error(usage) that lists the roots if the wish does not decide
std::string choose_root(const std::vector<RootChoice> &roots, const std::string &wish,
                        const std::function<std::string(const std::vector<RootChoice> &)> &ask);

}  // namespace v2v::core
