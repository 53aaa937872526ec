// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/convert/buses.hpp>
#include <core/convert/describe.hpp>

#include <gtest/gtest.h>

namespace v2v::core {
namespace {

Source source_with(unsigned disks, std::vector<Removable> removables = {}) {
  Source source;
  source.disks.resize(disks);
  source.removables = std::move(removables);
  return source;
}

GuestCaps caps(BlockBus bus) {
  GuestCaps caps;
  caps.block_bus = bus;
  return caps;
}

Removable cdrom(Controller controller, std::optional<unsigned> slot) {
  return {Removable::Type::cdrom, controller, slot};
}

TEST(Buses, PutsTwelveDisksInOrderOnTheBusTheGuestCanDrive) {
  for (const auto bus : {BlockBus::virtio_blk, BlockBus::virtio_scsi, BlockBus::ide}) {
    const auto buses = assign_buses(source_with(12), caps(bus)).buses;
    const auto &used = bus == BlockBus::virtio_blk    ? buses.virtio_blk
                       : bus == BlockBus::virtio_scsi ? buses.scsi
                                                      : buses.ide;
    ASSERT_EQ(used.size(), 12u);
    for (unsigned i = 0; i < 12; ++i) {
      EXPECT_EQ(used[i].type, Slot::Type::disk);
      EXPECT_EQ(used[i].index, i);
    }
    EXPECT_EQ(buses.virtio_blk.size() + buses.scsi.size() + buses.ide.size(), 12u);
  }
}

TEST(Buses, LeavesGapsBeforeARemovableDriveWithASlot) {
  // The specification's example: one virtio disk and a CD-ROM at hdc.
  const auto buses =
      assign_buses(source_with(1, {cdrom(Controller::ide, 2)}), caps(BlockBus::virtio_blk)).buses;
  ASSERT_EQ(buses.ide.size(), 3u);
  EXPECT_EQ(buses.ide[0].type, Slot::Type::empty);
  EXPECT_EQ(buses.ide[1].type, Slot::Type::empty);
  EXPECT_EQ(buses.ide[2].type, Slot::Type::removable);
}

TEST(Buses, MovesADriveWhoseSlotIsTakenAndWarns) {
  const auto result =
      assign_buses(source_with(2, {cdrom(Controller::ide, 0)}), caps(BlockBus::ide));
  ASSERT_EQ(result.buses.ide.size(), 3u);
  EXPECT_EQ(result.buses.ide[2].type, Slot::Type::removable);
  ASSERT_EQ(result.warnings.size(), 1u);
  EXPECT_NE(result.warnings[0].find("CD-ROM"), std::string::npos);
}

TEST(Buses, TakesNoSlotNumberAtItsWord) {
  const auto result =
      assign_buses(source_with(0, {cdrom(Controller::ide, 4'000'000'000)}), caps(BlockBus::ide));
  EXPECT_LE(result.buses.ide.size(), 256u);
  EXPECT_EQ(result.warnings.size(), 1u);
}

TEST(Buses, PlacesDrivesWithoutASlotLastAndSilently) {
  const auto result =
      assign_buses(source_with(0, {cdrom(Controller::sata, {}),
                                   cdrom(Controller::scsi, 0),
                                   {Removable::Type::floppy, Controller::unknown, {}}}),
                   caps(BlockBus::virtio_blk));
  ASSERT_EQ(result.buses.scsi.size(), 2u);
  EXPECT_EQ(result.buses.scsi[0].index, 1u);
  EXPECT_EQ(result.buses.scsi[1].index, 0u);
  EXPECT_EQ(result.buses.floppy.size(), 1u);
  EXPECT_TRUE(result.warnings.empty());
}

TEST(BlockDriver, SaysWhatTheConverterChoseInstead) {
  EXPECT_EQ(unmet_block_driver(BlockBus::virtio_scsi, BlockBus::virtio_blk),
            "--block-driver virtio-scsi is not followed: the disks of this guest go on virtio-blk");
  EXPECT_EQ(unmet_block_driver(BlockBus::virtio_blk, BlockBus::virtio_blk), std::nullopt);
  EXPECT_EQ(unmet_block_driver(BlockBus::none, BlockBus::ide), std::nullopt);
}

}  // namespace
}  // namespace v2v::core
