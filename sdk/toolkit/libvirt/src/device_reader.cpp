// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See domain.hpp: network cards, display, sound, and what does not move.
#include "domain_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <v2v/text/characters.hpp>
#include <v2v/text/printable.hpp>

namespace v2v::libvirt {
namespace {

constexpr std::size_t most_nics = 1000;

/// "52:54:00:12:34:56", or empty if it is no address.
std::string mac_address(const std::string &text) {
  if (text.size() != 17) return {};
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (i % 3 == 2 ? c != ':' : std::isxdigit(c) == 0) return {};
  }
  auto mac = text::lower(text);
  return mac == "00:00:00:00:00:00" ? "" : mac;
}

/// Linux names a card on the PC machine's one bus after its slot: ens3. On q35 each card is alone
/// on a bus of its own, and its slot says nothing.
std::optional<unsigned> pci_slot(const Reading &reading, pugi::xml_node node) {
  const auto machine = attribute(child_at(reading.domain, {"os", "type"}), "machine");
  if (machine != "pc" && machine.rfind("pc-i440fx", 0) != 0) return std::nullopt;
  const auto address = child(node, "address");
  const auto text = attribute(address, "slot");
  if (attribute(address, "type") != "pci" || attribute(address, "bus") != "0x00" ||
      text.size() != 4 || text.rfind("0x", 0) != 0 ||
      text.find_first_not_of("0123456789abcdef", 2) != text.npos)
    return std::nullopt;
  return static_cast<unsigned>(std::stoul(text.substr(2), nullptr, 16));
}

/// A card that hangs on something that the new machine does not have keeps its place and its
/// address, so that the guest's configuration still fits.
void connect_to_default(const Reading &reading, const std::string &type, Nic &nic) {
  nic.network = "default";
  reading.warn(fmt::format(
      "a network card ({}) is connected by \"{}\", which does not move; it is put on the network "
      "\"default\": say where it belongs with --network or --mac",
      nic.mac.empty() ? "without an address" : nic.mac, text::printable(type)));
}

Nic read_nic(const Reading &reading, pugi::xml_node node, std::size_t index) {
  Nic nic;
  const auto address = attribute(child(node, "mac"), "address");
  nic.mac = mac_address(address);
  if (nic.mac.empty() && !address.empty() && address != "00:00:00:00:00:00")
    reading.warn(fmt::format("\"{}\" is no address of a network card; a new one will be made",
                             text::printable(address)));
  nic.model = attribute(child(node, "model"), "type");
  nic.pci_slot = pci_slot(reading, node);
  const auto type = attribute(node, "type");
  const auto place = child(node, "source").attribute(type == "bridge" ? "bridge" : "network");
  if ((type != "network" && type != "bridge") || !place) {
    connect_to_default(reading, type, nic);
    return nic;
  }
  nic.type = type == "bridge" ? Nic::Type::bridge : Nic::Type::network;
  nic.network = attribute(child(node, "source"), place.name());
  if (nic.network.empty()) nic.network = fmt::format("eth{}", index);
  return nic;
}

void read_listen(pugi::xml_node graphics, Display &display) {
  const auto listen = child(graphics, "listen");
  const auto type = attribute(listen, "type");
  if (type == "address")
    display.listen = attribute(listen, "address");
  else if (type == "network")
    display.listen = attribute(listen, "network");
  else if (type == "none")
    display.listen = "none";
  // Where a network is listened on, libvirt also writes the address that it had.
  if (display.listen.empty() && type != "socket") display.listen = attribute(graphics, "listen");
}

}  // namespace

std::vector<Nic> read_nics(const Reading &reading) {
  std::vector<Nic> nics;
  for (const auto &node : children(reading.devices, "interface")) {
    if (nics.size() >= most_nics)
      throw Error(Code::corrupt, fmt::format("it has more than {} network cards", most_nics),
                  reading.name, "give the XML that virsh dumpxml writes");
    nics.push_back(read_nic(reading, node, nics.size()));
  }
  return nics;
}

std::optional<Display> read_display(const Reading &reading) {
  std::string others;
  for (const auto &graphics : children(reading.devices, "graphics")) {
    const auto type = attribute(graphics, "type");
    if (type != "vnc" && type != "spice") {
      others = type;
      continue;
    }
    Display display;
    display.type = type == "vnc" ? Display::Type::vnc : Display::Type::spice;
    display.keymap = attribute(graphics, "keymap");
    display.password = text::well_formed(graphics.attribute("passwd").value());
    const auto port = whole_number(attribute(graphics, "port"));
    if (attribute(graphics, "autoport") == "no" && port && *port > 0 && *port <= 65535)
      display.port = static_cast<unsigned>(*port);
    read_listen(graphics, display);
    return display;
  }
  if (!others.empty())
    reading.warn(fmt::format("a display of type \"{}\" does not move; the guest gets another",
                             text::printable(others)));
  return std::nullopt;
}

std::string read_sound(const Reading &reading) {
  auto model = attribute(child(reading.devices, "sound"), "model");
  constexpr std::array known = {"ac97", "es1370", "ich6", "ich9", "pcspk", "sb16", "usb"};
  if (model.empty() || std::find(known.begin(), known.end(), model) != known.end()) return model;
  reading.warn(fmt::format("unknown sound card \"{}\" is left out", text::printable(model)));
  return {};
}

void warn_of_what_stays_behind(const Reading &reading) {
  const std::pair<const char *, const char *> kinds[] = {
      {"hostdev", "a device of the host that was passed through to the guest"},
      {"filesystem", "a directory of the host that is shared with the guest"},
      {"shmem", "memory shared with other guests"},
      {"memory", "a memory module that can be unplugged"}};
  for (const auto &[element, words] : kinds)
    if (child(reading.devices, element))
      reading.warn(fmt::format("{} does not move with it", words));
}

}  // namespace v2v::libvirt
