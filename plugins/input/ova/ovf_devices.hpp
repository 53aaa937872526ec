// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Drives, cards and the rest of the hardware that an OVF's items describe. Pure functions.
#pragma once

#include "ovf.hpp"
#include "ovf_hardware.hpp"

#include <functional>

namespace v2v::input_ova {

/// Where an item hangs.
struct Attachment {
  Controller controller = Controller::unknown;
  std::optional<std::uint64_t> bus, slot;  ///< number of the controller, place on it
};

/// Looks up the controller an item hangs on. A controller that is not known is a warning, no error.
Attachment attachment_of(const Item &item, const std::vector<Item> &items,
                         std::vector<std::string> &warnings);

/// A disk item and where it hangs.
struct AttachedDisk {
  OvfDisk disk;
  Attachment at;
};
/// The order the guest sees. Disks on controllers of one type are sorted by controller and place if
/// the OVF gives both for all of them; they take the places that this type has in the document.
/// Between types, and where addresses are missing, the document's order is all there is.
std::vector<OvfDisk> in_guest_order(std::vector<AttachedDisk> disks);

std::vector<Removable> read_removables(const std::vector<Item> &items,
                                       std::vector<std::string> &warnings);
std::vector<Nic> read_nics(const std::vector<Item> &items, std::vector<std::string> &warnings);
/// VirtualBox writes no addresses into its items, but into its own section of the machine: one
/// adapter for each card, in the same order.
void add_virtualbox_macs(std::vector<Nic> &nics, pugi::xml_node system);
/// The model by the host's names (plugin.h), or empty.
std::string read_sound(const std::vector<Item> &items);
/// Firmware, Secure Boot and TPM, from VMware's configuration and VirtualBox's own section.
void read_firmware(Source &source, pugi::xml_node system, pugi::xml_node hardware,
                   const std::vector<Item> &items, std::vector<std::string> &warnings);

}  // namespace v2v::input_ova
