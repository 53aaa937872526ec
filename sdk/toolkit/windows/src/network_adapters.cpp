// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/windows/network_settings.hpp>

#include <arpa/inet.h>
#include <v2v/text/characters.hpp>
#include <v2v/text/printable.hpp>

#include <algorithm>
#include <charconv>
#include <map>

namespace v2v::windows {
namespace {

constexpr const char *network_class = "{4D36E972-E325-11CE-BFC1-08002BE10318}";

bool is_address(const std::string &text, int family) {
  unsigned char bytes[sizeof(in6_addr)];
  return ::inet_pton(family, text.c_str(), bytes) == 1;
}

/// Of a mask in which no one follows a zero.
std::optional<unsigned> prefix_length(const std::string &mask) {
  in_addr bytes{};
  if (::inet_pton(AF_INET, mask.c_str(), &bytes) != 1) return std::nullopt;
  const std::uint32_t ones = ntohl(bytes.s_addr), zeros = ~ones;
  if ((zeros & (zeros + 1)) != 0) return std::nullopt;
  unsigned length = 0;
  for (std::uint32_t rest = ones; rest != 0; rest <<= 1) ++length;
  return length;
}

/// Zero is "automatic".
std::optional<unsigned> metric(const std::string &text) {
  unsigned number = 0;
  const auto end = text.data() + text.size();
  const auto [rest, problem] = std::from_chars(text.data(), end, number);
  return problem == std::errc{} && rest == end && number != 0 ? std::optional(number)
                                                              : std::nullopt;
}

bool is_domain(const std::string &name) {
  return !name.empty() && name.size() <= 253 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_';
  });
}

std::string shown(const Hive &hive, std::optional<Hive::Key> key, const std::string &name) {
  return key ? text::printable(hive.text(*key, name).value_or("")) : std::string{};
}

/// Devices that the system makes by itself and not for hardware.
bool is_software(const std::string &pnp_instance_id) {
  const auto small = text::lower(pnp_instance_id);
  for (const std::string bus : {"root\\", "sw\\", "swd\\", "compositebus\\", "{5d624f94-"})
    if (small.compare(0, bus.size(), bus) == 0) return true;
  return false;
}

class Reader {
 public:
  Reader(const Hive &system, const std::string &control_set, const text::Log &log)
      : system_(system), set_(control_set + '\\'), log_(log) {}

  std::vector<OldAdapter> read() const {
    const auto drivers = drivers_by_guid();
    const auto connections = system_.find(set_ + "Control\\Network\\" + network_class);
    std::vector<OldAdapter> all;
    if (!connections) return all;
    for (const auto key : system_.children(*connections)) {
      const auto connection = system_.find(key, "Connection");
      if (!connection) continue;
      OldAdapter adapter;
      adapter.guid = text::printable(system_.key_name(key));
      adapter.connection = shown(system_, connection, "Name");
      adapter.pnp_instance_id = shown(system_, connection, "PnPInstanceID");
      if (is_software(adapter.pnp_instance_id)) continue;
      if (const auto driver = drivers.find(text::lower(adapter.guid)); driver != drivers.end()) {
        adapter.description = shown(system_, driver->second, "DriverDesc");
        adapter.network_address = shown(system_, driver->second, "NetworkAddress");
      }
      if (const auto ip = interface("Tcpip", adapter)) read_ip(*ip, adapter);
      if (const auto ip = interface("Tcpip6", adapter)) read_dns(*ip, adapter);
      all.push_back(std::move(adapter));
    }
    return all;
  }

 private:
  std::map<std::string, Hive::Key> drivers_by_guid() const {
    std::map<std::string, Hive::Key> drivers;
    if (const auto keys = system_.find(set_ + "Control\\Class\\" + network_class))
      for (const auto key : system_.children(*keys))
        if (const auto guid = system_.text(key, "NetCfgInstanceId"))
          drivers.emplace(text::lower(*guid), key);
    return drivers;
  }

  std::optional<Hive::Key> interface(const std::string &service, const OldAdapter &adapter) const {
    return system_.find(set_ + "Services\\" + service + "\\Parameters\\Interfaces\\" +
                        adapter.guid);
  }

  void left_out(const OldAdapter &adapter, const std::string &what,
                const std::string &value) const {
    log_.warning(system_.name() + ": the " + what + " \"" + text::printable(value) +
                 "\" of the network connection \"" + adapter.connection +
                 "\" makes no sense and is left out");
  }

  void read_ip(Hive::Key key, OldAdapter &adapter) const {
    adapter.dhcp = system_.number(key, "EnableDHCP").value_or(1) != 0;
    if (!adapter.dhcp) {
      read_addresses(key, adapter);
      read_gateways(key, adapter);
    }
    read_dns(key, adapter);
    const auto suffix = system_.text(key, "Domain").value_or("");
    if (is_domain(suffix))
      adapter.suffix = suffix;
    else if (!suffix.empty())
      left_out(adapter, "DNS suffix", suffix);
    if (const auto number = system_.number(key, "InterfaceMetric").value_or(0); number != 0)
      adapter.interface_metric = number;
  }

  void read_addresses(Hive::Key key, OldAdapter &adapter) const {
    const auto addresses = system_.texts(key, "IPAddress").value_or(std::vector<std::string>{});
    const auto masks = system_.texts(key, "SubnetMask").value_or(std::vector<std::string>{});
    for (std::size_t i = 0; i < addresses.size(); ++i) {
      if (addresses[i] == "0.0.0.0") continue;  // what stands there while it has none
      const auto mask = i < masks.size() ? masks[i] : "";
      const auto prefix = prefix_length(mask);
      if (is_address(addresses[i], AF_INET) && prefix)
        adapter.addresses.push_back({addresses[i], *prefix});
      else
        left_out(adapter, "address", addresses[i] + '/' + mask);
    }
  }

  void read_gateways(Hive::Key key, OldAdapter &adapter) const {
    const auto gateways = system_.texts(key, "DefaultGateway").value_or(std::vector<std::string>{});
    const auto metrics =
        system_.texts(key, "DefaultGatewayMetric").value_or(std::vector<std::string>{});
    for (std::size_t i = 0; i < gateways.size(); ++i) {
      if (gateways[i] == "0.0.0.0") continue;
      if (is_address(gateways[i], AF_INET))
        adapter.gateways.push_back({gateways[i], metric(i < metrics.size() ? metrics[i] : "")});
      else
        left_out(adapter, "gateway", gateways[i]);
    }
  }

  /// Separated by commas, in Windows 2000 and XP also by spaces.
  void read_dns(Hive::Key key, OldAdapter &adapter) const {
    const auto list = system_.text(key, "NameServer").value_or("");
    for (std::size_t start = 0; start < list.size();) {
      const auto end = std::min(list.find_first_of(", ", start), list.size());
      const auto server = list.substr(start, end - start);
      if (is_address(server, AF_INET) || is_address(server, AF_INET6))
        adapter.dns.push_back(server);
      else if (!server.empty())
        left_out(adapter, "name server", server);
      start = end + 1;
    }
  }

  const Hive &system_;
  const std::string set_;
  const text::Log &log_;
};

}  // namespace

std::vector<OldAdapter> old_adapters(const Hive &system, const std::string &control_set,
                                     const text::Log &log) {
  return Reader(system, control_set, log).read();
}

}  // namespace v2v::windows
