// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// From the path in the URI and the guest's name to the guest in the inventory of a vCenter or of an
// ESXi host. Every way to miss has a message that says what there is instead. Used by one thread.
#pragma once

#include "vsphere.hpp"

#include <functional>
#include <string>

namespace v2v::input_vpx {

/// A datacenter, and the host in it if the URI names one.
struct Place {
  Reference datacenter;
  std::string path;  ///< the datacenter's, as the inventory writes it: "Folder/DC"
  std::optional<Reference> host;
};

/// @throws Error(usage), Error(not_found) if the path leads to none
Place find_place(Vsphere &vsphere, const VpxUri &uri);

/// The guest of this name or UUID. One that has moved to another host of the datacenter is found as
/// well; the host matters only where several guests have the name.
/// @param debug  takes what a maintainer wants to know
/// @throws Error(not_found), Error(usage) for a name that several guests have
Reference find_guest(Vsphere &vsphere, const Place &place, const std::string &name,
                     const std::function<void(const std::string &)> &debug);

}  // namespace v2v::input_vpx
