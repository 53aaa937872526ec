// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/convert/guest_facts.hpp>

#include <core/convert/describe.hpp>
#include <core/convert/words.hpp>
#include <core/disk/qemu_location.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <v2v/text/human_size.hpp>

#include <algorithm>
#include <tuple>
#include <utility>

namespace v2v::core {
namespace {

class Traits {
 public:
  explicit Traits(const Known &known) : known_(known) {}

  std::vector<Trait> all() {
    machine();
    system();
    disks();
    network();
    return std::move(traits_);
  }

 private:
  void add(const char *group, const std::string &name, const std::string &before,
           const std::string &after) {
    if (!before.empty() || !after.empty()) traits_.push_back({group, name, before, after});
  }
  /// What the conversion leaves as it is.
  void same(const char *group, const std::string &name, const std::string &value) {
    add(group, name, value, value);
  }

  bool in_place() const { return known_.settings.in_place != InPlace::no; }
  bool has_caps() const { return !known_.caps.arch.empty(); }
  void machine();
  void system();
  void disks();
  void network();
  std::string processors() const;
  std::string other_devices() const;
  std::string place(Slot::Type type, unsigned index) const;
  std::string new_disk(unsigned index) const;

  const Known &known_;
  std::vector<Trait> traits_;
};

void Traits::machine() {
  const auto &before = known_.before;
  const auto &caps = known_.caps;
  const char *group = "Machine";
  const auto &wanted_name = known_.settings.output_request.name;
  add(group, "Name", before.name, wanted_name.empty() ? before.name : wanted_name);
  add(group, "Where",
      fmt::format("-i {} {}", known_.settings.input,
                  fmt::join(known_.settings.input_request.arguments, " ")),
      in_place()      ? "the same disks"
      : known_.target ? known_.target->destination
                      : "");
  add(group, "Hypervisor", before.hypervisor, "KVM");
  if (has_caps()) add(group, "Chipset", "", fmt::format("{} ({})", word(caps.machine), caps.arch));
  const bool told = before.firmware != Firmware::unknown;
  add(group, "Firmware", told ? word(before.firmware) : "",
      known_.firmware == Firmware::unknown ? "" : word(known_.firmware));
  if (before.secure_boot) add(group, "Secure Boot", *before.secure_boot ? "on" : "off", "");
  if (before.tpm) add(group, "TPM", *before.tpm ? "there" : "none", "");
  same(group, "Processors", processors());
  same(group, "Memory", text::human_size(before.memory));
  if (has_caps()) {
    add(group, "Clock", "", caps.rtc_utc ? "UTC" : "local time");
    add(group, "Other devices", "", other_devices());
  }
  if (before.display) same(group, "Display", word(before.display->type));
  same(group, "Sound", before.sound);
}

std::string Traits::processors() const {
  const auto &before = known_.before;
  auto text = std::to_string(before.vcpus);
  if (before.cpu_sockets)
    text +=
        fmt::format(" ({} × {} × {})", before.cpu_sockets, before.cpu_cores, before.cpu_threads);
  return before.cpu_model.empty() ? text : text + ", " + before.cpu_model;
}

std::string Traits::other_devices() const {
  std::string text;
  const auto offer = [&](bool wanted, const char *name) {
    if (wanted) text += (text.empty() ? "" : ", ") + std::string(name);
  };
  offer(known_.caps.virtio_rng, "virtio-rng");
  offer(known_.caps.virtio_balloon, "virtio-balloon");
  offer(known_.caps.virtio_socket, "vsock");
  offer(known_.caps.isa_pvpanic, "pvpanic");
  return text.empty() ? "none" : text;
}

void Traits::system() {
  const auto &found = known_.inspection;
  if (found.type.empty()) return;
  const char *group = "System";
  same(group, "Operating system", guest_in_words(found));
  same(group, "Architecture", found.arch);
  if (!found.applications.empty())
    same(group, "Packages",
         found.package_format.empty()
             ? std::to_string(found.applications.size())
             : fmt::format("{} ({})", found.applications.size(), found.package_format));
  for (const auto &[path, device] : found.mountpoints) {
    const auto type = std::find_if(found.filesystems.begin(), found.filesystems.end(),
                                   [&, &on = device](const auto &one) { return one.device == on; });
    same(group, path,
         type == found.filesystems.end() ? device : fmt::format("{} on {}", type->type, device));
  }
}

/// "virtio-blk 1": where a disk or a drive is plugged in on the new machine.
std::string Traits::place(Slot::Type type, unsigned index) const {
  const std::pair<const char *, const std::vector<Slot> *> buses[] = {
      {"virtio-blk", &known_.buses.virtio_blk},
      {"IDE", &known_.buses.ide},
      {"virtio-scsi", &known_.buses.scsi},
      {"floppy", &known_.buses.floppy}};
  for (const auto &[name, slots] : buses)
    for (std::size_t i = 0; i < slots->size(); ++i)
      if ((*slots)[i].type == type && (*slots)[i].index == index)
        return fmt::format("{} {}", name, i + 1);
  return {};
}

std::string Traits::new_disk(unsigned index) const {
  auto text = place(Slot::Type::disk, index);
  if (index >= known_.disks.size()) return text;
  if (in_place()) return word(known_.caps.block_bus);
  const auto &[wanted, target] = std::tie(known_.disks[index].wanted, known_.disks[index].target);
  const auto add = [&](const std::string &more) {
    if (!more.empty()) text += (text.empty() ? "" : ", ") + more;
  };
  add(wanted.format);
  if (target.mode == Target::Mode::discard) return text;
  add(!target.display_name.empty() ? target.display_name
      : target.location            ? display_name(*target.location)
                                   : "");
  return text;
}

void Traits::disks() {
  const auto &source = known_.before;
  for (unsigned i = 0; i < source.disks.size(); ++i) {
    const auto &disk = source.disks[i];
    auto before =
        fmt::format("{}, {}, {}", word(disk.controller), disk.location.format, disk_name(disk));
    if (i < known_.disks.size())
      before = text::human_size(known_.disks[i].source_size) + ", " + before;
    add("Disks", fmt::format("Disk {}", i + 1), before, has_caps() ? new_disk(i) : "");
  }
  for (unsigned i = 0; i < source.removables.size(); ++i) {
    const auto &drive = source.removables[i];
    add("Disks", drive.type == Removable::Type::floppy ? "Floppy drive" : "CD-ROM drive",
        word(drive.controller), place(Slot::Type::removable, i));
  }
}

void Traits::network() {
  const auto describe = [](const Nic &nic) {
    return fmt::format("{} {}", nic.type == Nic::Type::bridge ? "bridge" : "network",
                       nic.network.empty() ? "default" : nic.network);
  };
  for (std::size_t i = 0; i < known_.before.nics.size(); ++i) {
    const auto &before = known_.before.nics[i], &now = known_.source.nics[i];
    auto old = describe(before);
    if (!before.model.empty()) old = before.model + ", " + old;
    add("Network", before.mac.empty() ? fmt::format("Card {}", i + 1) : before.mac, old,
        has_caps() ? fmt::format("{}, {}", word(known_.caps.net_bus), describe(now)) : "");
  }
}

}  // namespace

void map_disks(std::vector<DiskUnderway> &disks, const Cancellation &cancellation,
               Reporter &reporter) {
  for (auto &disk : disks) {
    if (!disk.overlay || disk.contents.size == 0 || disk.map) continue;
    try {
      disk.map = map_disk(*disk.overlay, disk.contents, cancellation);
    } catch (const Error &error) {
      if (error.code() == Code::cancelled) throw;
      reporter.warning(std::string("the report has no map of a disk: ") + error.what());
      disk.map.emplace();
    }
  }
}

GuestFacts facts_of(const Known &known) {
  GuestFacts found;
  found.guest = known.before.name;
  if (!known.inspection.type.empty()) found.system = guest_in_words(known.inspection);
  found.traits = Traits(known).all();
  for (std::size_t i = 0; i < known.disks.size(); ++i)
    if (known.disks[i].map)
      found.disks.emplace_back(disk_name(known.before.disks[i]), *known.disks[i].map);
  return found;
}

}  // namespace v2v::core
