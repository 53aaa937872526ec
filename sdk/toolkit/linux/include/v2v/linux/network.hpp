// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The network survives. A card that the guest knows as ens192 sits elsewhere on the new machine's
// PCI bus, so udev would call it enp1s0, and a configuration that says ens192 would configure
// nothing. Here the names that ifupdown, ifcfg files, netplan, NetworkManager and systemd-networkd
// use are bound
// to the cards' MAC addresses, which stay the same. Nothing else of the configuration is touched,
// so that addresses, VLANs, bonds, bridges, firewalls and monitoring that name the interface work
// on.
//
// Not thread-safe.
#pragma once

#include <v2v/linux/guest.hpp>
#include <v2v/linux/log.hpp>
#include <v2v/values.hpp>

#include <string>
#include <vector>

namespace v2v::linux {

/// An interface name bound to a network card.
struct NetworkPin {
  std::string name;
  std::string mac;  ///< lower case; empty: the card is told by its driver, there is only one
};

struct NetworkResult {
  std::vector<NetworkPin> pins;
  /// Files that the initramfs needs as well: the first udev that sees a card names it, and older
  /// ones never rename a card twice.
  std::vector<std::string> initramfs_files;
};

/// Finds the names in use that would change, and binds them: with
/// /etc/systemd/network/10-v2v-NAME.link, or a udev rule where udev does not know these.
/// Warns, naming the interfaces, where it cannot be told which card is which.
/// @param source           its NICs, in order
/// @param bus              what the cards will be
/// @param kernel_arguments of the default kernel: net.ifnames=0 keeps eth0
NetworkResult keep_network_names(Guest &guest, const Source &source, NetBus bus,
                                 const std::string &kernel_arguments, const Log &log);

}  // namespace v2v::linux
