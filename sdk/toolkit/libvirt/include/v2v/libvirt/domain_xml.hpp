// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The libvirt domain XML of a converted guest, for outputs that write it into a file or define it.
// The order of elements is that of virt-v2v, which people compare with. Pure functions; any thread.
#pragma once

#include <string>
#include <v2v/machine/machine.hpp>
#include <v2v/values.hpp>
#include <vector>

namespace v2v::libvirt {

/// What the hypervisor that will run the guest can do.
struct TargetFeatures {
  std::vector<std::string> features;  ///< elements of <features>: acpi, apic, pae …
  bool floppy = false;
  std::string type = "kvm";  ///< of the domain: kvm, or qemu where there is no KVM

  /// For a target that cannot be asked.
  static TargetFeatures of_arch(const std::string &arch);
};

/// The whole document. `disks` has one element for each of metadata.disks. What cannot be expressed
/// but does not matter for starting the guest is left out with a warning.
/// @throws Error(unsupported) if a string holds a character that XML cannot, naming the string
std::string domain_xml(const Metadata &metadata, const std::vector<machine::DiskSource> &disks,
                       const TargetFeatures &target, const machine::Warn &warn = {});

/// Throws what domain_xml would throw for strings of the source, long before there is metadata.
void check_expressible(const Source &source);

}  // namespace v2v::libvirt
