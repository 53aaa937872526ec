// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The parts of the manifest that say which devices there are and what is behind them. Private.
#pragma once

#include <v2v/machine/machine.hpp>
#include <vector>

#include "yaml.hpp"

namespace v2v::output_kubevirt {

/// A network card and the network it is on, both named `name`.
struct Card {
  std::string name, mac, model;
  std::string multus;  ///< the NetworkAttachmentDefinition; empty: the network of the pod
};

/// The devices of a machine; asked for once, so that each warning comes once.
class Devices {
 public:
  Devices(const Metadata &metadata, const machine::Warn &warn);

  /// The map "devices" of the domain.
  void write_domain(Yaml &yaml) const;
  /// The lists "volumes" and "networks" of the instance.
  void write_instance(Yaml &yaml, const std::vector<machine::DiskSource> &disks) const;

 private:
  void plan_drives();
  void plan_cards();
  void write_disks(Yaml &yaml) const;
  void write_interfaces(Yaml &yaml) const;
  void say(const std::string &message) const;

  const Metadata &metadata_;
  const machine::Warn &warn_;
  std::vector<machine::Drive> disks_;
  std::vector<Card> cards_;
  std::string sound_;
};

}  // namespace v2v::output_kubevirt
