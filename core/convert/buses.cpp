// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/convert/buses.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace v2v::core {
namespace {

// A slot number comes from a source's metadata; no bus has places beyond this.
constexpr unsigned most_slots = 256;

std::vector<Slot> &disk_bus(Buses &buses, BlockBus bus) {
  if (bus == BlockBus::virtio_blk) return buses.virtio_blk;
  if (bus == BlockBus::virtio_scsi) return buses.scsi;
  return buses.ide;
}

std::vector<Slot> &removable_bus(Buses &buses, const Removable &drive) {
  if (drive.type == Removable::Type::floppy) return buses.floppy;
  switch (drive.controller) {
    case Controller::unknown:
    case Controller::ide:
      return buses.ide;
    case Controller::virtio_blk:
      return buses.virtio_blk;
    case Controller::sata:
    case Controller::scsi:
    case Controller::nvme:
    case Controller::virtio_scsi:
      return buses.scsi;
  }
  return buses.ide;
}

// The first free slot from `wanted` on, made if need be.
unsigned claim(std::vector<Slot> &bus, unsigned wanted, Slot slot) {
  unsigned place = wanted;
  while (place < bus.size() && bus[place].type != Slot::Type::empty) ++place;
  if (place >= bus.size()) bus.resize(place + 1);
  bus[place] = slot;
  return place;
}

std::string describe_bus(const char *name, const std::vector<Slot> &bus) {
  std::string text;
  for (std::size_t i = 0; i < bus.size(); ++i) {
    const auto &slot = bus[i];
    if (slot.type == Slot::Type::empty) continue;
    text += fmt::format("  {} slot {}: {} {}\n", name, i,
                        slot.type == Slot::Type::disk ? "disk" : "removable drive", slot.index + 1);
  }
  return text;
}

}  // namespace

BusAssignment assign_buses(const Source &source, const GuestCaps &caps) {
  BusAssignment result;
  for (unsigned i = 0; i < source.disks.size(); ++i)
    claim(disk_bus(result.buses, caps.block_bus), i, {Slot::Type::disk, i});
  for (const bool known : {true, false})
    for (unsigned i = 0; i < source.removables.size(); ++i) {
      const auto &drive = source.removables[i];
      if (drive.slot.has_value() != known) continue;
      const unsigned wanted = std::min(drive.slot.value_or(0), most_slots - 1);
      const unsigned place =
          claim(removable_bus(result.buses, drive), wanted, {Slot::Type::removable, i});
      if (known && place != *drive.slot)
        result.warnings.push_back(fmt::format(
            "the {} drive could not stay in slot {} of its bus, which is taken; it is now in slot "
            "{}",
            drive.type == Removable::Type::floppy ? "floppy" : "CD-ROM", *drive.slot, place));
    }
  return result;
}

std::string describe_buses(const Buses &buses) {
  return "Buses:\n" + describe_bus("virtio", buses.virtio_blk) + describe_bus("ide", buses.ide) +
         describe_bus("scsi", buses.scsi) + describe_bus("floppy", buses.floppy);
}

}  // namespace v2v::core
