// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Which operating system to convert if the disks hold several (--root).
#pragma once

#include <core/guest/disk_layout.hpp>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace v2v::core {

/// A root file system to choose from.
struct RootChoice {
  std::string device;   ///< "/dev/sda2", or "btrfsvol:/dev/sda2/@"
  std::string product;  ///< "Debian GNU/Linux 12 (bookworm)"
  bool linux = true;
};

/// How to choose.
struct RootWish {
  std::string wish;  ///< ask, single, first, or a device; empty: the one that boots, else ask
  /// Shows the choices to a person and gives the chosen device; empty: nobody is there.
  std::function<std::string(const std::vector<RootChoice> &)> ask;
  /// In the order of the source, which is that in which a firmware tries them.
  std::vector<DiskStart> disks;
};

/// The device of the root to convert.
/// @throws Error(usage) that lists the roots if the wish does not decide
std::string choose_root(const std::vector<RootChoice> &roots, const RootWish &wish);

/// The root that the machine starts by itself: that of the first disk with boot code, a Linux if that
/// code is GRUB's. Nothing if the disks do not tell, as with UEFI, whose order is in the old machine.
std::optional<std::string> root_that_boots(const std::vector<RootChoice> &roots,
                                           const std::vector<DiskStart> &disks);

}  // namespace v2v::core
