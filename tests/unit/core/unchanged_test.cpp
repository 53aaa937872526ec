// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A guest that is moved as it is: the devices it gets, and what its disks tell without an appliance.
#include "collecting_reporter.hpp"
#include "disk/disk_fixture.hpp"

#include <core/convert/disk_ends.hpp>
#include <core/convert/unchanged.hpp>
#include <core/guest/disk_layout.hpp>

namespace v2v::test {
namespace {

using ::testing::HasSubstr;

Source source_with(std::vector<Controller> controllers, std::vector<std::string> models = {}) {
  Source source;
  source.name = "web";
  for (const auto controller : controllers) source.disks.emplace_back().controller = controller;
  for (const auto &model : models) source.nics.emplace_back().model = model;
  return source;
}

TEST(UnchangedCaps, AreEmulatedDevicesOfOldMachines) {
  const auto caps =
      core::unchanged_caps(source_with({Controller::scsi}, {"vmxnet3"}), Firmware::bios);
  EXPECT_EQ(caps.block_bus, BlockBus::ide);
  EXPECT_EQ(caps.net_bus, NetBus::e1000);
  EXPECT_EQ(caps.machine, Machine::i440fx);
  EXPECT_EQ(caps.arch, "x86_64");
  EXPECT_FALSE(caps.virtio_rng || caps.virtio_balloon || caps.virtio_socket || caps.isa_pvpanic);
  EXPECT_THAT(core::unchanged_warning(caps),
              HasSubstr("disks go on IDE, its network cards become e1000"));
}

TEST(UnchangedCaps, OfMachinesThatAreNewerHaveSata) {
  const auto machine = [](const Source &source, Firmware firmware) {
    return core::unchanged_caps(source, firmware).machine;
  };
  EXPECT_EQ(machine(source_with({Controller::scsi}), Firmware::uefi), Machine::q35);
  EXPECT_EQ(machine(source_with({Controller::ide, Controller::sata}), Firmware::bios),
            Machine::q35);
  EXPECT_EQ(machine(source_with({Controller::nvme}), Firmware::bios), Machine::q35);
  EXPECT_EQ(machine(source_with({Controller::ide}), Firmware::bios), Machine::i440fx);
  auto with_tpm = source_with({Controller::ide});
  with_tpm.tpm = true;
  EXPECT_EQ(machine(with_tpm, Firmware::bios), Machine::q35);
  EXPECT_THAT(core::unchanged_warning(
                  core::unchanged_caps(source_with({Controller::nvme}), Firmware::uefi)),
              HasSubstr("disks go on SATA"));
}

TEST(UnchangedCaps, KeepVirtioThatTheGuestHasAlready) {
  const auto caps = core::unchanged_caps(
      source_with({Controller::virtio_blk, Controller::virtio_blk}, {"virtio"}), Firmware::bios);
  EXPECT_EQ(caps.block_bus, BlockBus::virtio_blk);
  EXPECT_EQ(caps.net_bus, NetBus::virtio);
  EXPECT_FALSE(caps.virtio_1_0);
  EXPECT_THAT(core::unchanged_warning(caps), HasSubstr("disks stay on virtio-blk"));
  const auto mixed = core::unchanged_caps(
      source_with({Controller::virtio_blk, Controller::ide}, {"virtio", "e1000"}), Firmware::bios);
  EXPECT_EQ(mixed.block_bus, BlockBus::ide);
  EXPECT_EQ(mixed.net_bus, NetBus::e1000);
  EXPECT_EQ(core::unchanged_caps(source_with({Controller::virtio_scsi}), Firmware::bios).block_bus,
            BlockBus::virtio_scsi);
}

TEST(UnchangedCaps, HaveTheClockOfWindowsIfTheSourceSaysSo) {
  auto source = source_with({Controller::ide});
  EXPECT_TRUE(core::unchanged_caps(source, Firmware::bios).rtc_utc);
  EXPECT_EQ(core::not_inspected(source).type, "unknown");
  source.os_type = "windows";
  EXPECT_FALSE(core::unchanged_caps(source, Firmware::bios).rtc_utc);
  EXPECT_EQ(core::not_inspected(source).type, "windows");
}

class DiskEnds : public DiskTest {
 protected:
  DiskEnds() : journal_(directory_.path()) {}

  Disk disk_of(const std::string &image, const std::string &format) const {
    Disk disk;
    disk.location = file(image, format);
    return disk;
  }
  /// A GPT with an EFI System Partition.
  std::string make_uefi_disk(const std::string &name) const {
    const auto image = make_raw(name);
    patch(image, 446 + 4, "\xee");
    patch(image, 512, "EFI PART");
    patch(image, 512 + 72, std::string("\2\0\0\0\0\0\0\0\x80\0\0\0\x80\0\0\0", 16));
    patch(image, 1024,
          std::string("\x28\x73\x2a\xc1\x1f\xf8\xd2\x11\xba\x4b\x00\xa0\xc9\x3e\xc9\x3b", 16));
    return image;
  }

  CollectingReporter reporter_;
  core::Cancellation never_;
  core::Journal journal_;
  core::PluginEnvironment environment_{reporter_, never_, journal_, directory_.path(), {}};
};

TEST_F(DiskEnds, TellTheFirmwareThatTheSourceDoesNot) {
  Source source;
  const auto bios = make_raw("bios.raw");
  source.disks = {disk_of(bios, "raw"),
                  disk_of(convert(make_uefi_disk("uefi.raw"), "uefi.qcow2", "qcow2"), "qcow2")};
  EXPECT_EQ(core::firmware_of(source, environment_), Firmware::uefi);
  source.disks.pop_back();
  EXPECT_EQ(core::firmware_of(source, environment_), Firmware::bios);
  source.firmware = Firmware::uefi;
  source.disks.front().location.path = "/nonexistent";  // is not asked
  EXPECT_EQ(core::firmware_of(source, environment_), Firmware::uefi);
}

TEST_F(DiskEnds, AreThoseOfTheWholeChain) {
  const auto base = make_raw("base.raw");
  patch(base, 0, "boot sector");
  run({"qemu-img", "create", "-q", "-f", "qcow2", "-F", "raw", "-b", base, path("top.qcow2")});
  auto top = file(path("top.qcow2"), "qcow2");
  top.references = true;
  const auto start = core::read_ends(top, 0, environment_);
  EXPECT_EQ(start.size(), core::disk_start_size);
  EXPECT_EQ(start.substr(0, 11), "boot sector");
  std::filesystem::remove(base);
  const auto error = error_of([&] { core::read_ends(top, 1, environment_); });
  EXPECT_THAT(error.what(), HasSubstr("top.qcow2"));
}

TEST_F(DiskEnds, OfADiskSmallerThanAllThatIsLookedAt) {
  write_file(path("small.raw"), std::string(1024, 'x'));
  EXPECT_EQ(core::read_ends(file(path("small.raw")), 0, environment_), std::string(1024, 'x'));
}

}  // namespace
}  // namespace v2v::test
