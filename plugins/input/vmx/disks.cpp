// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Hard disks: all of SCSI, then NVMe, SATA, IDE, each by controller and unit. virt-v2v has this
// order, and the guest's disks are counted in it.
#include "guest.hpp"

#include "text.hpp"

#include <v2v/text/characters.hpp>
#include <v2v/text/printable.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace v2v::input_vmx {
namespace {

struct Bus {
  const char *name;
  Controller controller;
};
constexpr std::array<Bus, 4> buses = {{{"scsi", Controller::scsi},
                                       {"nvme", Controller::nvme},
                                       {"sata", Controller::sata},
                                       {"ide", Controller::ide}}};

constexpr std::size_t most_disks = 1000;  // VMware ends before

enum class DeviceType { disk, removable, mapping, other };

/// Products disagree about which word goes with which bus, and mostly write none for a disk.
DeviceType device_type(const std::string &written) {
  const auto text = text::lower(written);
  for (const auto *word : {"", "disk", "plaindisk", "rawdisk", "scsi-harddisk", "ata-harddisk",
                           "sata-harddisk", "nvme-harddisk"})
    if (text == word) return DeviceType::disk;
  if (is_removable_type(written)) return DeviceType::removable;
  return ends_with(text, "-rdm") ? DeviceType::mapping : DeviceType::other;
}

/// A disk of mode nonpersistent or undoable that was in use when the guest stopped: what was written
/// since is in a file of its own, without which the disk is in the middle of something. Without that file
/// any mode is readable: independent disks only stay out of snapshots.
void refuse_redo_log(const VmxFile &vmx, const std::string &place, const std::string &disk,
                     const std::string &file) {
  const auto redo = vmx.text(place + ".redo");
  if (redo.empty()) return;
  throw Error(Code::unsupported,
              fmt::format("{} \"{}\" (mode {}) has its latest changes in a redo log, \"{}\"", place,
                          text::printable(disk), text::printable(vmx.text(place + ".mode")),
                          text::printable(redo)),
              file,
              "start the guest in VMware and shut it down from within, which ends the redo log; or "
              "make the disk persistent there");
}

void add_disk(std::vector<DiskEntry> &disks, DiskEntry entry, const std::string &file) {
  const auto same = std::find_if(disks.begin(), disks.end(),
                                 [&](const DiskEntry &other) { return other.file == entry.file; });
  if (same != disks.end())
    throw Error(Code::corrupt,
                fmt::format("{} and {} are the same disk, \"{}\"", same->place, entry.place,
                            text::printable(entry.file)),
                file, "remove one of them from the VMX");
  if (disks.size() >= most_disks)
    throw Error(Code::corrupt, fmt::format("it has more than {} disks", most_disks), file,
                "give the guest's own .vmx file");
  disks.push_back(std::move(entry));
}

}  // namespace

std::vector<DiskEntry> read_disks(const VmxFile &vmx, const std::string &file, const Warn &warn) {
  std::vector<DiskEntry> disks;
  for (const auto &bus : buses)
    for (const auto &[controller, unit] : vmx.places(bus.name)) {
      const auto place = fmt::format("{}{}:{}", bus.name, controller, unit);
      const auto type = vmx.text(place + ".devicetype");
      const auto name = vmx.text(place + ".filename");
      switch (device_type(type)) {
        case DeviceType::disk:
          if (name.empty()) break;
          refuse_redo_log(vmx, place, name, file);
          add_disk(disks, {place, name, bus.controller}, file);
          break;
        case DeviceType::removable:
          break;
        case DeviceType::mapping:
          throw Error(
              Code::unsupported,
              fmt::format("{} \"{}\" is a raw device mapping: its bytes are on a device, not "
                          "in the guest's files",
                          place, text::printable(name)),
              file,
              "turn it into a virtual disk in VMware (migrate it, or vmkfstools -i), or give "
              "all disks with -i disk");
        case DeviceType::other:
          warn(fmt::format("{}: {} of type \"{}\" is no disk and is ignored", file, place,
                           text::printable(type)));
      }
    }
  return disks;
}

}  // namespace v2v::input_vmx
