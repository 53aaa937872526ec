// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The conversion of a guest of the Debian family, step by step. All work is the
// toolkit's; this is the order, and the decisions that steps need from each other.
//
// Not thread-safe; one object converts one guest and does not outlive it.
#pragma once

#include <v2v/linux/bootloader.hpp>
#include <v2v/linux/devices.hpp>
#include <v2v/linux/guest.hpp>
#include <v2v/linux/kernels.hpp>
#include <v2v/linux/log.hpp>
#include <v2v/values.hpp>

#include <memory>
#include <string>
#include <vector>

namespace v2v::debian {

/// What a conversion is given. References must outlive it.
struct Task {
  const Inspection &inspection;
  const Source &source;
  const Wishes &wishes;
  std::string run_directory;  ///< a private directory on the host
  linux::UuidResolver resolve_uuid;
};

class Conversion {
 public:
  Conversion(linux::Guest &guest, Task task, linux::Log log)
      : guest_(guest), task_(std::move(task)), log_(std::move(log)) {}

  /// Does it all.
  /// @throws Error if the guest would not boot on KVM; whatever else goes wrong is a warning
  GuestCaps run();

 private:
  void remove_tools();
  void find_kernels();
  void make_best_kernel_default();
  linux::DeviceMap convert_devices();
  void convert_initramfs(const linux::DeviceMap &map,
                         const std::vector<std::string> &network_files);
  void ensure(const linux::Kernel &kernel, const linux::DeviceMap &map,
              const std::vector<std::string> &network_files);
  void install_first_boot();
  void relabel();

  linux::Guest &guest_;
  Task task_;
  linux::Log log_;
  std::unique_ptr<linux::Bootloader> bootloader_;
  std::vector<std::string> kernel_paths_;  // what the bootloader offers
  std::vector<linux::Kernel> kernels_;     // behind them, the bootloader's default first
  linux::Kernel kernel_;                   // the best, the default from now on
  GuestCaps caps_;
  bool triggers_pending_ = false;
};

}  // namespace v2v::debian
