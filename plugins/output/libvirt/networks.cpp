// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "networks.hpp"

#include <v2v/text/printable.hpp>

#include <fmt/format.h>
#include <libvirt/virterror.h>

#include <filesystem>
#include <set>

namespace v2v::output_libvirt {
namespace {

std::string network_warning(const libvirt_client::Connection &connection, const std::string &name) {
  const libvirt_client::NetworkHandle network(
      virNetworkLookupByName(connection.get(), name.c_str()));
  const auto shown = text::printable(name);
  if (!network && libvirt_client::last_error_number() == VIR_ERR_NO_NETWORK)
    return fmt::format(
        "the target has no network \"{}\", without which the guest does not start; it has: {}; "
        "say which one is meant with --network",
        shown, libvirt_client::some_of(connection.network_names()));
  if (network && virNetworkIsActive(network.get()) == 0)
    return fmt::format(
        "the target's network \"{0}\" is not started, without which the guest does not start: "
        "virsh net-start '{0}'",
        shown);
  return {};
}

std::string bridge_warning(const libvirt_client::Connection &connection, const std::string &name,
                           bool remote) {
  bool there = true;
  if (remote) {
    const libvirt_client::InterfaceHandle interface(
        virInterfaceLookupByName(connection.get(), name.c_str()));
    there = interface || libvirt_client::last_error_number() != VIR_ERR_NO_INTERFACE;
  } else {
    std::error_code ignored;
    there =
        name.find('/') != name.npos || std::filesystem::exists("/sys/class/net/" + name, ignored);
  }
  if (there) return {};
  return fmt::format(
      "the target has no bridge \"{}\", without which the guest does not start; say which one is "
      "meant with --bridge",
      text::printable(name));
}

}  // namespace

std::vector<std::string> missing_networks(const libvirt_client::Connection &connection,
                                          const std::vector<Nic> &nics, bool remote) {
  std::set<std::pair<Nic::Type, std::string>> seen;
  std::vector<std::string> warnings;
  for (const Nic &nic : nics) {
    const auto name = nic.network.empty() ? "default" : nic.network;
    if (!seen.insert({nic.type, name}).second) continue;
    auto warning = nic.type == Nic::Type::bridge ? bridge_warning(connection, name, remote)
                                                 : network_warning(connection, name);
    if (!warning.empty()) warnings.push_back(std::move(warning));
  }
  return warnings;
}

}  // namespace v2v::output_libvirt
