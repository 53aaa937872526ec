// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What every description of the new machine needs, whether it becomes XML or a script: names, the
// machine type that the guest really gets, and where each drive goes. Pure functions; any thread.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <v2v/error.hpp>
#include <v2v/values.hpp>
#include <vector>

namespace v2v::machine {

/// Where a unit puts what a person should look at; the work goes on. May be empty.
using Warn = std::function<void(const std::string &)>;

/// Where the bytes of a finished disk are, as a description of the machine names them.
struct DiskSource {
  enum class Kind { file, block, volume };
  Kind kind = Kind::file;
  std::string path;    ///< file, block: absolute path; volume: the name of the volume
  std::string pool;    ///< volume: the storage pool
  std::string format;  ///< raw, qcow2
};

/// The name of a guest as part of a file name: '/' becomes '_', as virt-v2v has it.
std::string file_stem(const std::string &name);

/// @throws Error(usage) if a guest cannot have this name in a file system or in libvirt
void check_guest_name(const std::string &name);

/// True for a guest that is to start with UEFI Secure Boot.
bool wants_secure_boot(const Metadata &metadata);

/// True if the processor is of the x86 family.
bool is_x86(const std::string &arch);

/// The machine type the guest gets: what its caps say, but q35 for Secure Boot, which needs the
/// system management mode that i440fx does not have.
Machine effective_machine(const Metadata &metadata);

/// True if virtio devices must be transitional ones: the guest knows only virtio 0.9.
bool wants_transitional(const Metadata &metadata);

/// The MAC address if a machine can be given it, else empty after a warning (malformed, multicast).
std::string usable_mac(const Nic &nic, const Warn &warn);

/// The VM generation id if it is a UUID, else empty after a warning.
std::string usable_genid(const Source &source, const Warn &warn);

/// True if sockets, cores and threads are known and make up the number of vCPUs; a machine whose
/// topology says another number is refused by libvirt and QEMU.
bool has_topology(const Source &source, const Warn &warn);

/// A place for a drive on the new machine.
struct Drive {
  enum class Kind { empty, disk, cdrom, floppy };
  enum class Bus { virtio, ide, sata, scsi, floppy };
  Kind kind = Kind::empty;
  Bus bus = Bus::virtio;
  unsigned slot = 0;        ///< place on its bus, from 0
  unsigned disk = 0;        ///< Kind::disk: index of the disk
  unsigned boot_order = 0;  ///< Kind::disk: from 1
  unsigned letter = 0;      ///< 0: the target ends in a, 1: in b …
  std::string target = {};  ///< vda, hdc, sdb, fda; unique on the machine; empty if kind is empty
};

/// Lays out the four buses of the metadata, in the order virtio, ide or sata, scsi, floppy, empty
/// places included. On q35 the ide bus is SATA; on i440fx what does not fit on the four places of
/// IDE goes to SATA. What the machine cannot have (IDE on virt, a CD-ROM drive on virtio, a floppy
/// drive where `floppy` is false) is left out with a warning.
/// @throws Error(internal) if a slot names a disk or drive that does not exist
std::vector<Drive> plan_drives(const Metadata &metadata, bool floppy, const Warn &warn);

/// "virtio", "ide", "sata", "scsi", "floppy".
std::string bus_name(Drive::Bus bus);

}  // namespace v2v::machine
