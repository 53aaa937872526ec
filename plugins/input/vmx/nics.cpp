// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Network cards, ethernetN.
#include "guest.hpp"

#include "text.hpp"

#include <v2v/text/characters.hpp>
#include <v2v/text/printable.hpp>

#include <fmt/format.h>

#include <cctype>
#include <charconv>

namespace v2v::input_vmx {
namespace {

constexpr unsigned most_pci_slots = 65536;

/// "00:0c:29:ab:cd:ef", or empty if it is no address.
std::string mac_address(const std::string &text) {
  if (text.size() != 17) return {};
  auto mac = text::lower(text);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const bool fits = i % 3 == 2 ? c == ':' || c == '-' : std::isxdigit(c) != 0;
    if (!fits) return {};
    if (i % 3 == 2) mac[i] = ':';
  }
  return mac == "00:00:00:00:00:00" ? "" : mac;
}

/// The slot number that ESXi also tells the guest, from which Linux makes names like ens192.
std::optional<unsigned> pci_slot(const std::string &text) {
  unsigned slot = 0;
  const auto *end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, slot);
  // -1 stands for none.
  if (parsed.ec != std::errc() || parsed.ptr != end || slot >= most_pci_slots) return std::nullopt;
  return slot;
}

}  // namespace

std::vector<Nic> read_nics(const VmxFile &vmx, const std::string &file, const Warn &warn) {
  std::vector<Nic> nics;
  for (const auto number : vmx.numbers("ethernet")) {
    const auto card = "ethernet" + std::to_string(number);
    const auto text = [&](const char *key) { return vmx.text(card + key); };
    const bool fixed = text::lower(text(".addresstype")) == "static";
    auto address = fixed ? text(".address") : text(".generatedaddress");
    if (address.empty()) address = fixed ? text(".generatedaddress") : text(".address");
    Nic nic;
    nic.mac = mac_address(address);
    if (nic.mac.empty() && !address.empty())
      warn(fmt::format("{}: {} has no usable address, \"{}\"; a new one will be made", file, card,
                       text::printable(address)));
    nic.model = text::lower(text(".virtualdev"));
    nic.network = text(".networkname");
    if (nic.network.empty()) nic.network = card;
    if (text::lower(text(".connectiontype")) == "bridged") nic.type = Nic::Type::bridge;
    nic.pci_slot = pci_slot(text(".pcislotnumber"));
    nics.push_back(std::move(nic));
  }
  return nics;
}

}  // namespace v2v::input_vmx
