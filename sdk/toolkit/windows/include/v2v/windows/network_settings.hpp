// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The static addresses of a guest's network cards. On KVM the guest finds new cards, and Windows keeps
// addresses with the card, so they are read here before and given to the new cards at the first boot.
//
// Read are, in the control set in use: the connections in Control\Network, the cards' drivers in
// Control\Class (both of the class of network adapters), and Parameters\Interfaces of the services Tcpip
// and Tcpip6. Not read are static IPv6 addresses and gateways: since Windows Vista they lie in Control\Nsi in
// a binary form that Microsoft does not document. Adapters that are software (VPNs, teams, loopback) stay in
// the guest as they are and are left out.
//
// What is returned is checked: addresses are addresses, and names have no control characters. Not
// thread-safe: as the hive.
#pragma once

#include <v2v/text/log.hpp>
#include <v2v/values.hpp>
#include <v2v/windows/hive.hpp>

#include <optional>
#include <string>
#include <vector>

namespace v2v::windows {

struct OldAdapter {
  struct Address {
    std::string address;  ///< IPv4
    unsigned prefix = 0;
  };
  struct Gateway {
    std::string address;             ///< IPv4
    std::optional<unsigned> metric;  ///< nothing: automatic
  };
  std::string guid;             ///< in braces
  std::string connection;       ///< what the user calls it: "Ethernet0"
  std::string description;      ///< the card, for messages
  std::string pnp_instance_id;  ///< "PCI\VEN_15AD&DEV_07B0…\FF290C00E16BA4FE00"
  std::string network_address;  ///< a MAC address that was set in the guest; as it is written there
  bool dhcp = true;
  std::vector<Address> addresses;  ///< empty with DHCP
  std::vector<Gateway> gateways;
  std::vector<std::string> dns;              ///< IPv4 and IPv6; also with DHCP, if they were set
  std::string suffix;                        ///< the connection's own DNS suffix
  std::optional<unsigned> interface_metric;  ///< nothing: automatic
};

/// A setting that cannot be understood is left out with a warning.
std::vector<OldAdapter> old_adapters(const Hive &system, const std::string &control_set,
                                     const text::Log &log);

struct MatchedAdapter {
  OldAdapter adapter;
  std::string mac;  ///< as the Nic has it
};

/// Which of the source's network cards each adapter was: by the MAC address that was set in the guest; by the
/// one that VMware's cards show in their PnP instance id; and the last adapter with a static address, if
/// one card is left, is that card. A card without a MAC address is nobody's. An adapter with static addresses
/// that cannot be told is a warning with its settings.
std::vector<MatchedAdapter> match_adapters(const std::vector<OldAdapter> &adapters,
                                           const std::vector<Nic> &nics, const text::Log &log);

}  // namespace v2v::windows
