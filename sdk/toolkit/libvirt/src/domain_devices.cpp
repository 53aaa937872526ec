// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See domain_devices.hpp. One function for each kind of device, in the order of the elements.
#include "domain_devices.hpp"
#include <v2v/text/characters.hpp>
#include <v2v/text/printable.hpp>
#include <v2v/xml/xml.hpp>

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <regex>

namespace v2v::libvirt {
namespace {

// From the letter of a drive libvirt finds its place: seven units to a SCSI controller (its
// domain_conf.c, "narrow SCSI bus").
constexpr unsigned units_per_scsi_controller = 7;

class Devices {
 public:
  Devices(pugi::xml_node node, const Metadata &metadata, const machine::Warn &warn)
      : node_(node),
        metadata_(metadata),
        warn_(warn),
        virtio_(machine::wants_transitional(metadata) ? "virtio-transitional" : "virtio") {}

  void drives(const std::vector<machine::DiskSource> &disks, bool floppy_supported) {
    const auto drives = machine::plan_drives(metadata_, floppy_supported, warn_);
    scsi_controllers(drives);
    for (const machine::Drive &drive : drives) {
      if (drive.kind == machine::Drive::Kind::empty)
        xml::comment(node_,
                     fmt::format("{} slot {} is empty", machine::bus_name(drive.bus), drive.slot));
      else if (drive.kind == machine::Drive::Kind::disk)
        disk(drive, disks.at(drive.disk));
      else
        removable(drive);
    }
  }

  void nic(const Nic &nic) {
    const bool bridge = nic.type == Nic::Type::bridge;
    const char *word = bridge ? "bridge" : "network";
    std::string network = nic.network.empty() ? "default" : nic.network;
    if (bridge) network = bridge_name(network);
    auto interface = xml::add(node_, "interface", {{"type", word}});
    xml::add(interface, "source", {{word, network}});
    xml::add(interface, "model", {{"type", nic_model()}});
    if (const auto mac = machine::usable_mac(nic, warn_); !mac.empty())
      xml::add(interface, "mac", {{"address", mac}});
  }

  void video() {
    xml::add(xml::add(node_, "video"), "model",
             {{"type", "vga"}, {"vram", "16384"}, {"heads", "1"}});
  }

  void graphics() {
    const auto &display = metadata_.source.display;
    if (!display) {
      xml::add(node_, "graphics", {{"type", "vnc"}, {"autoport", "yes"}});
      return;
    }
    if (display->type == Display::Type::window) {
      xml::add(node_, "graphics", {{"type", "sdl"}});
      return;
    }
    auto graphics = xml::add(node_, "graphics",
                             {{"type", display->type == Display::Type::vnc ? "vnc" : "spice"}});
    if (display->port && *display->port > 0 && *display->port <= 65535)
      xml::set(graphics, {{"port", std::to_string(*display->port)}});
    else
      xml::set(graphics, {{"autoport", "yes"}});
    if (!display->keymap.empty()) xml::set(graphics, {{"keymap", display->keymap}});
    // An error message would show the password, so this is not left to xml::set.
    if (!text::is_xml_text(display->password))
      say("libvirt XML cannot hold the display's password; set one with virsh edit");
    else if (!display->password.empty())
      xml::set(graphics, {{"passwd", display->password}});
    listen(graphics, display->listen);
  }

  void sound() {
    const std::string &model = metadata_.source.sound;
    if (model.empty()) return;
    constexpr std::array known = {"ac97", "es1370", "ich6", "ich9", "pcspk", "sb16", "usb"};
    if (std::find(known.begin(), known.end(), model) == known.end()) {
      say(fmt::format("libvirt knows no sound card \"{}\"; it is left out",
                      text::printable(model)));
      return;
    }
    xml::add(node_, "sound", {{"model", model}});
  }

  void from_caps() {
    const GuestCaps &caps = metadata_.caps;
    if (caps.virtio_rng)
      xml::add(xml::add(node_, "rng", {{"model", virtio_}}), "backend", {{"model", "random"}},
               "/dev/urandom");
    xml::add(node_, "memballoon", {{"model", caps.virtio_balloon ? virtio_ : "none"}});
    if (caps.isa_pvpanic && machine::is_x86(caps.arch))
      xml::add(xml::add(node_, "panic", {{"model", "isa"}}), "address",
               {{"type", "isa"}, {"iobase", "0x505"}});
    if (caps.virtio_socket) xml::add(node_, "vsock", {{"model", virtio_}});
  }

  void tpm() {
    if (!metadata_.source.tpm.value_or(false)) return;
    auto tpm = xml::add(node_, "tpm",
                        {{"model", machine::is_x86(metadata_.caps.arch) ? "tpm-crb" : "tpm-tis"}});
    xml::add(tpm, "backend", {{"type", "emulator"}, {"version", "2.0"}});
  }

