// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// -b, -n and --mac: virt-v2v(1), "Networks and bridges".
#include "testing.hpp"

#include <gmock/gmock.h>

namespace v2v::host {
namespace {

constexpr Nic::Type network = Nic::Type::network, bridge = Nic::Type::bridge;

/// Where a card ends: "network NAME" or "bridge NAME".
std::string mapped(const std::vector<std::string> &arguments, Nic nic) {
  parse(arguments).networks.apply(nic);
  return (nic.type == bridge ? "bridge " : "network ") + nic.network;
}

Nic nic(Nic::Type type, const std::string &name, const std::string &mac = "") {
  return {type, mac, name, "", {}};
}

TEST(NetworkMap, NothingChangesWithoutAMap) {
  EXPECT_EQ(mapped({}, nic(network, "VM Network")), "network VM Network");
}

TEST(NetworkMap, ByNameThenByDefault) {
  const std::vector<std::string> maps = {"-n", "a:b", "--network", "rest"};
  EXPECT_EQ(mapped(maps, nic(network, "a")), "network b");
  EXPECT_EQ(mapped(maps, nic(network, "c")), "network rest");
  EXPECT_EQ(mapped({"-n", "a:b"}, nic(network, "c")), "network c");
}

TEST(NetworkMap, NetworksAndBridgesAreApart) {
  EXPECT_EQ(mapped({"-n", "x"}, nic(bridge, "br0")), "bridge br0");
  EXPECT_EQ(mapped({"-b", "x"}, nic(bridge, "br0")), "bridge x");
  EXPECT_EQ(mapped({"-b", "x"}, nic(network, "n")), "network n");
}

TEST(NetworkMap, AnEmptySideMeansTheDefault) {
  EXPECT_EQ(mapped({"-b", "x:"}, nic(bridge, "br0")), "bridge x");
  EXPECT_EQ(mapped({"-b", ":x"}, nic(bridge, "br0")), "bridge x");
}

TEST(NetworkMap, OnlyTheFirstColonSeparates) {
  EXPECT_EQ(mapped({"-n", "a:b:c"}, nic(network, "a")), "network b:c");
}

TEST(NetworkMap, ACardWithoutANameIsOnDefault) {
  EXPECT_EQ(mapped({"-n", "default:new"}, nic(network, "")), "network new");
}

TEST(NetworkMap, TheMacAddressWinsAndChangesTheType) {
  const std::vector<std::string> maps = {"-n", "a:b", "--mac", "00:11:22:33:44:Fe:bridge:br7"};
  EXPECT_EQ(mapped(maps, nic(network, "a", "00:11:22:33:44:fE")), "bridge br7");
  EXPECT_EQ(mapped(maps, nic(network, "a", "00:11:22:33:44:55")), "network b");
}

/// What is said of a card.
std::optional<std::string> warning(const std::vector<std::string> &arguments, Nic nic) {
  return parse(arguments).networks.apply(nic);
}

TEST(NetworkMap, ACardThatNoMappingIsForIsNamed) {
  const std::string mac = "00:0c:29:00:00:01";
  // Everything VMware exports is on a network, so this changes nothing.
  EXPECT_EQ(
      warning({"-b", "br0"}, nic(network, "VM Network", mac)),
      "no -n, -b or --mac is for the network card 00:0c:29:00:00:01, which stays on network "
      "‘VM Network’; -b is only for cards on a bridge, --mac 00:0c:29:00:00:01:bridge:NAME is "
      "for any");
  EXPECT_EQ(warning({"-n", "x"}, nic(bridge, "br0")),
            "no -n, -b or --mac is for the network card, which stays on bridge ‘br0’; -n is only "
            "for cards on a network, --mac MAC:network:NAME is for any");
  EXPECT_EQ(warning({"-n", "a:b"}, nic(network, "c", mac)),
            "no -n, -b or --mac is for the network card 00:0c:29:00:00:01, which stays on network "
            "‘c’");
  EXPECT_EQ(warning({"-n", "a:b"}, nic(network, "a", mac)), std::nullopt);
  EXPECT_EQ(warning({"-n", "b"}, nic(network, "a", mac)), std::nullopt);
  EXPECT_EQ(warning({"--mac", mac + ":bridge:b"}, nic(network, "a", mac)), std::nullopt);
  EXPECT_EQ(warning({}, nic(network, "a", mac)), std::nullopt);
}

TEST(NetworkMap, Mistakes) {
  const std::pair<std::vector<std::string>, const char *> cases[] = {
      {{"-b", "b1", "-b", "b1"},
       "duplicate -b/--bridge parameter.  Only one default mapping is allowed."},
      {{"-b", "b1:r1", "-b", "b1:r2"},
       "duplicate -b/--bridge parameter.  Duplicate mappings specified for bridge b1."},
      {{"-n", "n1", "-n", "n2"},
       "duplicate -n/--network parameter.  Only one default mapping is allowed."},
      {{"-n", "n1:r1", "-n", "n1:r2"},
       "duplicate -n/--network parameter.  Duplicate mappings specified for network n1."},
      {{"-n", ":"}, "invalid -n/--network parameter"},
      {{"-n", ""}, "invalid -n/--network parameter"},
      {{"--mac", "00:11"}, "cannot parse --mac \"00:11\" parameter"},
      {{"--mac", "00:11:22:33:44:55:network"},
       "cannot parse --mac \"00:11:22:33:44:55:network\" parameter"},
      {{"--mac", "00:11:22:33:44:aa:network:a", "--mac", "00:11:22:33:44:AA:bridge:b"},
       "duplicate --mac parameter.  Duplicate mappings specified for MAC address "
       "00:11:22:33:44:AA."},
      {{"--mac", "00:11:22:33:44:55:ip:zz"},
       "cannot parse --mac ip ipaddr: doesn’t look like “zz” is an IP address"},
      {{"--mac", "00:11:22:33:44:55:ip:1.2.3.4,gw"},
       "cannot parse --mac ip gw: doesn’t look like “gw” is an IP address"},
      {{"--mac", "00:11:22:33:44:55:ip:1.2.3.4,1.2.3.5,foo"},
       "cannot parse --mac ip prefix length field as an integer: foo"},
      {{"--mac", "00:11:22:33:44:55:ip:1.2.3.4,,33"},
       "--mac ip prefix length field is out of range"},
      {{"--mac", "00:11:22:33:44:55:ip:fd00::1,,129"},
       "--mac ip prefix length field is out of range"},
  };
  for (const auto &[words, text] : cases) EXPECT_EQ(parse_error(words).failure(), text);
}

TEST(NetworkMap, StaticAddressesAreKeptInOrderBesideTheNetwork) {
  const auto networks =
      parse({"--mac", "00:11:22:33:44:5E:ip:10.0.0.2,10.0.0.1,24,10.0.0.3,fd00::3", "--mac",
             "00:11:22:33:44:5e:ip:fd00::2", "--mac", "00:11:22:33:44:5e:bridge:br0"})
          .networks;
  ASSERT_EQ(networks.static_addresses().size(), 2u);
  const auto &first = networks.static_addresses()[0], &second = networks.static_addresses()[1];
  EXPECT_EQ(first.mac, "00:11:22:33:44:5e");
  EXPECT_EQ(first.address, "10.0.0.2");
  EXPECT_EQ(first.gateway, "10.0.0.1");
  EXPECT_EQ(first.prefix_length, 24u);
  EXPECT_EQ(first.name_servers, (std::vector<std::string>{"10.0.0.3", "fd00::3"}));
  EXPECT_EQ(second.address, "fd00::2");
  EXPECT_EQ(second.gateway, "");
  EXPECT_EQ(second.prefix_length, 0u);
}

}  // namespace
}  // namespace v2v::host
