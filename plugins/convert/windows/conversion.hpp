// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The conversion of a Windows guest, in order. Offline it gets what it needs to boot on KVM: one driver for
// its disks, entered in the registry. All the rest is work for its first boot, which a service of v2v
// does (v2v/windows/first_boot.hpp): the other drivers, the guest agent, the old hypervisor's tools, the
// network's settings.
//
// Everything is read and edited on the host first; the guest is changed when that has succeeded.
// Not thread-safe.
#pragma once

#include "delivery.hpp"
#include "guest_files.hpp"
#include "guest_hive.hpp"

#include <v2v/host.hpp>
#include <v2v/text/log.hpp>
#include <v2v/values.hpp>
#include <v2v/windows/driver_set.hpp>
#include <v2v/windows/first_boot.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace v2v::convert_windows {

class Conversion {
 public:
  /// @param directory  an empty one on the host, for this conversion alone
  Conversion(const ConvertRequest &request, std::string directory, text::Log log);

  /// @throws Error; the guest may be changed in part only if one of the uploads failed
  GuestCaps run();

  /// What was delivered for the first boot.
  windows::FirstBoot &first_boot() { return first_boot_; }

  /// Appliance calls so far.
  std::uint64_t calls() const { return files_.calls(); }

 private:
  void find_system();
  void identify();
  void gather_drivers();
  void plan_first_boot();
  void plan_agents();
  void edit_system();
  void edit_software();
  void pack();
  void pack_first_boot();
  std::string add_directories(const std::string &path);
  void forget_earlier_first_boot();
  void deliver();
  void repair_efi_partitions();
  void warn_of_policies();
  GuestCaps caps() const;

  bool has_drivers() const { return !drivers_.empty(); }
  /// "x86" or "amd64"; nothing for processors that v2v has no drivers and no service for.
  std::optional<std::string> winarch() const;
  std::string driver_directory() const { return directory_ + "/VirtIO"; }

  const ConvertRequest &request_;
  const Inspection &inspection_;
  std::string directory_;
  text::Log log_;
  GuestFiles files_;

  std::string system_root_;  ///< "/Windows"
  std::optional<GuestHive> system_, software_;
  std::string control_set_, osinfo_;
  windows::DriverSet drivers_;
  std::filesystem::path guest_agent_;  ///< an MSI package on the host; empty: none
  windows::FirstBoot first_boot_;
  bool rtc_utc_ = false;
  std::optional<Delivery> delivery_;
};

}  // namespace v2v::convert_windows
