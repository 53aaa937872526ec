// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Which name belongs to which card, decided without a guest.
#include "network_plan.hpp"
#include "system_fixture.hpp"

#include <algorithm>

using namespace v2v;
using namespace v2v::linux;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

namespace {

constexpr char kA[] = "00:50:56:00:00:0a", kB[] = "00:50:56:00:00:0b", kC[] = "00:50:56:00:00:0c";

std::vector<std::string> pins(const NetworkPlan &plan) {
  std::vector<std::string> result;
  for (const auto &pin : plan.pins) result.push_back(pin.name + "=" + pin.mac);
  return result;
}

NetworkPlan plan(const NetworkScan &scan, std::initializer_list<const char *> macs,
                 bool predictable = true) {
  return plan_network(scan, source_with_macs(macs).nics, predictable);
}

NetworkScan using_names(std::initializer_list<const char *> names) {
  NetworkScan scan;
  for (const char *name : names) scan.use(name, "/etc/network/interfaces");
  return scan;
}

TEST(NetworkPlan, SlotOrderIsVmwares) {
  std::vector<std::string> names{"ens193", "ens256", "ens33",  "ens161",
                                 "ens192", "ens160", "ens224", "eno1"};
  std::sort(names.begin(), names.end(), slot_order);
  EXPECT_THAT(names, ElementsAre("eno1", "ens33", "ens160", "ens192", "ens224", "ens256", "ens161",
                                 "ens193"));
}

TEST(NetworkPlan, OneCard) {
  EXPECT_THAT(pins(plan(using_names({"ens192"}), {kA})), ElementsAre(std::string("ens192=") + kA));
  // With no address, or no list of cards at all, the driver tells.
  EXPECT_THAT(pins(plan(using_names({"ens192"}), {""})), ElementsAre("ens192="));
  EXPECT_THAT(pins(plan(using_names({"ens192"}), {})), ElementsAre("ens192="));
}

TEST(NetworkPlan, SlotsSayWhichCardIsWhich) {
  auto nics = source_with_macs({kA, kB, kC}).nics;
  nics[0].pci_slot = 224;
  nics[1].pci_slot = 192;
  nics[2].pci_slot = 161;
  const auto result = plan_network(using_names({"ens192", "ens224"}), nics, true);
  EXPECT_THAT(pins(result), ElementsAre(std::string("ens192=") + kB, std::string("ens224=") + kA));
  EXPECT_THAT(result.warnings, IsEmpty());
}

TEST(NetworkPlan, AliasesAndVlansAreTheirCard) {
  const auto result = plan(using_names({"ens192", "ens192:1", "ens192.100", "lo"}), {kA});
  EXPECT_THAT(pins(result), ElementsAre(std::string("ens192=") + kA));
}

TEST(NetworkPlan, NothingUsedNothingDone) {
  const auto result = plan({}, {kA, kB});
  EXPECT_THAT(result.pins, IsEmpty());
  EXPECT_THAT(result.warnings, IsEmpty());
}

TEST(NetworkPlan, AsManyNamesAsCardsGoByOrderAndSaySo) {
  const auto result = plan(using_names({"ens161", "ens224", "ens192"}), {kA, kB, kC});
  EXPECT_THAT(pins(result), ElementsAre(std::string("ens192=") + kA, std::string("ens224=") + kB,
                                        std::string("ens161=") + kC));
  EXPECT_THAT(result.notes, SizeIs(3));
}

TEST(NetworkPlan, WhatCannotBeToldIsAWarning) {
  for (const auto &result :
       {plan(using_names({"ens192"}), {kA, kB}), plan(using_names({"ens160", "ens192"}), {kA}),
        plan(using_names({"ens160", "ens192"}), {"", ""}),
        plan(using_names({"ens160", "ens192"}), {})}) {
    EXPECT_THAT(result.pins, IsEmpty());
    EXPECT_THAT(result.warnings, ElementsAre(HasSubstr("MACAddress=")));
    EXPECT_THAT(result.warnings[0], HasSubstr("ens192"));
  }
}

TEST(NetworkPlan, StatedAddressesComeFirst) {
  NetworkScan scan;
  scan.use("ens160", "f", kB);
  scan.use("ens192", "f");
  EXPECT_THAT(pins(plan(scan, {kA, kB})),
              ElementsAre(std::string("ens160=") + kB, std::string("ens192=") + kA));
  // An address that no card has is a wish for the future (hwaddress), not a fact.
  NetworkScan wish;
  wish.use("ens160", "f", kC);
  EXPECT_THAT(pins(plan(wish, {kA})), ElementsAre(std::string("ens160=") + kA));
}

TEST(NetworkPlan, NameThatIsAnAddress) {
  EXPECT_THAT(pins(plan(using_names({"enx00505600000b", "ens192"}), {kA, kB})),
              ElementsAre(std::string("enx00505600000b=") + kB, std::string("ens192=") + kA));
}

TEST(NetworkPlan, BoundCardsAreTaken) {
  NetworkScan scan = using_names({"lan0", "ens224"});
  scan.bound("lan0", kA);
  EXPECT_THAT(pins(plan(scan, {kA, kB})), ElementsAre(std::string("ens224=") + kB));
  // A leftover name when every card has one.
  EXPECT_THAT(plan(scan, {kA}).pins, IsEmpty());
  EXPECT_THAT(plan(scan, {kA}).warnings, IsEmpty());
}

TEST(NetworkPlan, CardsMatchedByAddressAreTaken) {
  NetworkScan scan = using_names({"ens224"});
  scan.needs_mac(kA, "/etc/netplan/x.yaml");
  EXPECT_THAT(pins(plan(scan, {kA, kB})), ElementsAre(std::string("ens224=") + kB));
}

TEST(NetworkPlan, ReliedAddressThatWillBeLostIsAWarning) {
  NetworkScan scan;
  scan.needs_mac(kA, "/etc/netplan/x.yaml");
  EXPECT_THAT(plan(scan, {""}).warnings, ElementsAre(HasSubstr(kA)));
  EXPECT_THAT(plan(scan, {kA}).warnings, IsEmpty());
  EXPECT_THAT(plan(scan, {kB}).warnings, IsEmpty());
}

TEST(NetworkPlan, RuleForTheOnlyCardIsNotLostWithItsAddress) {
  NetworkScan scan = using_names({"eth0"});
  scan.bound("eth0", kA);
  EXPECT_THAT(pins(plan(scan, {""}, false)), ElementsAre("eth0="));
  EXPECT_THAT(plan(scan, {""}, false).warnings, IsEmpty());
  EXPECT_THAT(plan(scan, {kA}, false).pins, IsEmpty());
  // One of two, nobody knows which.
  EXPECT_THAT(plan(scan, {"", ""}, false).pins, IsEmpty());
  EXPECT_THAT(plan(scan, {"", ""}, false).warnings, ElementsAre(HasSubstr(kA)));
  // Where the configuration itself asks for the address, a name does not help.
  scan.needs_mac(kA, "f");
  EXPECT_THAT(plan(scan, {""}, false).warnings, ElementsAre(HasSubstr(kA)));
}

TEST(NetworkPlan, RuleByPlaceIsReplaced) {
  NetworkScan scan = using_names({"lan0"});
  EXPECT_THAT(plan(scan, {kA}).pins, IsEmpty());
  scan.misbound("lan0");
  EXPECT_THAT(pins(plan(scan, {kA})), ElementsAre(std::string("lan0=") + kA));
}

TEST(NetworkPlan, NamesOfDifferentKindsHaveNoOrder) {
  NetworkScan scan = using_names({"lan0", "ens192"});
  scan.misbound("lan0");
  EXPECT_THAT(plan(scan, {kA, kB}).pins, IsEmpty());
  EXPECT_THAT(plan(scan, {kA, kB}).warnings, SizeIs(1));
}

TEST(NetworkPlan, KernelNamesStayWhereUdevLeavesThem) {
  EXPECT_THAT(plan(using_names({"eth0", "eth1"}), {kA, kB}, false).pins, IsEmpty());
  // Xen's cards are eth0 even where udev renames others.
  EXPECT_THAT(pins(plan(using_names({"eth0"}), {kA}, true)),
              ElementsAre(std::string("eth0=") + kA));
}

TEST(NetworkPlan, LeftoversOfTheOtherKindAreIgnored) {
  EXPECT_THAT(pins(plan(using_names({"eth0", "ens192"}), {kA}, true)),
              ElementsAre(std::string("ens192=") + kA));
  EXPECT_THAT(plan(using_names({"eth0", "ens192"}), {kA}, false).pins, IsEmpty());
}

TEST(NetworkPlan, BondAndBridgeAreNoCards) {
  NetworkScan scan = using_names({"bond0", "ens160", "ens192", "ens999"});
  scan.is_virtual("ens999");
  EXPECT_THAT(pins(plan(scan, {kA, kB})),
              ElementsAre(std::string("ens160=") + kA, std::string("ens192=") + kB));
}

TEST(NetworkPlan, PatternsThatNoLongerMatch) {
  NetworkScan scan;
  scan.use_pattern("ens*", "f");
  EXPECT_THAT(pins(plan(scan, {kA, kB})),
              ElementsAre(std::string("ens160=") + kA, std::string("ens192=") + kB));
  EXPECT_THAT(pins(plan(scan, {""})), ElementsAre("ens160="));
  EXPECT_THAT(plan(scan, {"", ""}).warnings, ElementsAre(HasSubstr("ens*")));
  scan.use_pattern("en*", "f");
  EXPECT_THAT(plan(scan, {kA}).pins, IsEmpty());
  NetworkScan containers;
  containers.use_pattern("veth*", "f");
  EXPECT_THAT(plan(containers, {kA}).pins, IsEmpty());
  EXPECT_THAT(plan(containers, {kA}).warnings, IsEmpty());
}

TEST(NetworkPlan, PatternsForTheCardsThatNoNameIsFor) {
  NetworkScan scan = using_names({"ens160"});
  scan.use("ens160", "f", kA);
  scan.use_pattern("ens*", "f");
  EXPECT_THAT(pins(plan(scan, {kA, kB})),
              ElementsAre(std::string("ens160=") + kA, std::string("ens192=") + kB));
  // No card is left: the one that is there has been told by its address.
  NetworkScan matched;
  matched.needs_mac(kA, "f");
  matched.use_pattern("ens*", "f");
  EXPECT_THAT(plan(matched, {kA}).pins, IsEmpty());
}

}  // namespace
