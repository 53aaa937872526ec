// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What a guest's network configuration says about interface names, whichever tool it is for. The
// readers are tolerant: they look for names and MAC addresses and pass over everything else.
//
// A NetworkScan is a value.
#pragma once

#include <v2v/linux/guest.hpp>
#include <v2v/linux/log.hpp>

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace v2v::linux {

class NetworkScan {
 public:
  /// A name that a configuration file uses.
  struct Use {
    std::string file;
    std::string mac;  ///< what the file says the card's MAC address is; may be empty
  };

  /// An interface is configured by its name. "ens192:0" and "ens192.100" use ens192.
  void use(const std::string &name, const std::string &file, const std::string &mac = {});
  /// Interfaces are configured by a shell pattern like "ens*".
  void use_pattern(const std::string &pattern, const std::string &file);
  /// A bridge, bond, VLAN …: not a card.
  void is_virtual(const std::string &name) { virtuals_.insert(name); }
  /// A card is told by its MAC address, under whatever name.
  void needs_mac(const std::string &mac, const std::string &file);
  /// A rule gives the card with this MAC address this name.
  void bound(const std::string &name, const std::string &mac);
  /// A rule gives a card this name by something that changes: its place or its driver.
  void misbound(const std::string &name) { misbound_.insert(name); }
  /// Cards are told by their driver or place, in patterns with blanks between: a person should be told
  /// if these do not match on the new hardware.
  void needs_hardware(const char *what, const std::string &value, const std::string &file);

  /// Names in use without those that are virtual.
  std::map<std::string, Use> names() const;
  const std::map<std::string, std::string> &patterns() const { return patterns_; }
  const std::map<std::string, std::string> &macs() const { return macs_; }
  const std::map<std::string, std::string> &bindings() const { return bindings_; }
  bool is_misbound(const std::string &name) const { return misbound_.count(name) != 0; }
  const std::vector<std::string> &problems() const { return problems_; }

 private:
  std::map<std::string, Use> uses_;
  std::map<std::string, std::string> patterns_;  // pattern -> file
  std::map<std::string, std::string> macs_;      // MAC -> file
  std::map<std::string, std::string> bindings_;  // name -> MAC
  std::set<std::string> virtuals_, misbound_;
  std::vector<std::string> problems_;
};

/// "00-50-56-AA-BB-CC" and the like as "00:50:56:aa:bb:cc"; empty if it is no MAC address.
std::string normal_mac(std::string_view text);
/// What Linux takes for an interface name, and nothing that means something to a shell or a path.
bool valid_interface_name(std::string_view name);
bool is_pattern(std::string_view name);

void scan_ifcfg(Guest &guest, NetworkScan &scan, const Log &log);
void scan_ifupdown(Guest &guest, NetworkScan &scan, const Log &log);
void scan_netplan(Guest &guest, NetworkScan &scan, const Log &log);
void scan_network_manager(Guest &guest, NetworkScan &scan, const Log &log);
void scan_networkd(Guest &guest, NetworkScan &scan, const Log &log);
void scan_udev_rules(Guest &guest, NetworkScan &scan, const Log &log);

}  // namespace v2v::linux
