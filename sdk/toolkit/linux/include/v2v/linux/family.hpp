// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What differs between the families of Linux, as far as a conversion has to know. The plugin of a
// converter takes the family that fits, or derives its own from it.
#pragma once

#include <v2v/linux/guest.hpp>
#include <v2v/linux/kernels.hpp>
#include <v2v/values.hpp>

#include <optional>
#include <string>
#include <vector>

namespace v2v::linux {

/// A way to remove packages.
struct PackageRemoval {
  std::vector<std::string> command;   ///< run in the guest, which is not running
  std::vector<std::string> packages;  ///< that are gone if it succeeds
};

/// How a running guest installs a package from its distribution; shell commands.
struct PackageInstallation {
  std::string download;  ///< fetches what is needed; may be interrupted and tried again
  std::string install;   ///< installs it; is not interrupted by a shutdown
  std::string by_hand;   ///< what a person would type
};

/// Shell commands with which a guest's package manager changes packages in a system that may not be
/// running. The last one's status decides.
struct PackageChange {
  std::string uninstall;  ///< to be followed by the names
  std::string update;     ///< all packages
};

/// A family of distributions. Has no state; may be used from any thread.
class Family {
 public:
  virtual ~Family() = default;

  /// Which package a kernel is of.
  virtual KernelOwner kernel_owner(const Inspection &inspection) const = 0;
  /// The file or directory of the guest that lists its packages, for messages.
  virtual std::string package_database() const = 0;
  /// How to remove packages: tried in this order until one succeeds.
  virtual std::vector<PackageRemoval> removals(const std::vector<std::string> &packages) const = 0;
  /// Shell commands, each with its newline, that complete at the first boot what packages had to leave
  /// undone when they were removed from a system that did not run; empty if nothing is left undone.
  virtual std::string finish_removal() const { return {}; }
  /// Nothing if there is no rule for the guest's package manager.
  /// @param package  or several, as words of a shell
  virtual std::optional<PackageInstallation> installation(const Inspection &inspection,
                                                          const std::string &package) const = 0;
  /// The same.
  virtual std::optional<PackageChange> package_change(const Inspection & /*inspection*/) const {
    return std::nullopt;
  }
};

/// Debian, Ubuntu and whatever else has dpkg.
class DebianFamily : public Family {
 public:
  KernelOwner kernel_owner(const Inspection &inspection) const override;
  std::string package_database() const override { return "/var/lib/dpkg/status"; }
  std::vector<PackageRemoval> removals(const std::vector<std::string> &packages) const override;
  std::string finish_removal() const override { return "dpkg --configure --pending\n"; }
  std::optional<PackageInstallation> installation(const Inspection &inspection,
                                                  const std::string &package) const override;
  std::optional<PackageChange> package_change(const Inspection &inspection) const override;
};

/// Red Hat, SUSE and whatever else has rpm, with dnf, yum or zypper above it.
class RpmFamily : public Family {
 public:
  KernelOwner kernel_owner(const Inspection &inspection) const override;
  std::string package_database() const override { return "/var/lib/rpm"; }
  std::vector<PackageRemoval> removals(const std::vector<std::string> &packages) const override;
  std::optional<PackageInstallation> installation(const Inspection &inspection,
                                                  const std::string &package) const override;
  std::optional<PackageChange> package_change(const Inspection &inspection) const override;
};

}  // namespace v2v::linux
