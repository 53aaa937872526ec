// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The interface names in ifcfg files, which are assignments of a shell: Red Hat's (initscripts'
// sysconfig.txt, nm-settings-ifcfg-rh(5)) name the interface inside, SUSE's (ifcfg(5)) by the name of the
// file. See network_scan.hpp.
#include "network_scan.hpp"

#include <v2v/linux/guest_path.hpp>
#include <v2v/linux/text_edit.hpp>

#include <functional>

namespace v2v::linux {
namespace {

/// A copy that some tool or person left there.
bool left_behind(const std::string &name) {
  for (const char *ending :
       {"~", ".bak", ".old", ".orig", ".rpmsave", ".rpmnew", ".rpmorig", ".swp"})
    if (ends_with(name, ending)) return true;
  return false;
}

using Visit =
    std::function<void(const std::string &name, const std::string &path, const std::string &text)>;

/// Calls `visit` with what is behind "ifcfg-" in the names of a directory's files.
void each_ifcfg(Guest &guest, const std::string &directory, const Log &log, const Visit &visit) {
  const std::string prefix = "ifcfg-";
  for (const auto &name : guest.list(directory)) {
    if (!starts_with(name, prefix) || left_behind(name)) continue;
    const auto path = join_path(directory, name);
    if (const auto text = read_config(guest, path, log))
      visit(name.substr(prefix.size()), path, *text);
  }
}

/// The first that is set of several variables; empty if none is.
std::string first_of(const std::string &text, std::initializer_list<const char *> names) {
  for (const char *name : names)
    if (auto value = shell_variable(text, name); value && !value->empty()) return *value;
  return {};
}

bool says_yes(const std::string &text, const char *name) {
  const auto value = lower_case(shell_variable(text, name).value_or(""));
  return value == "yes" || value == "true" || value == "1";
}

void scan_redhat(const std::string &path, const std::string &text, NetworkScan &scan) {
  const auto name = first_of(text, {"DEVICE"});
  const auto mac = normal_mac(first_of(text, {"HWADDR"}));
  const auto type = lower_case(first_of(text, {"TYPE", "DEVICETYPE"}));
  const auto card = first_of(text, {"PHYSDEV"});  // of a VLAN
  if (!card.empty()) scan.use(card, path);
  const bool is_virtual = !card.empty() || says_yes(text, "VLAN") ||
                          !first_of(text, {"BONDING_OPTS", "TEAM_CONFIG"}).empty() ||
                          (!type.empty() && type != "ethernet" && type != "teamport");
  if (is_virtual) return scan.is_virtual(name);
  if (!mac.empty()) scan.needs_mac(mac, path);
  if (!name.empty()) scan.use(name, path, mac);
}

void scan_suse(const std::string &name, const std::string &path, const std::string &text,
               NetworkScan &scan) {
  bool is_virtual = false;
  for (const char *kind : {"BONDING_MASTER", "BRIDGE", "VLAN"})
    if (says_yes(text, kind)) is_virtual = true;
  for (const auto line : lines(text)) {
    const auto variable = trimmed(line).substr(0, trimmed(line).find('='));
    const bool members = variable == "BRIDGE_PORTS" || variable == "ETHERDEVICE" ||
                         starts_with(variable, "BONDING_SLAVE");
    if (!members) continue;
    is_virtual = true;
    const auto value = shell_value(trimmed(line), variable);
    if (!value) continue;
    for (const auto member : words(*value)) scan.use(std::string(member), path);
  }
  if (!first_of(text, {"TUNNEL"}).empty()) is_virtual = true;
  if (is_virtual) return scan.is_virtual(name);
  scan.use(name, path);
}

}  // namespace

void scan_ifcfg(Guest &guest, NetworkScan &scan, const Log &log) {
  each_ifcfg(
      guest, "/etc/sysconfig/network-scripts", log,
      [&](const auto &, const auto &path, const auto &text) { scan_redhat(path, text, scan); });
  each_ifcfg(guest, "/etc/sysconfig/network", log,
             [&](const auto &name, const auto &path, const auto &text) {
               scan_suse(name, path, text, scan);
             });
}

}  // namespace v2v::linux
