// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The fields of what an input, the inspection and a converter tell: errors, the source, the
// inspection, guest caps. exchange_io.hpp says how these lists serve both directions.
#pragma once

#include <v2v/exchange_io.hpp>

namespace v2v {

// ---- Errors -----------------------------------------------------------------------------------

/// Lenient, so that a message is never lost for the shape it came in. A code that is not known
/// counts as internal.
inline Error from_c(const v2v_error &c) {
  const std::int32_t code = V2V_GET(v2v_error, &c, code, V2V_E_INTERNAL);
  const bool known = code > V2V_OK && code <= V2V_E_CANCELLED;
  const std::string what = detail::text(V2V_GET(v2v_error, &c, what, nullptr));
  return Error(known ? static_cast<Code>(code) : Code::internal,
               what.empty() ? "the plugin gave no reason" : what,
               detail::text(V2V_GET(v2v_error, &c, object, nullptr)),
               detail::text(V2V_GET(v2v_error, &c, remedy, nullptr)));
}

// ---- The source -------------------------------------------------------------------------------

template <>
struct Fields<v2v_location> {
  using Value = Location;
  template <class Io, class C, class V>
  static void all(Io &io, C &c, V &v) {
    io.whole("v2v_location", V2V_HAS(v2v_location, &c, references), c.size);
    io.strict(c.type, v.type, "the type of a location",
              {Location::Type::file, Location::Type::uri, Location::Type::fd});
    io.text(c.path, v.path);
    io.present(c.format, v.format);
    io.number(c.offset, v.offset);
    io.number(c.length, v.length);
    io.number(c.fd, v.fd);
    io.yes_no(c.references, v.references);
  }
};

namespace detail {
inline constexpr std::initializer_list<Controller> controllers = {
    Controller::unknown, Controller::ide,        Controller::sata,       Controller::scsi,
    Controller::nvme,    Controller::virtio_blk, Controller::virtio_scsi};
inline constexpr std::initializer_list<Firmware> firmwares = {Firmware::unknown, Firmware::bios,
                                                              Firmware::uefi};
}  // namespace detail

template <>
struct Fields<v2v_disk> {
  using Value = Disk;
  template <class Io, class C, class V>
  static void all(Io &io, C &c, V &v) {
    io.whole("v2v_disk", V2V_HAS(v2v_disk, &c, id), c.size);
    io.choice(c.controller, v.controller, Controller::unknown, detail::controllers);
    io.nested(c.location, v.location, "v2v_disk's location");
    io.text(c.id, v.id);
  }
};

template <>
struct Fields<v2v_removable> {
  using Value = Removable;
  template <class Io, class C, class V>
  static void all(Io &io, C &c, V &v) {
    io.whole("v2v_removable", V2V_HAS(v2v_removable, &c, slot), c.size);
    io.strict(c.type, v.type, "the type of a removable drive",
              {Removable::Type::cdrom, Removable::Type::floppy});
    io.choice(c.controller, v.controller, Controller::unknown, detail::controllers);
    io.if_known(c.slot, v.slot);
  }
};

template <>
struct Fields<v2v_nic> {
  using Value = Nic;
  template <class Io, class C, class V>
  static void all(Io &io, C &c, V &v) {
    io.whole("v2v_nic", V2V_HAS(v2v_nic, &c, reserved), c.size);
    io.strict(c.type, v.type, "the type of a network card",
              {Nic::Type::network, Nic::Type::bridge});
    io.text(c.mac, v.mac);
    io.text(c.network, v.network);
    io.text(c.model, v.model);
    io.if_known(c.pci_slot, v.pci_slot);
  }
};

template <>
struct Fields<v2v_display> {
  using Value = Display;
  template <class Io, class C, class V>
  static void all(Io &io, C &c, V &v) {
    io.whole("v2v_display", V2V_HAS(v2v_display, &c, listen), c.size);
    io.choice(c.type, v.type, Display::Type::vnc,
              {Display::Type::window, Display::Type::vnc, Display::Type::spice});
    io.if_known(c.port, v.port);
    io.text(c.keymap, v.keymap);
    io.text(c.password, v.password);
    io.text(c.listen, v.listen);
  }
};

template <>
struct Fields<v2v_source> {
  using Value = Source;
  template <class Io, class C, class V>
  static void all(Io &io, C &c, V &v) {
    io.whole("v2v_source", V2V_HAS(v2v_source, &c, os_type), c.size);
    io.number(c.vcpus, v.vcpus);
    io.number(c.memory, v.memory);
    io.present(c.name, v.name);
    io.text(c.genid, v.genid);
    io.text(c.hypervisor, v.hypervisor);
    io.text(c.cpu_vendor, v.cpu_vendor);
    io.text(c.cpu_model, v.cpu_model);
    io.number(c.cpu_sockets, v.cpu_sockets);
    io.number(c.cpu_cores, v.cpu_cores);
    io.number(c.cpu_threads, v.cpu_threads);
    io.choice(c.firmware, v.firmware, Firmware::unknown, detail::firmwares);
    io.tristate(c.secure_boot, v.secure_boot);
    io.tristate(c.tpm, v.tpm);
    io.texts(c.features, v.features);
    io.nested_if_there(c.display, v.display);
    io.text(c.sound, v.sound);
    io.list(c.disks, v.disks);
    io.list(c.removables, v.removables);
    io.list(c.nics, v.nics);
    io.text(c.os_type, v.os_type);
  }
};

// ---- Inspection and guest caps ----------------------------------------------------------------

template <>
struct Fields<v2v_mountpoint> {
  using Value = Mountpoint;
  template <class Io, class C, class V>
  static void all(Io &io, C &c, V &v) {
    io.whole("v2v_mountpoint", V2V_HAS(v2v_mountpoint, &c, device), c.size);
    io.present(c.path, v.path);
    io.present(c.device, v.device);
  }
};

template <>
struct Fields<v2v_filesystem> {
  using Value = Filesystem;
  template <class Io, class C, class V>
  static void all(Io &io, C &c, V &v) {
    io.whole("v2v_filesystem", V2V_HAS(v2v_filesystem, &c, type), c.size);
    io.present(c.device, v.device);
    io.present(c.type, v.type);
  }
};

template <>
struct Fields<v2v_application> {
  using Value = Application;
  template <class Io, class C, class V>
  static void all(Io &io, C &c, V &v) {
    io.whole("v2v_application", V2V_HAS(v2v_application, &c, arch), c.size);
    io.number(c.epoch, v.epoch);
    io.present(c.name, v.name);
    io.present(c.version, v.version);
    io.present(c.release, v.release);
    io.present(c.arch, v.arch);
  }
};

template <>
struct Fields<v2v_inspection> {
  using Value = Inspection;
  template <class Io, class C, class V>
  static void all(Io &io, C &c, V &v) {
    io.whole("v2v_inspection", V2V_HAS(v2v_inspection, &c, reserved), c.size);
    io.number(c.major_version, v.major_version);
    io.number(c.minor_version, v.minor_version);
    io.choice(c.firmware, v.firmware, Firmware::unknown, detail::firmwares);
    io.present(c.root, v.root);
    io.present(c.type, v.type);
    io.present(c.distro, v.distro);
    io.present(c.arch, v.arch);
    io.present(c.osinfo, v.osinfo);
    io.text(c.package_format, v.package_format);
    io.text(c.package_management, v.package_management);
    io.text(c.product_name, v.product_name);
    io.text(c.product_variant, v.product_variant);
    io.list(c.mountpoints, v.mountpoints);
    io.list(c.filesystems, v.filesystems);
    io.list(c.applications, v.applications);
    io.texts(c.esp_devices, v.esp_devices);
    io.if_known(c.boot_disk, v.boot_disk);
  }
};

template <>
struct Fields<v2v_guest_caps> {
  using Value = GuestCaps;
  template <class Io, class C, class V>
  static void all(Io &io, C &c, V &v) {
    io.whole("v2v_guest_caps", V2V_HAS(v2v_guest_caps, &c, osinfo), c.size);
    io.strict(c.block_bus, v.block_bus, "block_bus of the guest caps",
              {BlockBus::ide, BlockBus::virtio_blk, BlockBus::virtio_scsi});
    io.strict(c.net_bus, v.net_bus, "net_bus of the guest caps",
              {NetBus::e1000, NetBus::virtio, NetBus::rtl8139});
    io.strict(c.machine, v.machine, "machine of the guest caps",
              {Machine::i440fx, Machine::q35, Machine::virt});
    io.yes_no(c.virtio_rng, v.virtio_rng);
    io.yes_no(c.virtio_balloon, v.virtio_balloon);
    io.yes_no(c.virtio_socket, v.virtio_socket);
    io.yes_no(c.isa_pvpanic, v.isa_pvpanic);
    io.yes_no(c.virtio_1_0, v.virtio_1_0);
    io.yes_no(c.rtc_utc, v.rtc_utc);
    io.number(c.arch_min_version, v.arch_min_version);
    io.present(c.arch, v.arch);
    io.text(c.osinfo, v.osinfo);
  }
};

}  // namespace v2v
