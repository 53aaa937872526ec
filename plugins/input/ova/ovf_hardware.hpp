// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The items of an OVF's hardware section: CPUs, memory, controllers, drives, cards. An OVF may hold
// items for several deployment configurations and items that are bounds of a range; read_items gives
// those of the default configuration, as VMware and VirtualBox deploy it. Pure functions.
#pragma once

#include <pugixml.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace v2v::input_ova {

/// Values of rasd:ResourceType. Source: DMTF CIM_ResourceAllocationSettingData; 20, "other storage
/// device", is what VMware and VirtualBox use for SATA and NVMe.
enum class Resource : unsigned {
  other = 1,
  processor = 3,
  memory = 4,
  ide = 5,
  scsi = 6,
  ethernet = 10,
  floppy = 14,
  cdrom = 15,
  dvd = 16,
  disk = 17,
  storage_extent = 19,
  storage = 20,
  logical_disk = 31,
  sound = 35,
};

/// One item; a text is empty where the OVF says nothing.
struct Item {
  std::string id, parent, sub_type, address, address_on_parent;
  std::string connection, host_resource, quantity, units, name;
  Resource type = Resource::other;
  pugi::xml_node node;
};

/// The configuration that is deployed if nobody chooses, or empty.
std::string default_configuration(pugi::xml_node envelope);

/// The Items (also StorageItem, EthernetPortItem of OVF 2.0) of a VirtualHardwareSection.
/// @param name  what messages call the OVF
/// @throws Error(corrupt) for more of them than any machine has
std::vector<Item> read_items(pugi::xml_node section, const std::string &configuration,
                             const std::string &name);

/// A disk of the guest. XenServer's are storage extents; of those only what names a disk of the OVF
/// is one.
bool is_hard_disk(const Item &item);

/// The value of <Config key="…" value="…"/> (or ExtraConfig) right under a node, or nothing.
std::optional<std::string> config_value(pugi::xml_node node, const char *key);

}  // namespace v2v::input_ova
