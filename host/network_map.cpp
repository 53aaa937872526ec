// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "network_map.hpp"

#include "option_values.hpp"

#include <v2v/error.hpp>

#include <fmt/format.h>
#include <boost/algorithm/string.hpp>

#include <arpa/inet.h>

#include <regex>

namespace v2v::host {
namespace {

bool is_address(const std::string &text) {
  in6_addr parsed;
  return inet_pton(AF_INET, text.c_str(), &parsed) == 1 ||
         inet_pton(AF_INET6, text.c_str(), &parsed) == 1;
}

std::string address(const char *field, const std::string &text) {
  if (is_address(text)) return text;
  throw usage(fmt::format("cannot parse --mac ip {}: doesn’t look like “{}” is an IP address",
                          field, text));
}

unsigned prefix_length(const std::string &text, const std::string &address) {
  if (text.empty()) return 0;
  if (text.size() > 3 || text.find_first_not_of("0123456789") != std::string::npos)
    throw usage("cannot parse --mac ip prefix length field as an integer: " + text);
  const int length = std::stoi(text);
  if (length < 1 || length > (address.find(':') == std::string::npos ? 32 : 128))
    throw usage("--mac ip prefix length field is out of range");
  return static_cast<unsigned>(length);
}

/// IP[,gateway[,prefix length[,name server…]]]
StaticAddress static_address(const std::string &mac, const std::string &text) {
  std::vector<std::string> fields;
  boost::split(fields, text, boost::is_any_of(","));
  StaticAddress made;
  made.mac = boost::to_lower_copy(mac);
  made.address = address("ipaddr", fields[0]);
  if (fields.size() > 1 && !fields[1].empty()) made.gateway = address("gw", fields[1]);
  if (fields.size() > 2) made.prefix_length = prefix_length(fields[2], made.address);
  for (std::size_t i = 3; i < fields.size(); ++i)
    made.name_servers.push_back(address("nameserver", fields[i]));
  return made;
}

}  // namespace

void NetworkMap::add(Names &names, const std::string &text, const std::string &option,
                     const std::string &noun) {
  const auto colon = text.find(':');
  const std::string in = text.substr(0, colon);
  const std::string out = colon == std::string::npos ? "" : text.substr(colon + 1);
  if (in.empty() && out.empty())
    throw usage(fmt::format("invalid {} parameter", option),
                fmt::format("give a {0}'s name, or in:out with the {0}'s old and new name", noun));
  if (in.empty() || out.empty()) {
    if (names.others)
      throw usage(
          fmt::format("duplicate {} parameter.  Only one default mapping is allowed.", option));
    names.others = in.empty() ? out : in;
  } else if (!names.by_name.emplace(in, out).second) {
    throw usage(fmt::format("duplicate {} parameter.  Duplicate mappings specified for {} {}.",
                            option, noun, in));
  }
}

void NetworkMap::add_bridge(const std::string &text) {
  add(bridges_, text, "-b/--bridge", "bridge");
}

void NetworkMap::add_network(const std::string &text) {
  add(networks_, text, "-n/--network", "network");
}

void NetworkMap::add_mac(const std::string &text) {
  static const std::regex form("((?:[0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}):(network|bridge|ip):(.*)");
  std::smatch match;
  if (!std::regex_match(text, match, form))
    throw usage(fmt::format("cannot parse --mac \"{}\" parameter", text),
                "write MAC:network:NAME, MAC:bridge:NAME or MAC:ip:ADDRESS[,GATEWAY[,PREFIX[,NAME "
                "SERVER…]]]");
  const std::string mac = match[1], kind = match[2], rest = match[3];
  if (kind == "ip") {
    static_addresses_.push_back(static_address(mac, rest));
    return;
  }
  const Place place{kind == "bridge" ? Nic::Type::bridge : Nic::Type::network, rest};
  if (!by_mac_.emplace(boost::to_lower_copy(mac), place).second)
    throw usage(fmt::format(
        "duplicate --mac parameter.  Duplicate mappings specified for MAC address {}.", mac));
}

std::optional<std::string> NetworkMap::left_alone(const Nic &nic, const std::string &name) const {
  if (bridges_.empty() && networks_.empty() && by_mac_.empty()) return std::nullopt;
  const bool on_bridge = nic.type == Nic::Type::bridge;
  std::string text =
      fmt::format("no -n, -b or --mac is for the network card{}, which stays on {} ‘{}’",
                  nic.mac.empty() ? "" : " " + nic.mac, on_bridge ? "bridge" : "network", name);
  if (!(on_bridge ? networks_ : bridges_).empty())
    text += fmt::format("; {0} is only for cards on a {1}, --mac {2}:{1}:NAME is for any",
                        on_bridge ? "-n" : "-b", on_bridge ? "network" : "bridge",
                        nic.mac.empty() ? "MAC" : nic.mac);
  return text;
}

std::optional<std::string> NetworkMap::apply(Nic &nic) const {
  if (const auto place = by_mac_.find(boost::to_lower_copy(nic.mac)); place != by_mac_.end()) {
    nic.type = place->second.type;
    nic.network = place->second.name;
    return std::nullopt;
  }
  const Names &names = nic.type == Nic::Type::bridge ? bridges_ : networks_;
  // plugin.h: a card without a network's name is on "default".
  const std::string name = nic.network.empty() ? "default" : nic.network;
  if (const auto mapped = names.by_name.find(name); mapped != names.by_name.end())
    nic.network = mapped->second;
  else if (names.others)
    nic.network = *names.others;
  else
    return left_alone(nic, name);
  return std::nullopt;
}

}  // namespace v2v::host
