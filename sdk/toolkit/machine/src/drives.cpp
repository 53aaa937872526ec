// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Where each drive goes on the new machine; see plan_drives in machine.hpp.
#include <fmt/format.h>

#include <map>
#include <set>
#include <v2v/machine/machine.hpp>
#include <v2v/text/characters.hpp>

namespace v2v::machine {
namespace {

// IDE has two channels with two places each; everything later goes to SATA.
constexpr unsigned ide_places = 4;

class Planner {
 public:
  Planner(const Metadata &metadata, const Warn &warn) : metadata_(metadata), warn_(warn) {}

  void virtio() {
    for (unsigned i = 0; i < metadata_.buses.virtio_blk.size(); ++i) {
      Drive drive = at(metadata_.buses.virtio_blk[i], i, Drive::Bus::virtio);
      if (drive.kind == Drive::Kind::cdrom) {
        // Neither libvirt nor QEMU has a virtio-blk drive without a medium.
        say("a CD-ROM drive cannot be on virtio-blk and is left out");
        drive.kind = Drive::Kind::empty;
      }
      drives_.push_back(drive);
    }
  }

  void ide() {
    const Machine machine = effective_machine(metadata_);
    const auto &slots = metadata_.buses.ide;
    for (unsigned i = 0; i < slots.size(); ++i) {
      Drive drive = at(slots[i], i, machine == Machine::q35 ? Drive::Bus::sata : Drive::Bus::ide);
      if (machine == Machine::virt) {
        if (drive.kind != Drive::Kind::empty)
          say(fmt::format("the machine has no IDE bus: {} is left out", describe(drive)));
        continue;
      }
      if (drive.bus == Drive::Bus::ide && i >= ide_places) {
        drive.bus = Drive::Bus::sata;
        drive.slot = i - ide_places;
        if (drive.kind != Drive::Kind::empty)
          say(fmt::format("IDE has {} places: {} is on SATA", ide_places, describe(drive)));
      }
      drives_.push_back(drive);
    }
  }

  void scsi() {
    for (unsigned i = 0; i < metadata_.buses.scsi.size(); ++i)
      drives_.push_back(at(metadata_.buses.scsi[i], i, Drive::Bus::scsi));
  }

  void floppy(bool supported) {
    bool any = false;
    std::vector<Drive> found;
    for (unsigned i = 0; i < metadata_.buses.floppy.size(); ++i) {
      found.push_back(at(metadata_.buses.floppy[i], i, Drive::Bus::floppy));
      any |= found.back().kind != Drive::Kind::empty;
    }
    if (!any) return;
    if (supported)
      drives_.insert(drives_.end(), found.begin(), found.end());
    else
      say("the new machine has no floppy drives; those of the source are left out");
  }

  /// Hard disks have the letter of their place; another drive takes the next free one, because
  /// SATA and SCSI share the letters of sd.
  std::vector<Drive> lettered() {
    std::set<std::string> used;
    for (const bool disks : {true, false}) {
      for (Drive &drive : drives_) {
        if (drive.kind == Drive::Kind::empty || (drive.kind == Drive::Kind::disk) != disks)
          continue;
        static const std::map<Drive::Bus, std::string> prefixes = {{Drive::Bus::virtio, "vd"},
                                                                   {Drive::Bus::ide, "hd"},
                                                                   {Drive::Bus::sata, "sd"},
                                                                   {Drive::Bus::scsi, "sd"},
                                                                   {Drive::Bus::floppy, "fd"}};
        const auto &prefix = prefixes.at(drive.bus);
        drive.letter = drive.slot;
        while (!used.insert(prefix + text::drive_letters(drive.letter)).second) ++drive.letter;
        drive.target = prefix + text::drive_letters(drive.letter);
      }
    }
    return std::move(drives_);
  }

 private:
  Drive at(const Slot &slot, unsigned place, Drive::Bus bus) const {
    Drive drive;
    drive.bus = bus;
    drive.slot = place;
    if (slot.type == Slot::Type::disk) {
      require(slot.index < metadata_.disks.size(), "disk", slot.index);
      drive.kind = Drive::Kind::disk;
      drive.disk = slot.index;
      drive.boot_order = boot_order(place);
    } else if (slot.type == Slot::Type::removable) {
      require(slot.index < metadata_.source.removables.size(), "removable drive", slot.index);
      const auto &removable = metadata_.source.removables[slot.index];
      drive.kind =
          removable.type == Removable::Type::floppy ? Drive::Kind::floppy : Drive::Kind::cdrom;
    }
    return drive;
  }

  /// The disk that boots comes first, the others keep their order behind it.
  unsigned boot_order(unsigned place) const {
    const auto &boot_disk = metadata_.inspection.boot_disk;
    if (!boot_disk) return place + 1;
    return place == *boot_disk ? 1 : place + 2;
  }

  static std::string describe(const Drive &drive) {
    if (drive.kind == Drive::Kind::disk) return fmt::format("disk {}", drive.disk + 1);
    return drive.kind == Drive::Kind::cdrom ? "a CD-ROM drive" : "a floppy drive";
  }

  static void require(bool there, const char *what, unsigned index) {
    if (!there)
      throw Error(Code::internal,
                  fmt::format("the bus assignment names {} {}, which the guest does "
                              "not have",
                              what, index + 1),
                  {}, "report this");
  }

  void say(const std::string &message) const {
    if (warn_) warn_(message);
  }

  const Metadata &metadata_;
  const Warn &warn_;
  std::vector<Drive> drives_;
};

}  // namespace

std::vector<Drive> plan_drives(const Metadata &metadata, bool floppy, const Warn &warn) {
  Planner planner(metadata, warn);
  planner.virtio();
  planner.ide();
  planner.scsi();
  planner.floppy(floppy);
  return planner.lettered();
}

std::string bus_name(Drive::Bus bus) {
  switch (bus) {
    case Drive::Bus::virtio:
      return "virtio";
    case Drive::Bus::ide:
      return "ide";
    case Drive::Bus::sata:
      return "sata";
    case Drive::Bus::scsi:
      return "scsi";
    case Drive::Bus::floppy:
      return "floppy";
  }
  return {};
}

}  // namespace v2v::machine
