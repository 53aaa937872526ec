// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See network.hpp: asks the guest, lets network_plan decide, writes the rules.
#include <v2v/linux/network.hpp>

#include "network_plan.hpp"
#include "network_scan.hpp"

#include <v2v/linux/text_edit.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace v2v::linux {
namespace {

constexpr char kPersistentRules[] = "/etc/udev/rules.d/70-persistent-net.rules";
constexpr char renamed_otherwise[] =
    "in its new place the card would get another name, which no configuration of the guest knows";

bool has_argument(const std::string &arguments, std::string_view wanted) {
  const auto parts = words(arguments);
  return std::find(parts.begin(), parts.end(), wanted) != parts.end();
}

/// How this guest's udev names cards.
struct Naming {
  bool link_files = false;   ///< it reads .link files
  bool predictable = false;  ///< and by default names cards by their place
};

/// A file in /etc that hides the distribution's.
bool masked(Guest &guest, const std::string &path) {
  if (guest.link_target(path) == "/dev/null") return true;
  const auto content = guest.read_if_file(path);
  return content && content->empty();
}

Naming naming_of(Guest &guest, const std::string &arguments, const Log &log) {
  auto rules = read_config(guest, "/lib/udev/rules.d/80-net-setup-link.rules", log);
  if (!rules) rules = read_config(guest, "/usr/lib/udev/rules.d/80-net-setup-link.rules", log);
  Naming naming;
  if (!rules || masked(guest, "/etc/udev/rules.d/80-net-setup-link.rules")) return naming;
  // Debian 8 has all of it, but only for who asks with net.ifnames=1.
  const bool opt_in = rules->find("net.ifnames}!=\"1\"") != std::string::npos;
  naming.link_files = !opt_in || has_argument(arguments, "net.ifnames=1");
  naming.predictable = naming.link_files && !has_argument(arguments, "net.ifnames=0") &&
                       !masked(guest, "/etc/systemd/network/99-default.link");
  return naming;
}

const char *driver_name(NetBus bus) {
  switch (bus) {
    case NetBus::virtio:
      return "virtio_net";
    case NetBus::rtl8139:
      return "8139cp";
    case NetBus::e1000:
      break;
  }
  return "e1000";
}

/// Only cards have a path of their own: without `Path=` a VLAN or bridge, which has its card's MAC
/// address, would be given the card's name as well. All versions of udev take a pattern there.
std::string link_file(const NetworkPin &pin, NetBus bus) {
  const auto match = pin.mac.empty() ? fmt::format("Driver={}\n", driver_name(bus))
                                     : fmt::format("MACAddress={}\nPath=*\n", pin.mac);
  return fmt::format(
      "# Written by v2v at the conversion to KVM: keeps the name that this guest's network\n"
      "# configuration uses, although the card is in another place now.\n"
      "[Match]\n{}\n[Link]\nName={}\n",
      match, pin.name);
}

std::string udev_rule(const NetworkPin &pin, NetBus bus) {
  const auto match = pin.mac.empty()
                         ? fmt::format("DRIVERS==\"{}\"", driver_name(bus))
                         : fmt::format("DRIVERS==\"?*\", ATTR{{address}}==\"{}\"", pin.mac);
  return fmt::format("SUBSYSTEM==\"net\", ACTION==\"add\", {}, ATTR{{type}}==\"1\", NAME=\"{}\"\n",
                     match, pin.name);
}

std::string card_of(const NetworkPin &pin, NetBus bus) {
  return "the card with " +
         (pin.mac.empty() ? std::string("driver ") + driver_name(bus) : "MAC address " + pin.mac);
}

NetworkResult write(Guest &guest, const NetworkPlan &plan, bool link_files, NetBus bus,
                    const Log &log) {
  NetworkResult result;
  result.pins = plan.pins;
  if (plan.pins.empty()) return result;
  if (link_files) {
    for (const auto &pin : plan.pins) {
      const auto path = fmt::format("/etc/systemd/network/10-v2v-{}.link", pin.name);
      guest.write(path, link_file(pin, bus));
      log.change(path, pin.name + " stays the name of " + card_of(pin, bus), renamed_otherwise);
      result.initramfs_files.push_back(path);
    }
    return result;
  }
  std::string rules;
  if (auto existing = guest.read_if_file(kPersistentRules)) rules = std::move(*existing);
  if (!rules.empty() && rules.back() != '\n') rules += '\n';
  rules += "# Written by v2v at the conversion to KVM: the names that the configuration uses.\n";
  for (const auto &pin : plan.pins) rules += udev_rule(pin, bus);
  guest.write(kPersistentRules, rules);
  for (const auto &pin : plan.pins)
    log.change(kPersistentRules, pin.name + " stays the name of " + card_of(pin, bus),
               renamed_otherwise);
  result.initramfs_files.emplace_back(kPersistentRules);
  return result;
}

}  // namespace

NetworkResult keep_network_names(Guest &guest, const Source &source, NetBus bus,
                                 const std::string &kernel_arguments, const Log &log) {
  NetworkScan scan;
  scan_ifupdown(guest, scan, log);
  scan_ifcfg(guest, scan, log);
  scan_netplan(guest, scan, log);
  scan_network_manager(guest, scan, log);
  scan_networkd(guest, scan, log);
  scan_udev_rules(guest, scan, log);

  const auto naming = naming_of(guest, kernel_arguments, log);
  const auto plan = plan_network(scan, source.nics, naming.predictable);
  auto result = write(guest, plan, naming.link_files, bus, log);
  for (const auto &pin : result.pins)
    log.debug(fmt::format("network interface {} stays on {}", pin.name, card_of(pin, bus)));
  for (const auto &note : plan.notes) log.info(note);
  for (const auto &warning : plan.warnings) log.warning(warning);
  return result;
}

}  // namespace v2v::linux
