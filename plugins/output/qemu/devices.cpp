// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See devices.hpp.
#include "devices.hpp"
#include <v2v/text/printable.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "quoting.hpp"

namespace v2v::output_qemu {
namespace {

using machine::Drive;

constexpr unsigned ports_per_ahci = 6;
// With more virtio disks than this they share PCI slots, eight functions to a slot.
constexpr unsigned disks_with_own_slot = 16;
// Slots 8 and up are free: QEMU fills the bus from the lowest slot, and little comes before disks.
constexpr unsigned first_shared_slot = 8;
constexpr unsigned functions_per_slot = 8;
constexpr unsigned floppy_drives = 2;

class Drives {
 public:
  Drives(Arguments &arguments, const Metadata &metadata, std::vector<Drive> drives)
      : arguments_(arguments),
        // q35 brings an AHCI controller, named ide, with it; i440fx does not.
        built_in_ahci_(machine::effective_machine(metadata) == Machine::q35),
        built_in_floppy_(machine::effective_machine(metadata) == Machine::i440fx),
        drives_(std::move(drives)) {}

  void controllers() {
    if (count(Drive::Bus::scsi) > 0) arguments_.add("-device", "virtio-scsi-pci,id=scsi0");
    unsigned ports = 0;
    for (const Drive &drive : drives_)
      if (drive.bus == Drive::Bus::sata) ports = std::max(ports, drive.slot + 1);
    for (unsigned number = built_in_ahci_ ? 1 : 0; number * ports_per_ahci < ports; ++number)
      arguments_.add("-device", "ich9-ahci,id=" + ahci(number));
    if (count(Drive::Bus::floppy) > 0 && !built_in_floppy_)
      arguments_.add("-device", "isa-fdc,id=floppy-bus");
  }

  void add(const Drive &drive, const std::vector<machine::DiskSource> &disks) {
    const bool disk = drive.kind == Drive::Kind::disk;
    std::string device = place(drive);
    if (disk) {
      const std::string id = fmt::format("drive-{}-{}", machine::bus_name(drive.bus), drive.slot);
      const auto &source = disks.at(drive.disk);
      arguments_.add("-drive", fmt::format("file={},format={},if=none,id={},media=disk",
                                           option_value(source.path), source.format, id));
      device += fmt::format(",drive={},bootindex={}", id, drive.boot_order);
    }
    arguments_.add("-device", device);
  }

  const std::vector<Drive> &all() const { return drives_; }

 private:
  unsigned count(Drive::Bus bus) const {
    return static_cast<unsigned>(std::count_if(drives_.begin(), drives_.end(), [&](const Drive &d) {
      return d.bus == bus && d.kind != Drive::Kind::empty;
    }));
  }

  std::string ahci(unsigned number) const {
    return number == 0 && built_in_ahci_ ? "ide" : fmt::format("ahci{}", number);
  }

  /// The device and its place, without its drive.
  std::string place(const Drive &drive) const {
    const std::string kind = drive.kind == Drive::Kind::disk ? "hd" : "cd";
    switch (drive.bus) {
      case Drive::Bus::virtio:
        return "virtio-blk-pci" + shared_slot(drive.slot);
      case Drive::Bus::ide:
        return fmt::format("ide-{},bus=ide.{},unit={}", kind, drive.slot / 2, drive.slot % 2);
      case Drive::Bus::sata:
        return fmt::format("ide-{},bus={}.{}", kind, ahci(drive.slot / ports_per_ahci),
                           drive.slot % ports_per_ahci);
      case Drive::Bus::scsi:
        return fmt::format("scsi-{},bus=scsi0.0,lun={}", kind, drive.slot);
      case Drive::Bus::floppy:
        return fmt::format("floppy,bus=floppy-bus.0,unit={}", drive.slot);
    }
    return {};
  }

  std::string shared_slot(unsigned place) const {
    if (count(Drive::Bus::virtio) <= disks_with_own_slot) return {};
    return fmt::format(",addr={:#x}.{},multifunction=on",
                       first_shared_slot + place / functions_per_slot, place % functions_per_slot);
  }

  Arguments &arguments_;
  bool built_in_ahci_;
  bool built_in_floppy_;
  std::vector<Drive> drives_;
};

}  // namespace

void Arguments::add(const std::string &name, const std::string &value) {
  lines_.push_back(name + " " + shell_word(value));
}

void add_drives(Arguments &arguments, const Metadata &metadata,
                const std::vector<machine::DiskSource> &disks, const machine::Warn &warn) {
  const bool x86 = machine::is_x86(metadata.caps.arch);
  Drives drives(arguments, metadata, machine::plan_drives(metadata, x86, warn));
  drives.controllers();
  for (const Drive &drive : drives.all()) {
    if (drive.kind == Drive::Kind::empty) continue;
    if (drive.bus == Drive::Bus::floppy && drive.slot >= floppy_drives)
      warn(fmt::format("QEMU has {} floppy drives; the others are left out", floppy_drives));
    else
      drives.add(drive, disks);
  }
}

void add_nics(Arguments &arguments, const Metadata &metadata, const machine::Warn &warn) {
  const char *model = metadata.caps.net_bus == NetBus::virtio    ? "virtio-net-pci"
                      : metadata.caps.net_bus == NetBus::rtl8139 ? "rtl8139"
                                                                 : "e1000";
  for (std::size_t i = 0; i < metadata.source.nics.size(); ++i) {
    arguments.add("-netdev", fmt::format("user,id=net{}", i));
    const auto mac = machine::usable_mac(metadata.source.nics[i], warn);
    arguments.add("-device",
                  fmt::format("{},netdev=net{}{}", model, i, mac.empty() ? "" : ",mac=" + mac));
  }
}

void add_sound(Arguments &arguments, const Source &source, const machine::Warn &warn) {
  if (source.sound.empty()) return;
  static const std::map<std::string, std::vector<std::string>> devices = {
      {"ac97", {"AC97,audiodev=audio0"}},
      {"es1370", {"ES1370,audiodev=audio0"}},
      {"ich6", {"intel-hda", "hda-duplex,audiodev=audio0"}},
      {"ich9", {"ich9-intel-hda", "hda-duplex,audiodev=audio0"}},
      {"sb16", {"sb16,audiodev=audio0"}},
      {"usb", {"usb-audio,audiodev=audio0"}}};
  const auto found = devices.find(source.sound);
  if (found == devices.end() && source.sound != "pcspk") {
    warn(fmt::format("QEMU has no sound card \"{}\"; it is left out",
                     text::printable(source.sound)));
    return;
  }
  arguments.add_shell("-audiodev", "\"$audio,id=audio0\"");
  if (found == devices.end()) {
    arguments.add("-machine", "pcspk-audiodev=audio0");
    return;
  }
  for (const auto &device : found->second) arguments.add("-device", device);
}

void add_small_devices(Arguments &arguments, const GuestCaps &caps) {
  if (caps.virtio_rng) {
    arguments.add("-object", "rng-random,filename=/dev/urandom,id=rng0");
    arguments.add("-device", "virtio-rng-pci,rng=rng0");
  }
  if (caps.virtio_balloon) arguments.add("-device", "virtio-balloon");
  if (caps.isa_pvpanic && machine::is_x86(caps.arch))
    arguments.add("-device", "pvpanic,ioport=0x505");
}

}  // namespace v2v::output_qemu
