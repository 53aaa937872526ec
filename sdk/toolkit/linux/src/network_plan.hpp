// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Which interface name belongs to which network card: decided from the scan of the configuration
// and the source's list of cards, without looking at the guest. Pure functions.
#pragma once

#include "network_scan.hpp"

#include <v2v/linux/network.hpp>
#include <v2v/values.hpp>

#include <string>
#include <vector>

namespace v2v::linux {

struct NetworkPlan {
  std::vector<NetworkPin> pins;
  std::vector<std::string> notes;     ///< what was decided, for the user
  std::vector<std::string> warnings;  ///< what a person has to look after
};

/// @param predictable  udev on the new hardware calls cards enp1s0 and the like, not eth0
NetworkPlan plan_network(const NetworkScan &scan, const std::vector<Nic> &nics, bool predictable);

/// The order of VMware's slots: ens160, ens192, ens224, ens256, ens161, ens193 …; names that are
/// not of this kind in natural order, before them.
bool slot_order(const std::string &a, const std::string &b);

}  // namespace v2v::linux
