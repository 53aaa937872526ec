// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See network_scan.hpp: the result, and the readers of udev rules and of INI files
// (NetworkManager keyfiles, systemd-networkd).
#include "network_scan.hpp"

#include <v2v/linux/guest_path.hpp>
#include <v2v/linux/text_edit.hpp>

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <cctype>
#include <functional>

namespace v2v::linux {
namespace {

/// An INI file's values, the last one winning; keys are "section.key" in lower case. Lists over
/// several lines are joined with blanks, as systemd does.
std::map<std::string, std::string> read_ini(std::string_view text, bool join) {
  std::map<std::string, std::string> values;
  std::string section;
  for (const auto raw : lines(text)) {
    const auto line = trimmed(raw);
    if (line.empty() || line.front() == '#' || line.front() == ';') continue;
    if (line.front() == '[') {
      section = lower_case(line.substr(1, std::min(line.find(']'), line.size()) - 1));
      continue;
    }
    const auto equals = line.find('=');
    if (equals == std::string_view::npos) continue;
    auto &value = values[section + "." + lower_case(trimmed(line.substr(0, equals)))];
    const std::string here(trimmed(line.substr(equals + 1)));
    if (!join)
      value = here;
    else
      value += (value.empty() ? "" : " ") + here;
  }
  return values;
}

std::string get(const std::map<std::string, std::string> &values, const std::string &key) {
  const auto found = values.find(key);
  return found == values.end() ? std::string() : found->second;
}

/// Calls `visit` with each file of a directory whose name has the ending.
void each_file(Guest &guest, const std::string &directory, const char *ending, const Log &log,
               const std::function<void(const std::string &path, const std::string &text)> &visit) {
  for (const auto &name : guest.list(directory)) {
    if (!ends_with(name, ending)) continue;
    const auto path = join_path(directory, name);
    if (const auto text = read_config(guest, path, log)) visit(path, *text);
  }
}

/// The value in KEY=="value" or KEY="value" of a udev rule.
std::string rule_value(std::string_view rule, const std::string &start) {
  for (auto at = rule.find(start); at != std::string_view::npos; at = rule.find(start, at + 1)) {
    if (at > 0 && rule[at - 1] != ' ' && rule[at - 1] != ',' && rule[at - 1] != '\t') continue;
    const auto from = at + start.size();
    return std::string(rule.substr(from, rule.find('"', from) - from));
  }
  return {};
}

void scan_network_file(const std::string &path, const std::string &text, NetworkScan &scan) {
  const auto values = read_ini(text, true);
  std::vector<std::string> macs;
  for (const char *key : {"match.macaddress", "match.permanentmacaddress"}) {
    const auto value = get(values, key);
    for (const auto word : words(value))
      if (auto mac = normal_mac(word); !mac.empty()) macs.push_back(std::move(mac));
  }
  for (const auto &mac : macs) scan.needs_mac(mac, path);
  const auto names = get(values, "match.name");
  for (const auto word : words(names)) {
    const std::string name(word);
    if (name.front() == '!') break;
    // The name has to fit even where the address does.
    if (!is_pattern(name))
      scan.use(name, path, macs.size() == 1 ? macs.front() : std::string());
    else if (macs.empty())
      scan.use_pattern(name, path);
  }
  for (const char *key : {"path", "driver"})
    scan.needs_hardware(key, get(values, std::string("match.") + key), path);
}

void scan_link_file(const std::string &text, NetworkScan &scan) {
  const auto values = read_ini(text, true);
  const auto name = get(values, "link.name");
  if (name.empty()) return;
  std::string mac = normal_mac(get(values, "match.macaddress"));
  if (mac.empty()) mac = normal_mac(get(values, "match.permanentmacaddress"));
  if (!mac.empty())
    scan.bound(name, mac);
  else if (!get(values, "match.path").empty() || !get(values, "match.driver").empty())
    scan.misbound(name);
}

void scan_keyfile(const std::string &path, const std::string &text, NetworkScan &scan) {
  const auto values = read_ini(text, false);
  const auto type = get(values, "connection.type");
  const auto name = get(values, "connection.interface-name");
  for (const char *kind : {"vlan", "macvlan", "vxlan", "ip-tunnel", "pppoe"})
    scan.use(get(values, std::string(kind) + ".parent"), path);
  if (type != "ethernet" && type != "802-3-ethernet") {
    scan.is_virtual(name);
    return;
  }
  std::string mac = normal_mac(get(values, "ethernet.mac-address"));
  if (mac.empty()) mac = normal_mac(get(values, "802-3-ethernet.mac-address"));
  if (!mac.empty()) scan.needs_mac(mac, path);
  if (!name.empty()) scan.use(name, path, mac);
  auto patterns = get(values, "match.interface-name");
  std::replace(patterns.begin(), patterns.end(), ';', ' ');
  for (const auto word : words(patterns)) {
    const std::string pattern(word);
    if (is_pattern(pattern))
      scan.use_pattern(pattern, path);
    else if (pattern.front() != '!' && pattern.front() != '&' && pattern.front() != '|')
      scan.use(pattern, path);
  }
}

}  // namespace

void NetworkScan::use(const std::string &name, const std::string &file, const std::string &mac) {
  const auto card = name.substr(0, name.find_first_of(":."));
  if (!valid_interface_name(card) || card == "lo") return;
  if (card != name) is_virtual(name);
  auto &entry = uses_[card];
  if (entry.file.empty()) entry.file = file;
  if (entry.mac.empty()) entry.mac = mac;
}

void NetworkScan::use_pattern(const std::string &pattern, const std::string &file) {
  patterns_.emplace(pattern, file);
}

void NetworkScan::needs_mac(const std::string &mac, const std::string &file) {
  macs_.emplace(mac, file);
}

void NetworkScan::needs_hardware(const char *what, const std::string &value,
                                 const std::string &file) {
  const auto parts = words(value);
  if (parts.empty() || parts.front().front() == '!') return;
  // What the new cards have as well.
  const bool fits = std::any_of(parts.begin(), parts.end(), [&](std::string_view part) {
    const std::string pattern(part);
    return fnmatch(pattern.c_str(), "virtio_net", 0) == 0 || part == "*";
  });
  if (!fits)
    problems_.push_back(
        fmt::format("{} matches network cards by {} \"{}\", which the new hardware does not have; "
                    "change it to the MAC address",
                    file, what, value));
}

void NetworkScan::bound(const std::string &name, const std::string &mac) {
  if (valid_interface_name(name)) bindings_.emplace(name, mac);
}

std::map<std::string, NetworkScan::Use> NetworkScan::names() const {
  auto result = uses_;
  for (const auto &name : virtuals_) result.erase(name);
  return result;
}

std::string normal_mac(std::string_view text) {
  std::string digits;
  for (const char c : trimmed(text)) {
    if (std::isxdigit(static_cast<unsigned char>(c)))
      digits += c;
    else if (c != ':' && c != '-' && c != '.' && c != '"' && c != '\'')
      return {};
  }
  if (digits.size() != 12) return {};
  std::string mac;
  for (std::size_t i = 0; i < 12; i += 2) mac += (i ? ":" : "") + lower_case(digits.substr(i, 2));
  return mac;
}

bool valid_interface_name(std::string_view name) {
  constexpr std::size_t longest = 15;  // IFNAMSIZ without its end
  return !name.empty() && name.size() <= longest && name != "." && name != ".." &&
         std::all_of(name.begin(), name.end(), [](unsigned char c) {
           return std::isalnum(c) || c == '_' || c == '-' || c == '.';
         });
}

bool is_pattern(std::string_view name) {
  return name.find_first_of("*?[") != std::string_view::npos;
}

void scan_network_manager(Guest &guest, NetworkScan &scan, const Log &log) {
  each_file(guest, "/etc/NetworkManager/system-connections", "", log,
            [&](const auto &path, const auto &text) { scan_keyfile(path, text, scan); });
}

void scan_networkd(Guest &guest, NetworkScan &scan, const Log &log) {
  const std::string directory = "/etc/systemd/network";
  each_file(guest, directory, ".netdev", log, [&](const auto &, const auto &text) {
    scan.is_virtual(get(read_ini(text, true), "netdev.name"));
  });
  each_file(guest, directory, ".network", log,
            [&](const auto &path, const auto &text) { scan_network_file(path, text, scan); });
  each_file(guest, directory, ".link", log,
            [&](const auto &, const auto &text) { scan_link_file(text, scan); });
}

void scan_udev_rules(Guest &guest, NetworkScan &scan, const Log &log) {
  each_file(guest, "/etc/udev/rules.d", ".rules", log, [&](const auto &, const auto &text) {
    for (const auto line : lines(text)) {
      const auto rule = trimmed(line);
      const auto name = rule_value(rule, "NAME=\"");
      if (starts_with(rule, "#") || name.empty()) continue;
      auto mac = normal_mac(rule_value(rule, "ATTR{address}==\""));
      if (mac.empty()) mac = normal_mac(rule_value(rule, "ATTRS{address}==\""));
      const auto driver = rule_value(rule, "DRIVERS==\"");
      // All that a rule asks for has to fit.
      if (!rule_value(rule, "KERNELS==\"").empty() ||
          !rule_value(rule, "ENV{ID_PATH}==\"").empty() || (!driver.empty() && driver != "?*"))
        scan.misbound(name);
      else if (!mac.empty())
        scan.bound(name, mac);
    }
  });
}

}  // namespace v2v::linux
