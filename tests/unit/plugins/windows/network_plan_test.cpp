// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <network_plan.hpp>

#include <gmock/gmock.h>

namespace v2v::convert_windows {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using windows::MatchedAdapter;

constexpr auto mac = "00:0c:29:a4:6b:e1";

MatchedAdapter adapter(const std::string &guid) {
  MatchedAdapter matched;
  matched.mac = mac;
  matched.adapter.guid = guid;
  return matched;
}

MatchedAdapter fixed() {
  auto matched = adapter("{1}");
  matched.adapter.dhcp = false;
  matched.adapter.addresses = {{"192.0.2.10", 24}, {"192.0.2.11", 25}};
  matched.adapter.gateways = {{"192.0.2.1", 5}, {"192.0.2.254", std::nullopt}};
  matched.adapter.dns = {"192.0.2.53", "2001:db8::53"};
  matched.adapter.suffix = "example.com";
  matched.adapter.interface_metric = 20;
  return matched;
}

StaticAddress wanted(const std::string &address, unsigned prefix = 0) {
  StaticAddress one;
  one.mac = mac;
  one.address = address;
  one.prefix_length = prefix;
  return one;
}

TEST(NetworkPlan, AnOldAdaptersSettingsAreTheCards) {
  const auto cards = plan_cards({fixed()}, {});
  ASSERT_THAT(cards, SizeIs(1));
  const auto &card = cards[0];
  EXPECT_EQ(card.mac, mac);
  EXPECT_THAT(card.addresses, ElementsAre("192.0.2.10/24", "192.0.2.11/25"));
  ASSERT_THAT(card.gateways, SizeIs(2));
  EXPECT_EQ(card.gateways[0].address, "192.0.2.1");
  EXPECT_EQ(card.gateways[0].metric, 5u);
  EXPECT_EQ(card.gateways[1].metric, 0u);
  EXPECT_THAT(card.dns, ElementsAre("192.0.2.53", "2001:db8::53"));
  EXPECT_EQ(card.suffix, "example.com");
  EXPECT_EQ(card.metric, 20u);
  EXPECT_THAT(card.old_adapters, ElementsAre("{1}"));
}

TEST(NetworkPlan, DhcpNeedsNothingAndNameServersOfOnesOwnDo) {
  EXPECT_THAT(plan_cards({adapter("{1}")}, {}), IsEmpty());
  auto own = adapter("{1}");
  own.adapter.dns = {"192.0.2.53"};
  EXPECT_THAT(plan_cards({own}, {}), SizeIs(1));
  auto suffix = adapter("{1}");
  suffix.adapter.suffix = "example.com";
  EXPECT_THAT(plan_cards({suffix}, {}), SizeIs(1));
}

TEST(NetworkPlan, WhatTheUserWantsReplacesWhatTheGuestHad) {
  auto one = wanted("198.51.100.7", 25);
  one.gateway = "198.51.100.1";
  one.name_servers = {"198.51.100.2"};
  const auto cards = plan_cards({fixed()}, {one});
  ASSERT_THAT(cards, SizeIs(1));
  EXPECT_THAT(cards[0].addresses, ElementsAre("198.51.100.7/25"));
  ASSERT_THAT(cards[0].gateways, SizeIs(1));
  EXPECT_EQ(cards[0].gateways[0].address, "198.51.100.1");
  EXPECT_THAT(cards[0].dns, ElementsAre("198.51.100.2"));
  EXPECT_EQ(cards[0].suffix, "");
  // The old adapter has to give its address up all the same.
  EXPECT_THAT(cards[0].old_adapters, ElementsAre("{1}"));
}

TEST(NetworkPlan, TheCaseOfAMacSaysNothing) {
  auto one = wanted("198.51.100.7", 25);
  one.mac = "00:0C:29:A4:6B:E1";
  EXPECT_THAT(plan_cards({fixed()}, {one}), SizeIs(1));
}

TEST(NetworkPlan, SeveralWishesForOneCardAreOneCard) {
  const auto cards = plan_cards({}, {wanted("198.51.100.7"), wanted("2001:db8::7"), [] {
                                       auto other = wanted("203.0.113.7", 30);
                                       other.mac = "52:54:00:00:00:02";
                                       return other;
                                     }()});
  ASSERT_THAT(cards, SizeIs(2));
  EXPECT_THAT(cards[0].addresses, ElementsAre("198.51.100.7/24", "2001:db8::7/64"));
  EXPECT_THAT(cards[0].gateways, IsEmpty());
  EXPECT_THAT(cards[1].addresses, ElementsAre("203.0.113.7/30"));
}

}  // namespace
}  // namespace v2v::convert_windows