  void inputs_and_consoles() {
    xml::add(node_, "input", {{"type", "tablet"}, {"bus", "usb"}});
    // A machine without PS/2 refuses such a mouse.
    if (machine::is_x86(metadata_.caps.arch))
      xml::add(node_, "input", {{"type", "mouse"}, {"bus", "ps2"}});
    xml::add(node_, "console", {{"type", "pty"}});
    xml::add(node_, "controller", {{"type", "virtio-serial"}, {"model", virtio_}});
    xml::add(xml::add(node_, "channel", {{"type", "unix"}}), "target",
             {{"type", "virtio"}, {"name", "org.qemu.guest_agent.0"}});
  }

 private:
  /// Left to itself libvirt would give an x86 guest an LSI controller, for which a guest that was
  /// converted to virtio-scsi has no driver.
  void scsi_controllers(const std::vector<machine::Drive> &drives) {
    unsigned units = 0;
    for (const machine::Drive &drive : drives)
      if (drive.bus == machine::Drive::Bus::scsi) units = std::max(units, drive.letter + 1);
    const unsigned controllers =
        (units + units_per_scsi_controller - 1) / units_per_scsi_controller;
    for (unsigned index = 0; index < controllers; ++index)
      xml::add(node_, "controller",
               {{"type", "scsi"},
                {"index", std::to_string(index)},
                {"model", virtio_ == "virtio" ? "virtio-scsi" : virtio_}});
  }

  void disk(const machine::Drive &drive, const machine::DiskSource &source) {
    const char *const types[] = {"file", "block", "volume"};
    auto disk = xml::add(node_, "disk",
                         {{"type", types[static_cast<int>(source.kind)]}, {"device", "disk"}});
    if (drive.bus == machine::Drive::Bus::virtio && virtio_ != "virtio")
      xml::set(disk, {{"model", virtio_}});
    xml::add(disk, "driver", {{"name", "qemu"}, {"type", source.format}});
    if (source.kind == machine::DiskSource::Kind::file)
      xml::add(disk, "source", {{"file", source.path}});
    else if (source.kind == machine::DiskSource::Kind::block)
      xml::add(disk, "source", {{"dev", source.path}});
    else
      xml::add(disk, "source", {{"pool", source.pool}, {"volume", source.path}});
    xml::add(disk, "target", {{"dev", drive.target}, {"bus", machine::bus_name(drive.bus)}});
    xml::add(disk, "boot", {{"order", std::to_string(drive.boot_order)}});
  }

  void removable(const machine::Drive &drive) {
    const bool cdrom = drive.kind == machine::Drive::Kind::cdrom;
    auto disk = xml::add(node_, "disk", {{"device", cdrom ? "cdrom" : "floppy"}, {"type", "file"}});
    xml::add(disk, "driver", {{"name", "qemu"}, {"type", "raw"}});
    auto target = xml::add(disk, "target", {{"dev", drive.target}});
    if (cdrom) xml::set(target, {{"bus", machine::bus_name(drive.bus)}});
  }

  std::string nic_model() const {
    switch (metadata_.caps.net_bus) {
      case NetBus::virtio:
        return virtio_;
      case NetBus::rtl8139:
        return "rtl8139";
      case NetBus::e1000:
        break;
    }
    return "e1000";
  }

  /// A bridge is a network interface of the machine that runs the guest; the source's name for it
  /// need not be possible there.
  std::string bridge_name(const std::string &name) const {
    xml::check("the name of a bridge of the source", name);
    std::string possible = std::regex_replace(name, std::regex("[^a-zA-Z0-9_.\\-:/ ]"), "_");
    if (possible != name)
      say(fmt::format(
          "\"{}\" cannot be the name of a bridge; the XML says \"{}\"; say which bridge "
          "is meant with --bridge",
          text::printable(name), possible));
    return possible;
  }

  static void listen(pugi::xml_node graphics, const std::string &where) {
    if (where.empty()) return;
    std::array<unsigned char, sizeof(in6_addr)> parsed{};
    const bool address = inet_pton(AF_INET, where.c_str(), parsed.data()) == 1 ||
                         inet_pton(AF_INET6, where.c_str(), parsed.data()) == 1;
    if (address)
      xml::add(graphics, "listen", {{"type", "address"}, {"address", where}});
    else if (where == "none")
      xml::add(graphics, "listen", {{"type", "none"}});
    else
      xml::add(graphics, "listen", {{"type", "network"}, {"network", where}});
  }

  void say(const std::string &message) const {
    if (warn_) warn_(message);
  }

  pugi::xml_node node_;
  const Metadata &metadata_;
  const machine::Warn &warn_;
  const std::string virtio_;
};

}  // namespace

void add_devices(pugi::xml_node domain, const Metadata &metadata,
                 const std::vector<machine::DiskSource> &disks, const TargetFeatures &target,
                 const machine::Warn &warn) {
  Devices devices(xml::add(domain, "devices"), metadata, warn);
  devices.drives(disks, target.floppy);
  for (const Nic &nic : metadata.source.nics) devices.nic(nic);
  devices.video();
  devices.graphics();
  devices.sound();
  devices.from_caps();
  devices.tpm();
  devices.inputs_and_consoles();
}

}  // namespace v2v::libvirt
