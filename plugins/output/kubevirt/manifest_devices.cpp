// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See manifest_devices.hpp.
#include "manifest_devices.hpp"

#include <fmt/format.h>

#include <v2v/text/printable.hpp>

#include "names.hpp"

namespace v2v::output_kubevirt {
namespace {

std::string disk_name(const machine::Drive &drive) {
  return fmt::format("disk-{}", drive.disk);
}

// KubeVirt has virtio, scsi, sata and usb.
const char *bus_of(const machine::Drive &drive) {
  switch (drive.bus) {
    case machine::Drive::Bus::virtio:
      return "virtio";
    case machine::Drive::Bus::scsi:
      return "scsi";
    case machine::Drive::Bus::ide:
    case machine::Drive::Bus::sata:
    case machine::Drive::Bus::floppy:
      break;
  }
  return "sata";
}

}  // namespace

Devices::Devices(const Metadata &metadata, const machine::Warn &warn)
    : metadata_(metadata), warn_(warn) {
  plan_drives();
  plan_cards();
  const std::string &sound = metadata.source.sound;
  if (sound == "ac97" || sound == "ich9")
    sound_ = sound;
  else if (!sound.empty())
    say(fmt::format("KubeVirt has no sound card \"{}\"; it is left out", text::printable(sound)));
}

void Devices::say(const std::string &message) const {
  if (warn_) warn_(message);
}

void Devices::plan_drives() {
  bool removables = false, ide = false;
  for (const auto &drive : machine::plan_drives(metadata_, true, warn_)) {
    if (drive.kind == machine::Drive::Kind::empty) continue;
    if (drive.kind != machine::Drive::Kind::disk) {
      removables = true;
      continue;
    }
    ide |= drive.bus == machine::Drive::Bus::ide;
    disks_.push_back(drive);
  }
  if (ide) say("KubeVirt has no IDE: the disks are on SATA, for which the guest needs a driver");
  if (removables)
    say("drives without a medium are left out: KubeVirt has no floppy drives, and a CD-ROM drive "
        "belongs to a volume");
}

void Devices::plan_cards() {
  bool pod_taken = false;
  for (const Nic &nic : metadata_.source.nics) {
    Card card;
    card.name = fmt::format("nic-{}", cards_.size());
    card.mac = machine::usable_mac(nic, warn_);
    card.model = metadata_.caps.net_bus == NetBus::virtio    ? "virtio"
                 : metadata_.caps.net_bus == NetBus::rtl8139 ? "rtl8139"
                                                             : "e1000";
    const std::string network = nic.network.empty() ? "default" : nic.network;
    const bool pod = network == "default" && nic.type == Nic::Type::network;
    if (!pod || pod_taken) {
      card.multus = fit_network(network);
      if (card.multus.empty()) card.multus = "network";
      say(fmt::format(
          "network card {} needs the NetworkAttachmentDefinition \"{}\"{}{}; say which network is "
          "meant with --network, where \"default\" is the network of the pod",
          cards_.size() + 1, card.multus,
          card.multus == network ? "" : fmt::format(" (for \"{}\")", text::printable(network)),
          pod ? ", because one card only can be on the network of the pod" : ""));
    }
    pod_taken |= pod;
    cards_.push_back(card);
  }
}

void Devices::write_domain(Yaml &yaml) const {
  const GuestCaps &caps = metadata_.caps;
  yaml.map("devices", [&] {
    if (machine::wants_transitional(metadata_)) yaml.flag("useVirtioTransitional", true);
    if (!caps.virtio_balloon) yaml.flag("autoattachMemBalloon", false);
    // Without any card KubeVirt would add one.
    if (cards_.empty()) yaml.flag("autoattachPodInterface", false);
    write_disks(yaml);
    write_interfaces(yaml);
    // With a tablet the pointer in a VNC window is where it should be.
    yaml.list("inputs", [&] {
      yaml.map([&] {
        yaml.word("type", "tablet");
        yaml.word("bus", "usb");
        yaml.word("name", "tablet");
      });
    });
    if (caps.virtio_rng) yaml.empty("rng");
    if (!sound_.empty())
      yaml.map("sound", [&] {
        yaml.word("name", "sound");
        yaml.word("model", sound_);
      });
    if (metadata_.source.tpm.value_or(false))
      yaml.map("tpm", [&] { yaml.flag("persistent", true); });
  });
}

void Devices::write_disks(Yaml &yaml) const {
  yaml.list("disks", [&] {
    for (const auto &drive : disks_)
      yaml.map([&] {
        yaml.word("name", disk_name(drive));
        yaml.map("disk", [&] { yaml.word("bus", bus_of(drive)); });
        yaml.number("bootOrder", drive.boot_order);
      });
  });
}

void Devices::write_interfaces(Yaml &yaml) const {
  if (cards_.empty()) return;
  yaml.list("interfaces", [&] {
    for (const auto &card : cards_)
      yaml.map([&] {
        yaml.word("name", card.name);
        // Only the network of the pod can be masqueraded.
        yaml.empty(card.multus.empty() ? "masquerade" : "bridge");
        if (!card.mac.empty()) yaml.text("macAddress", card.mac);
        yaml.word("model", card.model);
      });
  });
}

void Devices::write_instance(Yaml &yaml, const std::vector<machine::DiskSource> &disks) const {
  yaml.list("volumes", [&] {
    for (const auto &drive : disks_)
      yaml.map([&] {
        yaml.word("name", disk_name(drive));
        yaml.map("hostDisk", [&] {
          yaml.text("path", disks.at(drive.disk).path);
          yaml.word("type", "Disk");
        });
      });
  });
  if (cards_.empty()) return;
  yaml.list("networks", [&] {
    for (const auto &card : cards_)
      yaml.map([&] {
        yaml.word("name", card.name);
        if (card.multus.empty())
          yaml.empty("pod");
        else
          yaml.map("multus", [&] { yaml.text("networkName", card.multus); });
      });
  });
}

}  // namespace v2v::output_kubevirt
