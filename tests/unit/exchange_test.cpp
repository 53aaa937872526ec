// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Values survive the way across the boundary and back, and a struct from somebody older or careless
// is read without touching what is not there.
#include <v2v/exchange_target.hpp>

#include <gtest/gtest.h>

namespace v2v {
namespace {

Source full_source() {
  Source source;
  source.name = "späte Gäste 1";
  source.memory = std::uint64_t{3} << 40;
  source.vcpus = 7;
  source.genid = "g";
  source.hypervisor = "vmware";
  source.cpu_vendor = "v";
  source.cpu_model = "m";
  source.cpu_sockets = 1;
  source.cpu_cores = 7;
  source.cpu_threads = 1;
  source.firmware = Firmware::uefi;
  source.secure_boot = true;
  source.tpm = false;
  source.features = {"acpi", "pae"};
  source.display = Display{Display::Type::spice, 5900, "de", "secret", "0.0.0.0"};
  source.sound = "ich9";
  source.disks = {
      {Controller::nvme, {Location::Type::file, "/a b", "vmdk", 512, 1024, -1, true}, "d"}};
  source.removables = {{Removable::Type::cdrom, Controller::ide, 2},
                       {Removable::Type::floppy, Controller::unknown, {}}};
  source.nics = {{Nic::Type::bridge, "52:54:00:00:00:01", "br0", "vmxnet3", {}}};
  return source;
}

TEST(Exchange, SourceSurvives) {
  Lender lender;
  const auto before = full_source();
  const auto after = from_c(*to_c(lender, before));
  EXPECT_EQ(after.name, before.name);
  EXPECT_EQ(after.memory, before.memory);
  EXPECT_EQ(after.vcpus, 7u);
  EXPECT_EQ(after.firmware, Firmware::uefi);
  EXPECT_EQ(after.secure_boot, true);
  EXPECT_EQ(after.tpm, false);
  EXPECT_EQ(after.features, before.features);
  ASSERT_TRUE(after.display);
  EXPECT_EQ(after.display->port, 5900u);
  ASSERT_EQ(after.disks.size(), 1u);
  EXPECT_EQ(after.disks[0].controller, Controller::nvme);
  EXPECT_EQ(after.disks[0].location.path, "/a b");
  EXPECT_EQ(after.disks[0].location.offset, 512u);
  EXPECT_EQ(after.disks[0].location.length, 1024u);
  EXPECT_TRUE(after.disks[0].location.references);
  ASSERT_EQ(after.removables.size(), 2u);
  EXPECT_EQ(after.removables[0].slot, 2u);
  EXPECT_EQ(after.removables[1].slot, std::nullopt);
  ASSERT_EQ(after.nics.size(), 1u);
  EXPECT_EQ(after.nics[0].type, Nic::Type::bridge);
  EXPECT_EQ(after.nics[0].mac, "52:54:00:00:00:01");
}

TEST(Exchange, WhatIsNotKnownStaysUnknown) {
  Lender lender;
  const auto after = from_c(*to_c(lender, Source{}));
  EXPECT_EQ(after.secure_boot, std::nullopt);
  EXPECT_EQ(after.tpm, std::nullopt);
  EXPECT_FALSE(after.display);
  EXPECT_TRUE(after.genid.empty());
}

TEST(Exchange, MetadataSurvives) {
  Metadata before;
  before.name = "n";
  before.generator = "v2v 0";
  before.firmware = Firmware::uefi;
  before.source = full_source();
  before.inspection.root = "/dev/sda1";
  before.inspection.boot_disk = 0;
  before.inspection.applications = {{"linux-image", "6.1", "1", "amd64", 2}};
  before.inspection.mountpoints = {{"/", "/dev/sda1"}};
  before.caps.block_bus = BlockBus::virtio_scsi;
  before.caps.arch = "x86_64";
  before.buses.scsi = {{Slot::Type::empty, 0}, {Slot::Type::disk, 0}};
  before.disks = {{0, "raw", 100, 50}};
  Lender lender;
  const auto after = from_c(*to_c(lender, before));
  EXPECT_EQ(after.inspection.applications[0].epoch, 2);
  EXPECT_EQ(after.inspection.boot_disk, 0u);
  EXPECT_EQ(after.caps.block_bus, BlockBus::virtio_scsi);
  ASSERT_EQ(after.buses.scsi.size(), 2u);
  EXPECT_EQ(after.buses.scsi[1].type, Slot::Type::disk);
  EXPECT_EQ(after.disks[0].estimated_size, 50u);
}

/// The message with which this struct is refused.
template <class C>
std::string refusal(const C &c) {
  try {
    from_c(c);
  } catch (const Error &error) {
    return error.failure();
  }
  ADD_FAILURE() << "not refused";
  return {};
}

TEST(Exchange, RefusesAStructSmallerThanTheFirstVersionHadIt) {
  v2v_nic nic{};
  nic.size = offsetof(v2v_nic, model);
  nic.mac = reinterpret_cast<const char *>(1);  // reading it would crash
  EXPECT_EQ(refusal(nic), "a v2v_nic of 24 bytes is smaller than plugin ABI 1.0 has it");

  // Members of arrays and what structs point to as well: an author who forgot one `size`.
  v2v_location location{};
  location.format = "raw";
  v2v_disk disk{};
  disk.size = sizeof disk;
  disk.location = &location;
  EXPECT_EQ(refusal(disk), "a v2v_location of 0 bytes is smaller than plugin ABI 1.0 has it");
  location.size = sizeof location;
  disk.size = 4;
  const v2v_disk *const disks[] = {&disk, nullptr};
  v2v_source source{};
  source.size = sizeof source;
  source.disks = disks;
  EXPECT_EQ(refusal(source), "a v2v_disk of 4 bytes is smaller than plugin ABI 1.0 has it");
}

TEST(Exchange, RefusesWhatMustBeThereAndIsNot) {
  v2v_metadata metadata{};
  metadata.size = sizeof metadata;
  EXPECT_EQ(refusal(metadata), "v2v_metadata's source must be there and is missing");
}

TEST(Exchange, AnErrorIsNeverLostForItsShape) {
  v2v_error error{};
  EXPECT_EQ(from_c(error).failure(), "the plugin gave no reason");
  error.size = offsetof(v2v_error, object);
  error.code = 99;
  error.what = "the shelf is full";
  error.object = reinterpret_cast<const char *>(1);  // reading it would crash
  const Error read = from_c(error);
  EXPECT_STREQ(read.what(), "the shelf is full");
  EXPECT_EQ(read.code(), Code::internal);
}

TEST(Exchange, NullArraysAreEmpty) {
  v2v_source source{};
  source.size = sizeof source;
  source.name = "x";
  const auto value = from_c(source);
  EXPECT_TRUE(value.disks.empty());
  EXPECT_TRUE(value.features.empty());
}

TEST(Exchange, NumbersThatAreNotKnownAreNeverTakenForOthers) {
  v2v_location location{};
  location.size = sizeof location;
  location.type = 99;
  EXPECT_EQ(refusal(location), "the type of a location is 99, which is not understood");
  v2v_nic nic{};
  nic.size = sizeof nic;
  nic.type = 0;
  EXPECT_EQ(refusal(nic), "the type of a network card is 0, which is not understood");
  v2v_guest_caps caps{};
  caps.size = sizeof caps;
  caps.block_bus = V2V_BUS_VIRTIO_SCSI + 1;
  EXPECT_EQ(refusal(caps), "block_bus of the guest caps is 4, which is not understood");

  // Where the header names what such a number counts as.
  location.type = V2V_LOCATION_FILE;
  v2v_disk disk{};
  disk.size = sizeof disk;
  disk.location = &location;
  disk.controller = -7;
  EXPECT_EQ(from_c(disk).controller, Controller::unknown);
  v2v_source source{};
  source.size = sizeof source;
  source.firmware = 12;
  source.tpm = 5;
  EXPECT_EQ(from_c(source).firmware, Firmware::unknown);
  EXPECT_EQ(from_c(source).tpm, std::nullopt);
}

TEST(Exchange, WhatIsNotYetKnownOfTheMachineIsNull) {
  Metadata early;
  early.name = "g";
  Lender lender;
  const auto *c = to_c(lender, early);
  EXPECT_EQ(c->inspection, nullptr);
  EXPECT_EQ(c->caps, nullptr);
  EXPECT_EQ(c->buses, nullptr);
  EXPECT_EQ(from_c(*c).name, "g");
}

TEST(Exchange, ADiskWithoutALocationIsAnError) {
  v2v_disk disk{};
  disk.size = sizeof disk;
  EXPECT_THROW(from_c(disk), Error);
}

TEST(Options, KeepListsAndOrder) {
  Wishes before;
  before.options.add("disk", "1");
  before.options.add("flag", "true");
  before.options.add("disk", "2");
  Lender lender;
  const auto after = from_c(*to_c(lender, before)).options;
  EXPECT_EQ(after.all("disk"), (std::vector<std::string>{"1", "2"}));
  EXPECT_TRUE(after.flag("flag"));
  EXPECT_FALSE(after.flag("other"));
  EXPECT_EQ(after.get("none"), std::nullopt);
}

}  // namespace
}  // namespace v2v
