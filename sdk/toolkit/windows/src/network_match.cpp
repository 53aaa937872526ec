// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// VMware's PCI Express cards have a serial number made of the MAC address in the way of an EUI-64 (three
// bytes, FF, FF or FE, three bytes), and Windows takes it as the instance id: "000C29FFFF3B8E5800". Those of
// vmxnet3 come with the bytes of each half turned round: "FF290C00E16BA4FE00". Which of the two it is
// does not show, so both readings are tried and only one that is a MAC address of the source counts.
#include <v2v/windows/network_settings.hpp>

#include <v2v/text/characters.hpp>

#include <algorithm>
#include <cctype>

namespace v2v::windows {
namespace {

/// "000c293b8e58" of any way to write a MAC address.
std::string digits(const std::string &mac) {
  std::string all;
  for (const char c : text::lower(mac))
    if (c != ':' && c != '-' && c != '.') all += c;
  return all;
}

/// The MAC addresses that the end of an instance id may stand for.
std::vector<std::string> readings(const std::string &pnp_instance_id) {
  auto serial = text::lower(pnp_instance_id.substr(pnp_instance_id.rfind('\\') + 1));
  if (serial.size() != 18 ||
      !std::all_of(serial.begin(), serial.end(), [](unsigned char c) { return std::isxdigit(c); }))
    return {};
  serial.resize(16);
  std::string turned;
  for (const std::size_t byte : {3, 2, 1, 0, 7, 6, 5, 4}) turned += serial.substr(2 * byte, 2);
  std::vector<std::string> macs;
  for (const auto &eui : {serial, turned}) {
    const auto middle = eui.substr(6, 4);
    if (middle == "ffff" || middle == "fffe") macs.push_back(eui.substr(0, 6) + eui.substr(10));
  }
  return macs;
}

/// The one card with one of the addresses.
std::optional<std::size_t> card_with(const std::vector<std::string> &macs,
                                     const std::vector<Nic> &nics) {
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < nics.size(); ++i) {
    const auto mac = digits(nics[i].mac);
    if (mac.empty() || std::find(macs.begin(), macs.end(), mac) == macs.end()) continue;
    if (found) return std::nullopt;
    found = i;
  }
  return found;
}

std::optional<std::size_t> card(const OldAdapter &adapter, const std::vector<Nic> &nics) {
  if (!adapter.network_address.empty())
    if (const auto found = card_with({digits(adapter.network_address)}, nics)) return found;
  return card_with(readings(adapter.pnp_instance_id), nics);
}

void warn(const OldAdapter &adapter, const text::Log &log) {
  std::string settings;
  for (const auto &[address, prefix] : adapter.addresses)
    settings += ", address " + address + '/' + std::to_string(prefix);
  for (const auto &gateway : adapter.gateways) settings += ", gateway " + gateway.address;
  for (const auto &server : adapter.dns) settings += ", name server " + server;
  if (!adapter.suffix.empty()) settings += ", DNS suffix " + adapter.suffix;
  log.warning("the static settings of the network connection \"" + adapter.connection + "\" (" +
              adapter.description +
              ") cannot be carried over, because it is not clear which network "
              "card it was; set them in the converted guest: " +
              settings.substr(2));
}

}  // namespace

std::vector<MatchedAdapter> match_adapters(const std::vector<OldAdapter> &adapters,
                                           const std::vector<Nic> &nics, const text::Log &log) {
  std::vector<std::optional<std::size_t>> cards;
  std::vector<unsigned> claims(nics.size());
  std::vector<std::size_t> fixed;  // with static addresses, and the card is not known
  for (const auto &adapter : adapters) {
    cards.push_back(card(adapter, nics));
    if (cards.back()) ++claims[*cards.back()];
    if (!cards.back() && !adapter.addresses.empty()) fixed.push_back(cards.size() - 1);
  }
  if (fixed.size() == 1 && std::count(claims.begin(), claims.end(), 0u) == 1) {
    const auto left = std::find(claims.begin(), claims.end(), 0u) - claims.begin();
    // Without an address it could not be told in the guest either.
    if (!nics[left].mac.empty()) cards[fixed[0]] = left;
    claims[left] = 1;
  }
  std::vector<MatchedAdapter> matched;
  for (std::size_t i = 0; i < adapters.size(); ++i) {
    // Two that claim a card are the card and what it once was: the old settings may be either's.
    if (cards[i] && claims[*cards[i]] == 1)
      matched.push_back({adapters[i], nics[*cards[i]].mac});
    else if (!adapters[i].addresses.empty())
      warn(adapters[i], log);
  }
  return matched;
}

}  // namespace v2v::windows
