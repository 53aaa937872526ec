// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "network_plan.hpp"

#include <v2v/text/characters.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace v2v::convert_windows {
namespace {

using windows::FirstBoot;
using windows::MatchedAdapter;
using windows::OldAdapter;

bool is_ipv6(const std::string &address) {
  return address.find(':') != std::string::npos;
}

/// Hexadecimal digits, which sources write in either case.
bool is_same_mac(const std::string &one, const std::string &other) {
  return text::lower(one) == text::lower(other);
}

FirstBoot::Card card_of(const MatchedAdapter &matched) {
  const OldAdapter &old = matched.adapter;
  FirstBoot::Card card;
  card.mac = matched.mac;
  for (const auto &[address, prefix] : old.addresses)
    card.addresses.push_back(fmt::format("{}/{}", address, prefix));
  for (const auto &[address, metric] : old.gateways)
    card.gateways.push_back({address, metric.value_or(0)});
  card.dns = old.dns;
  card.suffix = old.suffix;
  card.metric = old.interface_metric.value_or(0);
  card.old_adapters = {old.guid};
  return card;
}

/// Where the user gave no length it is that of the address's own network, as far as that can be known.
unsigned prefix_of(const StaticAddress &wanted) {
  if (wanted.prefix_length) return wanted.prefix_length;
  return is_ipv6(wanted.address) ? 64 : 24;
}

void add(FirstBoot::Card &card, const StaticAddress &wanted) {
  card.addresses.push_back(fmt::format("{}/{}", wanted.address, prefix_of(wanted)));
  if (!wanted.gateway.empty()) card.gateways.push_back({wanted.gateway, 0});
  card.dns.insert(card.dns.end(), wanted.name_servers.begin(), wanted.name_servers.end());
}

}  // namespace

std::vector<FirstBoot::Card> plan_cards(const std::vector<MatchedAdapter> &adapters,
                                        const std::vector<StaticAddress> &wanted) {
  std::vector<FirstBoot::Card> cards;
  for (const auto &one : wanted) {
    auto card = std::find_if(cards.begin(), cards.end(),
                             [&](const auto &other) { return is_same_mac(other.mac, one.mac); });
    if (card == cards.end()) {
      card = cards.insert(cards.end(), FirstBoot::Card{});
      card->mac = one.mac;
    }
    add(*card, one);
  }
  for (const auto &matched : adapters) {
    const auto given = std::find_if(cards.begin(), cards.end(), [&](const auto &card) {
      return is_same_mac(card.mac, matched.mac);
    });
    const auto &old = matched.adapter;
    if (given != cards.end())
      given->old_adapters.push_back(old.guid);
    else if (!old.addresses.empty() || !old.dns.empty() || !old.suffix.empty())
      cards.push_back(card_of(matched));
  }
  return cards;
}

}  // namespace v2v::convert_windows
