// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/windows/network_settings.hpp>

#include "guest_hives.hpp"

#include <gmock/gmock.h>

namespace v2v::windows {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr auto set = "ControlSet001";
constexpr auto first_interface =
    "[ControlSet001\\Services\\Tcpip\\Parameters\\Interfaces\\{0e7a6b4c-1d0b-4d8c-9a52-"
    "0a1b2c3d4e01}]\n";

Nic nic(const std::string &mac) {
  Nic one;
  one.mac = mac;
  return one;
}

OldAdapter fixed(const std::string &name, const std::string &pnp_instance_id) {
  OldAdapter adapter;
  adapter.connection = name;
  adapter.pnp_instance_id = pnp_instance_id;
  adapter.dhcp = false;
  adapter.addresses = {{"192.0.2.10", 24}};
  adapter.gateways = {{"192.0.2.1", std::nullopt}};
  return adapter;
}

class NetworkSettingsTest : public testing::TestWithParam<WindowsVersion> {
 protected:
  const GuestHives guest_{GetParam()};
  Warnings warnings_;
};

TEST_P(NetworkSettingsTest, EverythingOfAStaticAdapterIsRead) {
  const auto adapters = old_adapters(guest_.read("SYSTEM"), set, warnings_.log);
  ASSERT_THAT(adapters, SizeIs(3)) << "the card of software is not one";
  const auto &one = adapters[0];
  EXPECT_EQ(one.guid, "{0E7A6B4C-1D0B-4D8C-9A52-0A1B2C3D4E01}");
  EXPECT_EQ(one.connection, "Ethernet0");
  EXPECT_EQ(one.description, "vmxnet3 Ethernet Adapter");
  EXPECT_EQ(one.pnp_instance_id,
            "PCI\\VEN_15AD&DEV_07B0&SUBSYS_07B015AD&REV_01\\FF290C00E16BA4FE00");
  EXPECT_FALSE(one.dhcp);
  ASSERT_THAT(one.addresses, SizeIs(2));
  EXPECT_EQ(one.addresses[0].address, "192.0.2.10");
  EXPECT_EQ(one.addresses[0].prefix, 24u);
  EXPECT_EQ(one.addresses[1].address, "192.0.2.11");
  EXPECT_EQ(one.addresses[1].prefix, 25u);
  ASSERT_THAT(one.gateways, SizeIs(1));
  EXPECT_EQ(one.gateways[0].address, "192.0.2.1");
  EXPECT_EQ(one.gateways[0].metric, 5u);
  EXPECT_THAT(one.dns, ElementsAre("192.0.2.53", "198.51.100.53", "2001:db8::53"));
  EXPECT_EQ(one.suffix, "corp.example.com");
  EXPECT_EQ(one.interface_metric, 20u);
  EXPECT_THAT(warnings_.all, IsEmpty());
}

TEST_P(NetworkSettingsTest, AnAdapterWithDhcpHasNoAddresses) {
  const auto adapters = old_adapters(guest_.read("SYSTEM"), set, warnings_.log);
  ASSERT_THAT(adapters, SizeIs(3));
  for (const std::size_t i : {1, 2}) {
    EXPECT_TRUE(adapters[i].dhcp);
    EXPECT_THAT(adapters[i].addresses, IsEmpty());
    EXPECT_THAT(adapters[i].dns, IsEmpty());
    EXPECT_EQ(adapters[i].interface_metric, std::nullopt);
  }
}

TEST_P(NetworkSettingsTest, CardsOfVMwareAreKnownByTheirMac) {
  const auto adapters = old_adapters(guest_.read("SYSTEM"), set, warnings_.log);
  const auto matched = match_adapters(
      adapters, {nic("00:0c:29:11:22:33"), nic(e1000e_mac), nic(vmxnet3_mac)}, warnings_.log);
  ASSERT_THAT(matched, SizeIs(2));
  EXPECT_EQ(matched[0].adapter.connection, "Ethernet0");
  EXPECT_EQ(matched[0].mac, vmxnet3_mac);
  EXPECT_EQ(matched[1].adapter.connection, "Ethernet1");
  EXPECT_EQ(matched[1].mac, e1000e_mac);
  EXPECT_THAT(warnings_.all, IsEmpty()) << "the third has nothing to be carried over";
}

INSTANTIATE_TEST_SUITE_P(Versions, NetworkSettingsTest, testing::ValuesIn(windows_versions()),
                         [](const auto &each) { return std::string(each.param.name); });

TEST(NetworkSettings, WhatMakesNoSenseIsLeftOutWithAWarning) {
  const GuestHives guest;
  guest.add("SYSTEM",
            first_interface + std::string(R"(IPAddress=m:192.0.2.10|1.2.3|10.0.0.1|10.0.0.2
SubnetMask=m:255.0.255.0|255.255.255.0|255.255.255.255
DefaultGateway=m:0.0.0.0|gateway
NameServer=s:192.0.2.53 $(calc),,::1
Domain=s:a'; calc; '
InterfaceMetric=d:0
)"));
  Warnings warnings;
  const auto one = old_adapters(guest.read("SYSTEM"), set, warnings.log).at(0);
  ASSERT_THAT(one.addresses, SizeIs(1));
  EXPECT_EQ(one.addresses[0].address, "10.0.0.1");
  EXPECT_EQ(one.addresses[0].prefix, 32u);
  EXPECT_THAT(one.gateways, IsEmpty());
  EXPECT_THAT(one.dns, ElementsAre("192.0.2.53", "::1", "2001:db8::53"));
  EXPECT_EQ(one.suffix, "");
  EXPECT_EQ(one.interface_metric, std::nullopt);
  EXPECT_THAT(warnings.all,
              ElementsAre(HasSubstr("192.0.2.10/255.0.255.0"), HasSubstr("1.2.3/255.255.255.0"),
                          HasSubstr("10.0.0.2/"), HasSubstr("gateway"), HasSubstr("$(calc)"),
                          HasSubstr("calc; ")));
}

TEST(NetworkSettings, NamesCannotDriveTheTerminal) {
  const GuestHives guest;
  guest.add("SYSTEM",
            "[ControlSet001\\Control\\Network\\{4D36E972-E325-11CE-BFC1-08002BE10318}\\"
            "{0E7A6B4C-1D0B-4D8C-9A52-0A1B2C3D4E01}\\Connection]\nName=s:a\x1b[2Jb\n");
  EXPECT_EQ(old_adapters(guest.read("SYSTEM"), set, {}).at(0).connection, "a?[2Jb");
}

TEST(MatchAdapters, TheMacThatWasSetInTheGuestCountsFirst) {
  auto adapter = fixed("LAN", "PCI\\X\\000C29FFFF3B8E5800");
  adapter.network_address = "02-AB-00-00-00-01";
  const auto matched = match_adapters({adapter}, {nic(e1000e_mac), nic("02:ab:00:00:00:01")}, {});
  ASSERT_THAT(matched, SizeIs(1));
  EXPECT_EQ(matched[0].mac, "02:ab:00:00:00:01");
}

TEST(MatchAdapters, ASerialNumberOfAnotherFormIsNoMac) {
  for (const std::string serial :
       {"000C29FFFF3B8E58", "000C29FF003B8E5800", "4&1F16FEF7&0&00A8", ""}) {
    Warnings warnings;
    EXPECT_THAT(match_adapters({fixed("LAN", "PCI\\X\\" + serial)},
                               {nic(e1000e_mac), nic(vmxnet3_mac)}, warnings.log),
                IsEmpty())
        << serial;
    EXPECT_THAT(warnings.all, ElementsAre(HasSubstr("192.0.2.10/24, gateway 192.0.2.1")));
  }
}

TEST(MatchAdapters, TwoCardsWithOneMacAreNotToldApart) {
  Warnings warnings;
  EXPECT_THAT(match_adapters({fixed("LAN", "PCI\\X\\000C29FFFF3B8E5800")},
                             {nic(e1000e_mac), nic("00:0C:29:3B:8E:58")}, warnings.log),
              IsEmpty());
  EXPECT_THAT(warnings.all, SizeIs(1));
}

TEST(MatchAdapters, TheLastOneIsTheLastCard) {
  const auto known = fixed("LAN", "PCI\\X\\000C29FFFF3B8E5800"), other = fixed("WAN", "XENVIF\\0");
  const auto matched =
      match_adapters({other, known}, {nic(e1000e_mac), nic("00:16:3e:00:00:01")}, {});
  ASSERT_THAT(matched, SizeIs(2));
  EXPECT_EQ(matched[0].adapter.connection, "WAN");
  EXPECT_EQ(matched[0].mac, "00:16:3e:00:00:01");
}

TEST(MatchAdapters, ACardWithoutAMacIsNobodys) {
  const Warnings warnings;
  EXPECT_THAT(match_adapters({fixed("LAN", "A")}, {nic("")}, warnings.log), IsEmpty());
  EXPECT_THAT(warnings.all, SizeIs(1));
  auto odd = fixed("LAN", "A");
  odd.network_address = "-";
  EXPECT_THAT(match_adapters({odd}, {nic("")}, {}), IsEmpty());
}

TEST(MatchAdapters, TwoLeftAreGuessedForNeither) {
  Warnings warnings;
  EXPECT_THAT(match_adapters({fixed("LAN", "A"), fixed("WAN", "B")}, {nic("00:16:3e:00:00:01")},
                             warnings.log),
              IsEmpty());
  EXPECT_THAT(warnings.all, ElementsAre(HasSubstr("\"LAN\""), HasSubstr("\"WAN\"")));
  EXPECT_THAT(match_adapters({fixed("LAN", "A")}, {}, {}), IsEmpty());
}

TEST(MatchAdapters, ACardAndWhatItOnceWasAreNotMixedUp) {
  Warnings warnings;
  auto before = fixed("LAN 1", "PCI\\VEN_8086&DEV_10D3\\000C29FFFFA46BE100");
  EXPECT_THAT(match_adapters({before, fixed("LAN 2", "PCI\\VEN_15AD\\FF290C00E16BA4FE00")},
                             {nic(vmxnet3_mac), nic("00:16:3e:00:00:01")}, warnings.log),
              IsEmpty());
  EXPECT_THAT(warnings.all, SizeIs(2));
}

}  // namespace
}  // namespace v2v::windows
