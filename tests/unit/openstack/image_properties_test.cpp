// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <v2v/openstack/image_properties.hpp>

#include "../plugins/output_fixture.hpp"

namespace v2v::test {
namespace {

using Properties = std::map<std::string, std::string>;

Properties of(const Metadata &guest) {
  return openstack::image_properties(guest, {});
}

TEST(ImageProperties, OfALinuxGuest) {
  auto guest = debian_guest();
  guest.inspection.major_version = 12;
  guest.inspection.minor_version = 5;
  guest.caps.virtio_rng = true;
  guest.source.vcpus = 3;
  EXPECT_EQ(of(guest), (Properties{{"architecture", "x86_64"},
                                   {"hypervisor_type", "kvm"},
                                   {"vm_mode", "hvm"},
                                   {"hw_disk_bus", "virtio"},
                                   {"hw_vif_model", "virtio"},
                                   {"hw_video_model", "vga"},
                                   {"hw_machine_type", "q35"},
                                   {"hw_cpu_sockets", "1"},
                                   {"hw_cpu_cores", "3"},
                                   {"hw_rng_model", "virtio"},
                                   {"os_type", "linux"},
                                   {"os_distro", "debian"},
                                   {"os_version", "12.5"}}));
}

TEST(ImageProperties, OfAUefiGuestWithSecureBootAndSeveralThreads) {
  auto guest = debian_guest();
  guest.firmware = Firmware::uefi;
  guest.source.secure_boot = true;
  guest.source.vcpus = 8;
  guest.source.cpu_sockets = 2;
  guest.source.cpu_cores = 2;
  guest.source.cpu_threads = 2;
  guest.caps.machine = Machine::i440fx;
  use_bus(guest, BlockBus::virtio_scsi);
  const auto properties = of(guest);
  EXPECT_EQ(properties.at("hw_firmware_type"), "uefi");
  EXPECT_EQ(properties.at("os_secure_boot"), "optional");
  EXPECT_EQ(properties.at("hw_machine_type"), "q35");
  EXPECT_EQ(properties.at("hw_disk_bus"), "scsi");
  EXPECT_EQ(properties.at("hw_scsi_model"), "virtio-scsi");
  EXPECT_EQ(properties.at("hw_cpu_sockets"), "2");
  EXPECT_EQ(properties.at("hw_cpu_cores"), "2");
  EXPECT_EQ(properties.at("hw_cpu_threads"), "2");
}

TEST(ImageProperties, OfAGuestWithoutVirtio) {
  auto guest = debian_guest();
  use_bus(guest, BlockBus::ide);
  guest.caps.net_bus = NetBus::e1000;
  guest.caps.machine = Machine::i440fx;
  EXPECT_EQ(of(guest).at("hw_disk_bus"), "ide");
  EXPECT_EQ(of(guest).at("hw_vif_model"), "e1000");
  EXPECT_EQ(of(guest).at("hw_machine_type"), "pc");
  guest.caps.machine = Machine::q35;  // which has no IDE
  EXPECT_EQ(of(guest).at("hw_disk_bus"), "sata");
}

TEST(ImageProperties, NamesAndVersionsAsGlanceHasThem) {
  auto guest = debian_guest();
  const auto version = [&](const char *distro, int major, int minor) {
    guest.inspection.distro = distro;
    guest.inspection.major_version = major;
    guest.inspection.minor_version = minor;
    const auto properties = of(guest);
    const auto found = properties.find("os_version");
    return properties.at("os_distro") + " " + (found == properties.end() ? "-" : found->second);
  };
  EXPECT_EQ(version("archlinux", 0, 0), "arch -");
  EXPECT_EQ(version("sles", 15, 0), "sled 15");
  EXPECT_EQ(version("windows", 6, 3), "windows 6.3");
  guest.inspection.distro = "unknown";
  EXPECT_EQ(of(guest).count("os_distro"), 0u);
}

TEST(ImageProperties, MemoryIsRoundedUp) {
  Source source;
  source.memory = (std::uint64_t{1} << 30) + 1;
  EXPECT_EQ(openstack::least_memory(source), 1025u);
}

}  // namespace
}  // namespace v2v::test
