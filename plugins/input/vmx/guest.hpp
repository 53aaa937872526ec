// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A VMX file as a machine: everything of the Source but where the bytes of its disks are, which is
// a matter of the transport. Meaning and defaults of the keys are virt-v2v's; what goes beyond it
// is said where it is done and in docs/input-vmx.md. Pure functions.
#pragma once

#include "vmx_file.hpp"

#include <v2v/values.hpp>

#include <string>
#include <vector>

namespace v2v::input_vmx {

/// A hard disk of the VMX.
struct DiskEntry {
  std::string place;  ///< "scsi0:1"
  std::string file;   ///< fileName, as written
  Controller controller = Controller::unknown;
};

struct Guest {
  Source source;                 ///< without disks
  std::vector<DiskEntry> disks;  ///< in the order the guest sees them
};

/// @param file  name of the VMX for messages; without its suffix, the guest's name if it has none
/// @throws Error(unsupported) for encrypted guests and disks that are no files;
///         Error(corrupt) for numbers that cannot be
Guest read_guest(const VmxFile &vmx, const std::string &file, const Warn &warn);

/// The parts, in the order virt-v2v lists them.
std::vector<DiskEntry> read_disks(const VmxFile &vmx, const std::string &file, const Warn &warn);
std::vector<Removable> read_removables(const VmxFile &vmx);
std::vector<Nic> read_nics(const VmxFile &vmx, const std::string &file, const Warn &warn);

/// True for the deviceType of a CD-ROM drive.
bool is_removable_type(const std::string &device_type);

/// vm.genid and vm.genidX, two signed numbers, as a UUID; empty if they are none.
std::string generation_id(const std::string &low, const std::string &high);

/// The last part of a path, for what has no name of its own.
std::string base_name(const std::string &path);

}  // namespace v2v::input_vmx
