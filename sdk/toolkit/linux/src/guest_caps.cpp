// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See guest_caps.hpp.
#include <v2v/linux/guest_caps.hpp>
#include <v2v/linux/initramfs_check.hpp>
#include <v2v/linux/text_edit.hpp>

#include <algorithm>
#include <cstdlib>
#include <initializer_list>

namespace v2v::linux {
namespace {

bool one_of(const std::string &name, std::initializer_list<const char *> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_x86(const std::string &arch) {
  return one_of(arch, {"x86_64", "i386", "i486", "i586", "i686", "unknown"});
}

/// Whether its versions are those of RHEL, which the rules by version below are about.
bool counts_like_rhel(const std::string &distro) {
  return distro_family(distro) == DistroFamily::redhat &&
         !one_of(distro, {"fedora", "kylin", "neokylin", "amazonlinux", "azurelinux", "openeuler",
                          "opencloudos", "tencentos"});
}

/// The first distribution versions that run on q35.
bool runs_on_q35(const Inspection &inspection) {
  switch (distro_family(inspection.distro)) {
    case DistroFamily::redhat:
      return !counts_like_rhel(inspection.distro) || inspection.major_version > 4;
    case DistroFamily::suse:
      return inspection.major_version >= 10;
    case DistroFamily::debian:
      // Debian's testing and unstable have no number.
      return inspection.major_version >= 4 || inspection.major_version == 0;
    case DistroFamily::alt:
    case DistroFamily::other:
      break;
  }
  return true;
}

/// Modern virtio came with Linux 4.0, and to RHEL 7 and SLES 12 by backport. An older guest does
/// not see a device that is modern only.
bool has_virtio_1_0(const Inspection &inspection, const Kernel &kernel) {
  if (counts_like_rhel(inspection.distro)) return inspection.major_version >= 7;
  if (distro_family(inspection.distro) == DistroFamily::suse && inspection.distro != "opensuse")
    return inspection.major_version >= 12;
  return std::strtol(kernel.version.c_str(), nullptr, 10) >= 4;
}

}  // namespace

DistroFamily distro_family(const std::string &distro) {
  if (one_of(distro, {"debian", "ubuntu", "linuxmint", "kalilinux", "debian-based"}))
    return DistroFamily::debian;
  if (one_of(distro, {"fedora", "rhel", "centos", "circle", "scientificlinux", "redhat-based",
                      "oraclelinux", "rocky", "almalinux", "kylin", "neokylin", "anolis",
                      "amazonlinux", "azurelinux", "openeuler", "opencloudos", "tencentos"}))
    return DistroFamily::redhat;
  if (one_of(distro, {"sles", "suse-based", "opensuse"})) return DistroFamily::suse;
  return distro == "altlinux" ? DistroFamily::alt : DistroFamily::other;
}

std::string ide_prefix(const Inspection &inspection) {
  const auto family = distro_family(inspection.distro);
  const bool old = (counts_like_rhel(inspection.distro) && inspection.major_version <= 5) ||
                   (family == DistroFamily::suse && inspection.major_version <= 10);
  return old ? "hd" : "sd";
}

GuestCaps linux_guest_caps(const Inspection &inspection, const Kernel &kernel) {
  GuestCaps caps;
  caps.block_bus = kernel.virtio_blk ? BlockBus::virtio_blk : BlockBus::ide;
  caps.net_bus = kernel.virtio_net ? NetBus::virtio : NetBus::e1000;
  caps.virtio_rng = kernel.virtio_rng;
  caps.virtio_balloon = kernel.virtio_balloon;
  caps.virtio_socket = kernel.virtio_socket;
  caps.isa_pvpanic = kernel.isa_pvpanic;
  caps.rtc_utc = true;
  caps.arch = is_x86(inspection.arch) ? "x86_64" : inspection.arch;
  caps.virtio_1_0 = has_virtio_1_0(inspection, kernel);
  if (!is_x86(inspection.arch)) {
    caps.machine = Machine::virt;
    caps.virtio_1_0 = true;
  } else {
    // q35 has no IDE, only SATA, and a kernel too old for virtio may be too old for that as well.
    // UEFI guests are young enough.
    const bool ide = !kernel.virtio_blk && inspection.firmware != Firmware::uefi;
    caps.machine = ide || !runs_on_q35(inspection) ? Machine::i440fx : Machine::q35;
  }
  // Red Hat builds release 9 for x86-64-v2 and 10 for v3.
  if (counts_like_rhel(inspection.distro) && inspection.arch == "x86_64" &&
      inspection.major_version >= 9)
    caps.arch_min_version = inspection.major_version >= 10 ? 3 : 2;
  return caps;
}

std::vector<std::string> boot_modules(const GuestCaps &caps) {
  if (caps.block_bus == BlockBus::virtio_blk) return virtio_boot_modules();
  // sd_mod for the disk on either; what the kernel has built in is not asked for.
  return {"ata_piix", "ahci", "sd_mod"};
}

}  // namespace v2v::linux
