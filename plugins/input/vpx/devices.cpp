// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Disks, drives and network cards: the devices of VirtualHardware. Disks in virt-v2v's order: all of
// SCSI, then NVMe, SATA, IDE, each by controller and unit.
#include "guest.hpp"

#include "soap.hpp"

#include <v2v/text/characters.hpp>
#include <v2v/text/printable.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <tuple>
#include <utility>

namespace v2v::input_vpx {

std::string text_of(pugi::xml_node node, const char *name) {
  return node.child(name).text().get();
}

namespace {

constexpr std::size_t most_disks = 1000;  // VMware ends before
constexpr int most_pci_slots = 65536;
constexpr std::array<const char *, 4> order = {"scsi", "nvme", "sata", "ide"};

struct Placed {
  std::size_t rank = 0;
  unsigned bus = 0, unit = 0;
  DiskEntry entry;

  bool operator<(const Placed &other) const {
    return std::tie(rank, bus, unit) < std::tie(other.rank, other.bus, other.unit);
  }
};

std::uint64_t capacity_of(pugi::xml_node disk) {
  const auto bytes = disk.child("capacityInBytes").text().as_ullong();
  // Before vSphere 5.5 there is only this.
  return bytes != 0 ? bytes : disk.child("capacityInKB").text().as_ullong() * 1024;
}

/// What the disk is made of: the subtypes of VirtualDeviceBackingInfo for disks.
void read_backing(pugi::xml_node backing, DiskEntry &entry, const std::string &guest) {
  const auto type = soap::type_of(backing);
  entry.file = text_of(backing, "fileName");
  entry.encrypted = static_cast<bool>(backing.child("keyId"));
  if (type.find("RawDiskMapping") != type.npos || type.find("RawDiskVer") != type.npos ||
      type.find("PartitionedRawDisk") != type.npos)
    throw Error(
        Code::unsupported,
        fmt::format("its disk {} is a raw device mapping: its bytes are on a device, not on "
                    "a datastore",
                    entry.place),
        text::printable(guest),
        "turn it into a virtual disk in VMware (migrate it, or vmkfstools -i), or remove "
        "it from the guest");
  entry.flat = type == "VirtualDiskFlatVer2BackingInfo" || type == "VirtualDiskFlatVer1BackingInfo";
  entry.snapshot = static_cast<bool>(backing.child("parent"));
  if (entry.file.empty())
    throw Error(Code::unsupported,
                fmt::format("its disk {} is no file on a datastore ({})", entry.place,
                            text::printable(type)),
                text::printable(guest), "move the disk to a datastore in VMware");
}

/// "VirtualVmxnet3" as a VMX file calls it; "vmxnet3".
std::string model_of(const std::string &type) {
  constexpr std::string_view prefix = "virtual";
  auto model = text::lower(type);
  if (model.rfind(prefix, 0) == 0) model.erase(0, prefix.size());
  if (model == "pcnet32") return "vlance";
  return model;
}

/// The subtypes of VirtualEthernetCard.
bool is_network_card(const std::string &type) {
  for (const char *known :
       {"VirtualE1000", "VirtualE1000e", "VirtualPCNet32", "VirtualVmxnet", "VirtualVmxnet2",
        "VirtualVmxnet3", "VirtualVmxnet3Vrdma", "VirtualSriovEthernetCard", "VirtualEthernetCard"})
    if (type == known) return true;
  return false;
}

std::string mac_address(const std::string &written) {
  auto mac = text::lower(written);
  if (mac.size() != 17 || mac == "00:00:00:00:00:00") return {};
  for (std::size_t i = 0; i < mac.size(); ++i) {
    const bool fits =
        i % 3 == 2 ? mac[i] == ':' : std::isxdigit(static_cast<unsigned char>(mac[i])) != 0;
    if (!fits) return {};
  }
  return mac;
}

std::string network_of(pugi::xml_node card, const PortGroupName &port_group) {
  const auto backing = card.child("backing");
  if (const auto key = text_of(backing.child("port"), "portgroupKey"); !key.empty())
    if (auto name = port_group(key); !name.empty()) return name;
  if (auto name = text_of(backing, "deviceName"); !name.empty()) return name;
  return text_of(card.child("deviceInfo"), "summary");
}

}  // namespace

std::vector<DiskEntry> read_disks(pugi::xml_node hardware, const std::string &guest,
                                  const Warn &warn) {
  std::vector<Placed> placed;
  for (const auto &device : hardware.children("device")) {
    if (soap::type_of(device) != "VirtualDisk") continue;
    const auto bus = bus_of(hardware, text_of(device, "controllerKey"));
    const auto *rank = std::find(order.begin(), order.end(), bus.name);
    Placed disk;
    disk.rank = static_cast<std::size_t>(rank - order.begin());
    disk.bus = bus.number;
    disk.unit = device.child("unitNumber").text().as_uint();
    disk.entry.controller = bus.controller;
    disk.entry.place = bus.name.empty() ? fmt::format("{}", text_of(device, "key"))
                                        : fmt::format("{}{}:{}", bus.name, disk.bus, disk.unit);
    if (bus.name.empty())
      warn(fmt::format("{}: the controller of its disk {} is not known", text::printable(guest),
                       disk.entry.place));
    disk.entry.capacity = capacity_of(device);
    read_backing(device.child("backing"), disk.entry, guest);
    placed.push_back(std::move(disk));
    if (placed.size() > most_disks)
      throw Error(Code::corrupt, fmt::format("it has more than {} disks", most_disks),
                  text::printable(guest), "see whether the guest starts in VMware");
  }
  std::stable_sort(placed.begin(), placed.end());
  std::vector<DiskEntry> disks;
  for (auto &disk : placed) disks.push_back(std::move(disk.entry));
  return disks;
}

std::vector<Removable> read_removables(pugi::xml_node hardware) {
  std::vector<Removable> cdroms, floppies;
  for (const auto &device : hardware.children("device")) {
    const auto type = soap::type_of(device);
    const unsigned unit = device.child("unitNumber").text().as_uint();
    Removable drive;
    if (type == "VirtualFloppy") {
      drive.type = Removable::Type::floppy;
      drive.slot = unit;
      floppies.push_back(drive);
    } else if (type == "VirtualCdrom") {
      const auto bus = bus_of(hardware, text_of(device, "controllerKey"));
      drive.controller = bus.controller;
      drive.slot = bus.name == "ide" ? bus.number * 2 + unit : unit;
      cdroms.push_back(drive);
    }
  }
  std::stable_sort(cdroms.begin(), cdroms.end(), [](const Removable &a, const Removable &b) {
    return a.slot.value_or(0) < b.slot.value_or(0);
  });
  cdroms.insert(cdroms.end(), floppies.begin(), floppies.end());
  return cdroms;
}

std::vector<Nic> read_nics(pugi::xml_node hardware, const std::string &guest,
                           const PortGroupName &port_group, const Warn &warn) {
  std::vector<Nic> nics;
  for (const auto &device : hardware.children("device")) {
    const auto type = soap::type_of(device);
    if (!is_network_card(type)) continue;
    Nic nic;
    const auto address = text_of(device, "macAddress");
    nic.mac = mac_address(address);
    if (nic.mac.empty() && !address.empty())
      warn(fmt::format("{}: a network card has no usable address, \"{}\"; a new one will be made",
                       text::printable(guest), text::printable(address)));
    nic.model = model_of(type);
    nic.network = network_of(device, port_group);
    if (nic.network.empty()) nic.network = fmt::format("ethernet{}", nics.size());
    // From this slot Linux makes names like ens192.
    const int slot = device.child("slotInfo").child("pciSlotNumber").text().as_int(-1);
    if (slot >= 0 && slot < most_pci_slots) nic.pci_slot = static_cast<unsigned>(slot);
    nics.push_back(std::move(nic));
  }
  return nics;
}

}  // namespace v2v::input_vpx
