// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// -b, -n and --mac: which network or bridge each network card of the guest is plugged into on the
// target, and which addresses it is to have: virt-v2v(1), "Networks and bridges". A value; no thread may change it while another reads
// it.
#pragma once

#include <v2v/values.hpp>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace v2v::host {

class NetworkMap {
 public:
  /// "in:out", or "out" for every bridge that has no mapping of its own.
  /// @throws Error(usage) if it cannot be read or says something a second time
  void add_bridge(const std::string &text);
  /// As add_bridge, for networks. The two never affect each other.
  void add_network(const std::string &text);
  /// "MAC:network:NAME" or "MAC:bridge:NAME", which wins over the other two; or
  /// "MAC:ip:ADDRESS[,GATEWAY[,PREFIX[,NAME SERVER…]]]".
  /// @throws Error(usage)
  void add_mac(const std::string &text);

  /// Says what the card is plugged into on the target.
  /// @returns what to warn of, if the user gave mappings but none is for this card: most often -b
  ///          for a card that is on a network, which changes nothing
  std::optional<std::string> apply(Nic &nic) const;
  /// In the order they were given.
  const std::vector<StaticAddress> &static_addresses() const { return static_addresses_; }

 private:
  struct Names {
    std::map<std::string, std::string> by_name;
    std::optional<std::string> others;
    bool empty() const { return by_name.empty() && !others; }
  };
  struct Place {
    Nic::Type type;
    std::string name;
  };
  std::optional<std::string> left_alone(const Nic &nic, const std::string &name) const;
  static void add(Names &names, const std::string &text, const std::string &option,
                  const std::string &noun);

  Names bridges_, networks_;
  std::map<std::string, Place> by_mac_;  ///< by MAC address in lower case
  std::vector<StaticAddress> static_addresses_;
};

}  // namespace v2v::host
