// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The conversion of a Linux guest, step by step: the order of the steps, and the decisions that they need
// from each other. What differs between families of distributions is asked of a Family (family.hpp).
//
// Not thread-safe; one object converts one guest and does not outlive it.
#pragma once

#include <v2v/linux/bootloader.hpp>
#include <v2v/linux/devices.hpp>
#include <v2v/linux/family.hpp>
#include <v2v/linux/first_boot.hpp>
#include <v2v/linux/guest.hpp>
#include <v2v/linux/kernels.hpp>
#include <v2v/linux/log.hpp>
#include <v2v/values.hpp>

#include <memory>
#include <string>
#include <vector>

namespace v2v::linux {

/// What a conversion is given. References must outlive it.
struct Task {
  const Family &family;
  Inspection inspection;
  const Source &source;
  const Wishes &wishes;
  std::string run_directory;  ///< a private directory on the host
  UuidResolver resolve_uuid;
};

/// @throws Error(unsupported) for a wish that no conversion fulfils
void check_wishes(const Wishes &wishes);

class Conversion {
 public:
  Conversion(Guest &guest, Task task, Log log)
      : guest_(guest), task_(std::move(task)), log_(std::move(log)), first_boot_(guest_, log_) {}

  /// Does it all.
  /// @throws Error if the guest would not boot on KVM; whatever else goes wrong is a warning
  GuestCaps run();
  /// What was left for the first boot, and installed: whoever adds to it installs it again.
  FirstBoot &first_boot() { return first_boot_; }

 private:
  void remove_tools();
  void find_kernels();
  void make_best_kernel_default();
  void keep_kernel_package();
  DeviceMap convert_devices();
  void convert_initramfs(const DeviceMap &map, const std::vector<std::string> &network_files);
  void ensure(const Kernel &kernel, const DeviceMap &map,
              const std::vector<std::string> &network_files);
  void install_first_boot();
  void relabel();

  Guest &guest_;
  Task task_;
  Log log_;
  std::unique_ptr<Bootloader> bootloader_;
  std::vector<std::string> kernel_paths_;  // what the bootloader offers
  std::vector<Kernel> kernels_;            // behind them, the bootloader's default first
  Kernel kernel_;                          // the best, the default from now on
  GuestCaps caps_;
  bool removal_unfinished_ = false;
  FirstBoot first_boot_;
};

}  // namespace v2v::linux
