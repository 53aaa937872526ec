// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The kernels installed in a guest, what of virtio they can drive, and which one is the best for
// KVM.
//
// Kernels are found in the directories, not in the package database, so that one built by hand is
// found as well and no package has to be asked for its files: /boot/vmlinuz-V with modules in
// /lib/modules/V is a kernel. Which package it belongs to is told by the guest's Family.
//
// Values; not bound to the guest they were read from.
#pragma once

#include <v2v/linux/guest.hpp>
#include <v2v/linux/log.hpp>
#include <v2v/values.hpp>

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace v2v::linux {

struct Kernel {
  std::string version;                 ///< the name of its modules directory, what uname -r prints
  std::string vmlinuz;                 ///< guest path
  std::string initrd;                  ///< guest path; empty if it has none
  std::string config;                  ///< guest path; empty if it has none
  std::string modules_directory;       ///< guest path
  std::optional<Application> package;  ///< nothing for a kernel built by hand
  std::vector<std::string> module_files;  ///< guest paths of all loadable modules, sorted
  std::set<std::string> modules;          ///< their names, '-' written as '_'

  // Loadable or built in.
  bool virtio_blk = false, virtio_net = false, virtio_rng = false, virtio_balloon = false;
  bool isa_pvpanic = false, virtio_socket = false;
  bool xen_pv_only = false;  ///< runs under Xen only
  bool debug = false;

  bool has_module(const std::string &name) const;
  /// For messages: "6.1.0-18-amd64 (virtio_blk, virtio_net, initrd.img-6.1.0-18-amd64)".
  std::string describe() const;
};

/// The name of the module in a file: without directory and suffix, '-' written as '_'. Empty if the
/// file is no module (.ko, .o, and .ko with .gz, .xz, .zst).
std::string module_name(const std::string &path);

/// Which installed package the kernel of this version belongs to; see Family.
using KernelOwner = std::function<std::optional<Application>(const std::string &version)>;

/// Every installed kernel, sorted by its path. Costs the same few calls for any number of kernels;
/// a kernel's configuration is read only if something of virtio is not a loadable module.
/// @throws Error(unsupported) if there is none
std::vector<Kernel> find_kernels(Guest &guest, const KernelOwner &owner, const Log &log);

/// The kernels behind what the bootloader offers, in its order, without duplicates. They are told
/// by device and inode, because /vmlinuz and /boot/vmlinuz may be links.
/// @throws Error(unsupported) if none of the paths is an installed kernel
std::vector<Kernel> bootloader_kernels(Guest &guest, const std::vector<Kernel> &installed,
                                       const std::vector<std::string> &paths, const Log &log);

/// The one with virtio_net, then the newest, then a non-debug one; among equals the first. Those
/// for Xen only do not count.
/// @param kernels  not empty; the default first
/// @throws Error(unsupported) if all are for Xen only
const Kernel &best_kernel(const std::vector<Kernel> &kernels);

}  // namespace v2v::linux
