// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/openstack/image_properties.hpp>

#include <v2v/text/printable.hpp>

#include <fmt/format.h>

namespace v2v::openstack {
namespace {

using Properties = std::map<std::string, std::string>;

std::string disk_bus(const GuestCaps &caps, Machine machine) {
  switch (caps.block_bus) {
    case BlockBus::virtio_blk:
      return "virtio";
    case BlockBus::virtio_scsi:
      return "scsi";
    case BlockBus::ide:
    case BlockBus::none:
      break;
  }
  // Only i440fx has IDE; on another chipset libvirt refuses the server that Nova asks for.
  return machine == Machine::i440fx ? "ide" : "sata";
}

std::string nic_model(NetBus bus) {
  switch (bus) {
    case NetBus::virtio:
      return "virtio";
    case NetBus::e1000:
      return "e1000";
    case NetBus::rtl8139:
      return "rtl8139";
  }
  return "e1000";
}

/// The names that Glance knows, where libguestfs has others.
std::string distro_name(const std::string &distro) {
  if (distro == "archlinux") return "arch";
  if (distro == "sles") return "sled";
  return distro;
}

void add_system(const Inspection &inspection, Properties &properties) {
  const auto add = [&](const char *name, const std::string &value) {
    if (!value.empty() && value != "unknown") properties[name] = text::printable(value, 255);
  };
  add("os_type", inspection.type);
  add("os_distro", distro_name(inspection.distro));
  if (inspection.minor_version > 0)
    add("os_version", fmt::format("{}.{}", inspection.major_version, inspection.minor_version));
  else if (inspection.major_version > 0)
    add("os_version", std::to_string(inspection.major_version));
}

void add_processor(const Source &source, const machine::Warn &warn, Properties &properties) {
  if (machine::has_topology(source, warn)) {
    properties["hw_cpu_sockets"] = std::to_string(source.cpu_sockets);
    properties["hw_cpu_cores"] = std::to_string(source.cpu_cores);
    properties["hw_cpu_threads"] = std::to_string(source.cpu_threads);
  } else {
    properties["hw_cpu_sockets"] = "1";
    properties["hw_cpu_cores"] = std::to_string(source.vcpus);
  }
}

}  // namespace

Properties image_properties(const Metadata &metadata, const machine::Warn &warn) {
  const auto &caps = metadata.caps;
  const auto machine = machine::effective_machine(metadata);
  Properties properties = {
      {"architecture", text::printable(caps.arch)},
      {"hypervisor_type", "kvm"},
      {"vm_mode", "hvm"},
      {"hw_disk_bus", disk_bus(caps, machine)},
      {"hw_vif_model", nic_model(caps.net_bus)},
      {"hw_video_model", "vga"},
      {"hw_machine_type", machine == Machine::i440fx ? "pc"
                          : machine == Machine::q35  ? "q35"
                                                     : "virt"},
  };
  add_system(metadata.inspection, properties);
  add_processor(metadata.source, warn, properties);
  if (caps.block_bus == BlockBus::virtio_scsi) properties["hw_scsi_model"] = "virtio-scsi";
  if (caps.virtio_rng) properties["hw_rng_model"] = "virtio";
  if (metadata.firmware == Firmware::uefi) properties["hw_firmware_type"] = "uefi";
  // Where the cloud can do it; a guest that has Secure Boot also starts without.
  if (machine::wants_secure_boot(metadata)) properties["os_secure_boot"] = "optional";
  return properties;
}

std::uint64_t least_memory(const Source &source) {
  constexpr std::uint64_t mib = 1u << 20;
  return (source.memory + mib - 1) / mib;
}

}  // namespace v2v::openstack
