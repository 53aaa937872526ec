// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/convert/unchanged.hpp>

#include <core/convert/disk_ends.hpp>
#include <core/guest/disk_layout.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace v2v::core {
namespace {

bool all_disks_on(const Source &source, Controller controller) {
  return !source.disks.empty() &&
         std::all_of(source.disks.begin(), source.disks.end(),
                     [=](const Disk &disk) { return disk.controller == controller; });
}

bool has_disk_on(const Source &source, std::initializer_list<Controller> controllers) {
  return std::any_of(source.disks.begin(), source.disks.end(), [=](const Disk &disk) {
    return std::find(controllers.begin(), controllers.end(), disk.controller) != controllers.end();
  });
}

bool all_nics_are(const Source &source, const char *model) {
  return !source.nics.empty() && std::all_of(source.nics.begin(), source.nics.end(),
                                             [=](const Nic &nic) { return nic.model == model; });
}

const char *place_of(const GuestCaps &caps) {
  if (caps.block_bus == BlockBus::virtio_blk) return "stay on virtio-blk";
  if (caps.block_bus == BlockBus::virtio_scsi) return "stay on virtio-scsi";
  return caps.machine == Machine::q35 ? "go on SATA" : "go on IDE";
}

const char *model_of(const GuestCaps &caps) {
  if (caps.net_bus == NetBus::virtio) return "virtio-net";
  return caps.net_bus == NetBus::rtl8139 ? "rtl8139" : "e1000";
}

}  // namespace

Inspection not_inspected(const Source &source) {
  Inspection inspection;
  // Outputs get an inspection only if it has a root.
  inspection.root = inspection.distro = inspection.osinfo = "unknown";
  inspection.package_format = inspection.package_management = "unknown";
  inspection.type = source.os_type == "windows" ? source.os_type : "unknown";
  inspection.arch = "x86_64";
  return inspection;
}

Firmware firmware_of(const Source &source, const PluginEnvironment &environment) {
  if (source.firmware != Firmware::unknown) return source.firmware;
  std::vector<DiskStart> starts;
  for (unsigned i = 0; i < source.disks.size(); ++i)
    starts.push_back(
        {fmt::format("disk {}", i + 1), read_ends(source.disks[i].location, i, environment)});
  return detect_firmware(starts, source.firmware).firmware;
}

GuestCaps unchanged_caps(const Source &source, Firmware firmware) {
  GuestCaps caps;
  caps.arch = "x86_64";
  if (all_disks_on(source, Controller::virtio_blk)) caps.block_bus = BlockBus::virtio_blk;
  if (all_disks_on(source, Controller::virtio_scsi)) caps.block_bus = BlockBus::virtio_scsi;
  if (all_nics_are(source, "virtio")) caps.net_bus = NetBus::virtio;
  if (all_nics_are(source, "rtl8139")) caps.net_bus = NetBus::rtl8139;
  const bool modern = firmware == Firmware::uefi || source.secure_boot.value_or(false) ||
                      source.tpm.value_or(false) ||
                      has_disk_on(source, {Controller::sata, Controller::nvme});
  caps.machine = modern ? Machine::q35 : Machine::i440fx;
  caps.virtio_1_0 = false;  // transitional devices serve old and new drivers
  caps.rtc_utc = source.os_type != "windows";
  return caps;
}

std::string unchanged_warning(const GuestCaps &caps) {
  return fmt::format(
      "The guest is moved as it is (--convert none): its disks {}, its network cards become {}. "
      "Nobody "
      "has looked whether it has drivers for them, its boot loader, fstab, network configuration "
      "and "
      "the old hypervisor's tools are what they were, and deleted blocks are copied as well. See "
      "that "
      "it starts before the source is removed.",
      place_of(caps), model_of(caps));
}

}  // namespace v2v::core
