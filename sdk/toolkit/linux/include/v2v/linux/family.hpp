// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What differs between the families of Linux, as far as a conversion has to know.
#pragma once

#include <v2v/linux/kernels.hpp>
#include <v2v/values.hpp>

#include <string>

namespace v2v::linux {

/// A family of distributions. Has no state; may be used from any thread.
class Family {
 public:
  virtual ~Family() = default;

  /// Which package a kernel is of.
  virtual KernelOwner kernel_owner(const Inspection &inspection) const = 0;
  /// The file or directory of the guest that lists its packages, for messages.
  virtual std::string package_database() const = 0;
  /// Shell commands, each with its newline, that complete at the first boot what packages had to leave
  /// undone when they were removed from a system that did not run.
  virtual std::string finish_removal() const = 0;
};

/// Debian, Ubuntu and whatever else has dpkg.
class DebianFamily : public Family {
 public:
  KernelOwner kernel_owner(const Inspection &inspection) const override {
    return debian_kernel_owner(inspection);
  }
  std::string package_database() const override { return "/var/lib/dpkg/status"; }
  std::string finish_removal() const override { return "dpkg --configure --pending\n"; }
};

}  // namespace v2v::linux
