// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "ovf_devices.hpp"

#include "ovf_document.hpp"
#include "units.hpp"

#include <v2v/text/characters.hpp>
#include <v2v/text/printable.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <tuple>

namespace v2v::input_ova {
namespace {

bool contains(const std::string &text, std::string_view part) {
  return text.find(part) != text.npos;
}

/// VMware: vmware.sata.ahci, vmware.nvme.controller, lsilogic, VirtualSCSI (its own paravirtual
/// SCSI). VirtualBox: AHCI, NVMe, VirtioSCSI. oVirt: VirtIO_SCSI.
Controller controller_type(const Item &controller, std::vector<std::string> &warnings) {
  const auto model = text::lower(controller.sub_type);
  switch (controller.type) {
    case Resource::ide:
      return Controller::ide;
    case Resource::scsi:
      return contains(model, "virtio") ? Controller::virtio_scsi : Controller::scsi;
    case Resource::storage:
      if (contains(model, "nvme")) return Controller::nvme;
      if (contains(model, "virtio")) return Controller::virtio_scsi;
      return Controller::sata;
    default:
      warnings.push_back(fmt::format("ova disk has an unknown VMware controller type ({})",
                                     static_cast<unsigned>(controller.type)));
      return Controller::unknown;
  }
}

/// Six pairs of digits with or without something between them; empty if it is none.
std::string clean_mac(const std::string &text) {
  std::string digits;
  for (const unsigned char c : text) {
    if (std::isxdigit(c) != 0)
      digits += static_cast<char>(c);
    else if (c != ':' && c != '-' && c != '.')
      return {};
  }
  digits = text::lower(digits);
  if (digits.size() != 12 || digits == "000000000000") return {};
  std::string mac;
  for (std::size_t i = 0; i < 12; i += 2) mac += (i ? ":" : "") + digits.substr(i, 2);
  return mac;
}

/// "VmxNet3" is vmxnet3; of a list of models the first counts.
std::string nic_model(const std::string &sub_type) {
  const auto first = sub_type.substr(0, sub_type.find_first_of(" \t\r\n,"));
  return text::printable(text::lower(first));
}

std::optional<bool> yes_or_no(const std::string &text) {
  if (same_letters(text, "true") || text == "1") return true;
  if (same_letters(text, "false") || text == "0") return false;
  return std::nullopt;
}

/// VirtualBox says nothing of a firmware that is its default, BIOS.
void read_virtualbox(Source &source, pugi::xml_node machine) {
  const auto hardware = child(machine, "Hardware");
  if (!hardware) return;
  const auto type = text::lower(attribute(child(hardware, "Firmware"), "type"));
  source.firmware = type.substr(0, 3) == "efi" ? Firmware::uefi : Firmware::bios;
  // Since VirtualBox 7.1 these stand in the Firmware or BIOS element.
  for (const auto &place : {hardware, child(hardware, "BIOS"), child(hardware, "Firmware")}) {
    const auto tpm = text::lower(attribute(child(place, "TrustedPlatformModule"), "type"));
    if (!tpm.empty()) source.tpm = tpm != "none";
    for (const auto &holder : {place, child(place, "UefiVariableStore"), child(place, "NVRAM")})
      if (const auto enabled = yes_or_no(attribute(child(holder, "SecureBoot"), "enabled")))
        source.secure_boot = enabled;
  }
}

}  // namespace

Attachment attachment_of(const Item &item, const std::vector<Item> &items,
                         std::vector<std::string> &warnings) {
  Attachment at;
  at.slot = parse_number(item.address_on_parent);
  if (item.parent.empty()) return at;
  const auto parent = std::find_if(items.begin(), items.end(),
                                   [&](const Item &other) { return other.id == item.parent; });
  if (parent == items.end()) {
    warnings.push_back(
        fmt::format("ova disk has no parent controller ({})", text::printable(item.parent)));
    return at;
  }
  at.controller = controller_type(*parent, warnings);
  at.bus = parse_number(parent->address);
  return at;
}

std::vector<OvfDisk> in_guest_order(std::vector<AttachedDisk> disks) {
  std::map<Controller, std::vector<std::size_t>> places;
  for (std::size_t i = 0; i < disks.size(); ++i) places[disks[i].at.controller].push_back(i);
  std::vector<std::size_t> order(disks.size());
  for (const auto &[controller, here] : places) {
    auto sorted = here;
    const bool known = std::all_of(here.begin(), here.end(), [&](std::size_t i) {
      return disks[i].at.bus && disks[i].at.slot;
    });
    if (known && controller != Controller::unknown)
      std::stable_sort(sorted.begin(), sorted.end(), [&](std::size_t a, std::size_t b) {
        return std::tie(*disks[a].at.bus, *disks[a].at.slot) <
               std::tie(*disks[b].at.bus, *disks[b].at.slot);
      });
    for (std::size_t i = 0; i < here.size(); ++i) order[here[i]] = sorted[i];
  }
  std::vector<OvfDisk> ordered;
  ordered.reserve(disks.size());
  for (const auto i : order) ordered.push_back(std::move(disks[i].disk));
  return ordered;
}

std::vector<Removable> read_removables(const std::vector<Item> &items,
                                       std::vector<std::string> &warnings) {
  std::vector<Removable> removables;
  for (const auto &item : items) {
    const bool floppy = item.type == Resource::floppy;
    if (!floppy && item.type != Resource::cdrom && item.type != Resource::dvd) continue;
    Removable drive;
    drive.type = floppy ? Removable::Type::floppy : Removable::Type::cdrom;
    // A floppy hangs on a controller of its own kind, for which there is no word.
    const auto at = attachment_of(item, items, warnings);
    drive.controller = at.controller;
    if (at.slot && *at.slot <= 255) drive.slot = static_cast<unsigned>(*at.slot);
    removables.push_back(drive);
  }
  return removables;
}

std::vector<Nic> read_nics(const std::vector<Item> &items, std::vector<std::string> &warnings) {
  std::vector<Nic> nics;
  for (const auto &item : items) {
    if (item.type != Resource::ethernet) continue;
    Nic nic;
    nic.type = item.connection.empty() ? Nic::Type::network : Nic::Type::bridge;
    nic.network = item.connection.empty() ? fmt::format("eth{}", nics.size()) : item.connection;
    nic.model = nic_model(item.sub_type);
    nic.mac = clean_mac(item.address);
    if (nic.mac.empty() && !item.address.empty())
      warnings.push_back(fmt::format("network card {}: \"{}\" is no MAC address and is ignored",
                                     nics.size(), text::printable(item.address)));
    const auto slot = config_value(item.node, "slotInfo.pciSlotNumber");
    const auto number = slot ? parse_number(*slot) : std::nullopt;
    if (number && *number <= 0xFFFF) nic.pci_slot = static_cast<unsigned>(*number);
    nics.push_back(std::move(nic));
  }
  return nics;
}

void add_virtualbox_macs(std::vector<Nic> &nics, pugi::xml_node system) {
  const auto network = child(child(child(system, "Machine"), "Hardware"), "Network");
  std::vector<std::string> addresses;
  for (const auto &adapter : children(network, "Adapter"))
    if (yes_or_no(attribute(adapter, "enabled")).value_or(false))
      addresses.push_back(clean_mac(attribute(adapter, "MACAddress")));
  if (addresses.size() != nics.size()) return;  // which is which cannot be said
  for (std::size_t i = 0; i < nics.size(); ++i)
    if (nics[i].mac.empty()) nics[i].mac = addresses[i];
}

std::string read_sound(const std::vector<Item> &items) {
  for (const auto &item : items) {
    const auto model = text::lower(item.sub_type);
    if (item.type != Resource::sound && !contains(model, "soundcard")) continue;
    if (contains(model, "1371") || contains(model, "1370")) return "es1370";
    if (contains(model, "hda")) return "ich6";
    if (contains(model, "sb16")) return "sb16";
    if (contains(model, "ac97")) return "ac97";
  }
  return {};
}

void read_firmware(Source &source, pugi::xml_node system, pugi::xml_node hardware,
                   const std::vector<Item> &items, std::vector<std::string> &warnings) {
  read_virtualbox(source, child(system, "Machine"));
  if (const auto firmware = config_value(hardware, "firmware")) {
    if (same_letters(*firmware, "efi"))
      source.firmware = Firmware::uefi;
    else if (same_letters(*firmware, "bios"))
      source.firmware = Firmware::bios;
    else
      warnings.push_back(
          fmt::format("the firmware \"{}\" is not known; it will be told by the "
                      "layout of the disks",
                      text::printable(*firmware)));
  }
  for (const auto *key : {"bootOptions.efiSecureBootEnabled", "uefi.secureBoot.enabled"})
    if (const auto value = config_value(hardware, key))
      if (const auto enabled = yes_or_no(*value)) source.secure_boot = enabled;
  for (const auto &item : items)
    if (contains(text::lower(item.sub_type), "vtpm")) source.tpm = true;
}

}  // namespace v2v::input_ova
