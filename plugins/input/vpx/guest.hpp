// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A virtual machine of vSphere as a machine of v2v: from the property `config` (VirtualMachineConfigInfo)
// to everything of the Source but where the bytes of its disks are. The server is asked, and not the
// guest's VMX file: it tells the same, says the names of distributed port groups and what a disk is made
// of besides, and answers where files cannot be read (vSAN, vVols, a guest that moves with -it vddk).
// Order of disks, and what an unset value means, are those of the input vmx. Pure functions.
#pragma once

#include <v2v/error.hpp>
#include <v2v/values.hpp>

#include <pugixml.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace v2v::input_vpx {

using Warn = std::function<void(const std::string &)>;

struct DiskEntry {
  std::string place;  ///< "scsi0:1"
  std::string file;   ///< "[datastore1] guest/guest.vmdk"
  Controller controller = Controller::unknown;
  std::uint64_t capacity = 0;  ///< bytes
  bool snapshot = false;       ///< its bytes are in a chain of files
  bool flat = false;           ///< they are in one file, unless it is a snapshot
  bool encrypted = false;
};

struct Guest {
  Source source;  ///< without disks
  std::vector<DiskEntry> disks;
};

/// The name of the distributed port group with this key, or empty.
using PortGroupName = std::function<std::string(const std::string &key)>;

/// @throws Error(unsupported) for raw device mappings and encrypted guests; Error(corrupt) for what
///         cannot be
Guest read_guest(pugi::xml_node config, const PortGroupName &port_group, const Warn &warn);

/// The text of a child, or none.
std::string text_of(pugi::xml_node node, const char *name);

/// The parts.
std::vector<DiskEntry> read_disks(pugi::xml_node hardware, const std::string &guest,
                                  const Warn &warn);
std::vector<Removable> read_removables(pugi::xml_node hardware);
std::vector<Nic> read_nics(pugi::xml_node hardware, const std::string &guest,
                           const PortGroupName &port_group, const Warn &warn);

/// A controller by the key that devices name it with: "scsi", 0; an empty bus if there is none.
struct Bus {
  std::string name;
  unsigned number = 0;
  Controller controller = Controller::unknown;
};
Bus bus_of(pugi::xml_node hardware, const std::string &key);

/// vm.genid and vm.genidX, two signed numbers, as a UUID; empty if they are none.
std::string generation_id(const std::string &low, const std::string &high);

}  // namespace v2v::input_vpx
