// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/convert/describe.hpp>

#include <core/convert/words.hpp>
#include <core/disk/qemu_location.hpp>

#include <fmt/format.h>

namespace v2v::core {
namespace {

// "0.9 GB (943718400 bytes)" reads badly in a table, so one decimal of a gigabyte it is.
std::string gigabytes(std::uint64_t bytes) {
  return fmt::format("{:.1f} GB", static_cast<double>(bytes) / (1 << 30));
}

const char *yes_no(bool value) {
  return value ? "yes" : "no";
}

std::string known(const std::string &value, const char *otherwise = "not known") {
  return value.empty() ? otherwise : value;
}

// ", 2 sockets of 2 cores of 1 thread, Westmere", as far as it is known.
std::string processor(const Source &source) {
  std::string text;
  if (source.cpu_sockets)
    text += fmt::format(", {} sockets of {} cores of {} threads", source.cpu_sockets,
                        source.cpu_cores, source.cpu_threads);
  return source.cpu_model.empty() ? text : text + ", " + source.cpu_model;
}

std::string removable(const Removable &drive) {
  return fmt::format("{} ({}{})", drive.type == Removable::Type::floppy ? "floppy" : "CD-ROM",
                     word(drive.controller),
                     drive.slot ? fmt::format(", slot {}", *drive.slot) : "");
}

}  // namespace

std::string disk_name(const Disk &disk) {
  return disk.id.empty() ? disk.location.path : disk.id;
}

Error about_disk(const Error &error, const std::vector<Disk> &disks) {
  for (const Disk &disk : disks)
    if (disk.location.type == Location::Type::uri && !disk.id.empty() &&
        error.object() == display_name(disk.location))
      return Error(error.code(), error.failure(), disk.id, error.remedy());
  return error;
}

std::string describe_source(const Source &source) {
  std::string text =
      fmt::format("Source:\n  name: {}{}\n  memory: {} MiB\n  vCPUs: {}{}", source.name,
                  source.hypervisor.empty() ? "" : ", from " + source.hypervisor,
                  source.memory >> 20, source.vcpus, processor(source));
  text += fmt::format("\n  firmware: {}{}{}", word(source.firmware),
                      source.secure_boot.value_or(false) ? ", Secure Boot" : "",
                      source.tpm.value_or(false) ? ", TPM" : "");
  for (std::size_t i = 0; i < source.disks.size(); ++i) {
    const auto &disk = source.disks[i];
    text += fmt::format("\n  disk {}: {} ({}, {})", i + 1, disk_name(disk), disk.location.format,
                        word(disk.controller));
  }
  for (std::size_t i = 0; i < source.removables.size(); ++i)
    text += fmt::format("\n  removable drive {}: {}", i + 1, removable(source.removables[i]));
  for (const auto &nic : source.nics)
    text += fmt::format("\n  NIC: MAC {}, {} {}, model {}", known(nic.mac),
                        nic.type == Nic::Type::bridge ? "bridge" : "network",
                        known(nic.network, "default"), known(nic.model));
  if (source.display) text += fmt::format("\n  display: {}", word(source.display->type));
  if (!source.sound.empty()) text += "\n  sound: " + source.sound;
  return text;
}

std::string describe_inspection(const Inspection &inspection) {
  std::string text = fmt::format(
      "Inspection:\n  root: {}\n  system: {} {} {}.{} on {}\n  product: {}\n  osinfo: {}"
      "\n  firmware: {}\n  packages: {} ({})",
      inspection.root, inspection.type, inspection.distro, inspection.major_version,
      inspection.minor_version, inspection.arch, known(inspection.product_name),
      known(inspection.osinfo), word(inspection.firmware), inspection.applications.size(),
      known(inspection.package_format));
  for (const auto &[path, device] : inspection.mountpoints)
    text += fmt::format("\n  {} is on {}", path, device);
  for (const auto &[device, type] : inspection.filesystems)
    text += fmt::format("\n  {}: {}", device, type);
  text += inspection.boot_disk ? fmt::format("\n  boots from disk {}", *inspection.boot_disk + 1)
                               : "\n  boot disk: not known";
  return text;
}

std::string describe_space(const std::vector<FilesystemUsage> &usage,
                           const std::vector<TargetDisk> &disks) {
  std::string text = "Space:";
  for (const auto &filesystem : usage)
    text += fmt::format("\n  {} ({}): {} of {} free", filesystem.mountpoint, filesystem.type,
                        gigabytes(filesystem.free), gigabytes(filesystem.size));
  for (const auto &disk : disks)
    text += fmt::format("\n  disk {}: {}, about {} of it to copy", disk.index + 1,
                        gigabytes(disk.virtual_size), gigabytes(disk.estimated_size));
  return text;
}

std::string describe_caps(const GuestCaps &caps) {
  return fmt::format(
      "Guest caps:\n  disks: {}\n  network: {}\n  machine: {} ({})\n  virtio 1.0: {}\n  rng: {}, "
      "balloon: {}, vsock: {}, pvpanic: {}\n  clock: {}",
      word(caps.block_bus), word(caps.net_bus), word(caps.machine), caps.arch,
      yes_no(caps.virtio_1_0), yes_no(caps.virtio_rng), yes_no(caps.virtio_balloon),
      yes_no(caps.virtio_socket), yes_no(caps.isa_pvpanic), caps.rtc_utc ? "UTC" : "local time");
}

std::optional<std::string> unmet_block_driver(BlockBus wanted, BlockBus got) {
  if (wanted == BlockBus::none || wanted == got) return std::nullopt;
  return fmt::format("--block-driver {} is not followed: the disks of this guest go on {}",
                     word(wanted), word(got));
}

std::string guest_in_words(const Inspection &inspection) {
  auto product = inspection.product_name;
  const bool has_product = !product.empty() && product != "unknown";
  // Of Debian libguestfs tells only the number.
  if (has_product && product.find_first_not_of("0123456789.") == std::string::npos)
    product = inspection.distro + " " + product;
  const bool has_id = !inspection.osinfo.empty() && inspection.osinfo != "unknown";
  if (has_product && has_id) return fmt::format("{} ({})", product, inspection.osinfo);
  if (has_product) return product;
  if (has_id) return inspection.osinfo + " guest";
  return "the guest";
}

}  // namespace v2v::core
