// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <v2v/text/characters.hpp>

#include "output_fixture.hpp"

namespace v2v::test {
namespace {

using machine::plan_drives;
using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> targets(const Metadata &guest, bool floppy = true,
                                 std::vector<std::string> *warnings = nullptr) {
  std::vector<std::string> found;
  for (const auto &drive : plan_drives(guest, floppy, [&](const std::string &text) {
         if (warnings) warnings->push_back(text);
       }))
    found.push_back(bus_name(drive.bus) + ":" + drive.target);
  return found;
}

TEST(Drives, LettersGoOnAfterZ) {
  EXPECT_EQ(text::drive_letters(0), "a");
  EXPECT_EQ(text::drive_letters(25), "z");
  EXPECT_EQ(text::drive_letters(26), "aa");
  EXPECT_EQ(text::drive_letters(701), "zz");
  EXPECT_EQ(text::drive_letters(702), "aaa");
}

TEST(Drives, TheDiskThatBootsComesFirst) {
  auto guest = debian_guest(3);
  guest.inspection.boot_disk = 2;
  std::vector<unsigned> orders;
  for (const auto &drive : plan_drives(guest, true, {})) orders.push_back(drive.boot_order);
  EXPECT_THAT(orders, ElementsAre(2, 3, 1));
}

TEST(Drives, WithoutABootDiskTheOrderIsThatOfTheDisks) {
  std::vector<unsigned> orders;
  for (const auto &drive : plan_drives(debian_guest(3), true, {}))
    orders.push_back(drive.boot_order);
  EXPECT_THAT(orders, ElementsAre(1, 2, 3));
}

TEST(Drives, WhatDoesNotFitOnIdeGoesToSata) {
  auto guest = debian_guest(6);
  use_bus(guest, BlockBus::ide);
  guest.caps.machine = Machine::i440fx;
  std::vector<std::string> warnings;
  EXPECT_THAT(targets(guest, true, &warnings),
              ElementsAre("ide:hda", "ide:hdb", "ide:hdc", "ide:hdd", "sata:sda", "sata:sdb"));
  EXPECT_THAT(warnings, ElementsAre(HasSubstr("disk 5 is on SATA"), HasSubstr("disk 6")));
}

// SATA and SCSI share the letters of sd; libvirt refuses two drives of one name.
TEST(Drives, NoTwoDrivesHaveOneName) {
  auto guest = debian_guest(2);
  use_bus(guest, BlockBus::virtio_scsi);
  guest.source.removables = {{Removable::Type::cdrom, Controller::ide, 0u}};
  guest.buses.ide = {{Slot::Type::removable, 0}};
  EXPECT_THAT(targets(guest), ElementsAre("sata:sdc", "scsi:sda", "scsi:sdb"));
}

TEST(Drives, EmptyPlacesStay) {
  auto guest = debian_guest();
  guest.source.removables = {{Removable::Type::cdrom, Controller::ide, 2u}};
  guest.buses.ide = {{}, {}, {Slot::Type::removable, 0}};
  EXPECT_THAT(targets(guest), ElementsAre("virtio:vda", "sata:", "sata:", "sata:sdc"));
}

TEST(Drives, FloppiesOnlyWhereThereAreSome) {
  auto guest = debian_guest();
  guest.source.removables = {{Removable::Type::floppy, Controller::unknown, std::nullopt}};
  guest.buses.floppy = {{Slot::Type::removable, 0}};
  EXPECT_THAT(targets(guest), ElementsAre("virtio:vda", "floppy:fda"));
  std::vector<std::string> warnings;
  EXPECT_THAT(targets(guest, false, &warnings), ElementsAre("virtio:vda"));
  EXPECT_EQ(warnings.size(), 1u);
}

TEST(Drives, ACdromOnVirtioIsLeftOut) {
  auto guest = debian_guest();
  guest.source.removables = {{Removable::Type::cdrom, Controller::virtio_blk, 1u}};
  guest.buses.virtio_blk.push_back({Slot::Type::removable, 0});
  EXPECT_THAT(targets(guest), ElementsAre("virtio:vda", "virtio:"));
}

TEST(GuestName, OnlyNamesThatFilesAndLibvirtCanHave) {
  for (const char *good : {"a", "..", "with space", "é", "a/b", "-x", "$(id)"})
    EXPECT_FALSE(error_of([&] { machine::check_guest_name(good); })) << good;
  for (const char *bad : {"", "   ", "a\nb", "a\tb", "\x7f", "\xff"}) {
    const auto error = error_of([&] { machine::check_guest_name(bad); });
    ASSERT_TRUE(error) << bad;
    EXPECT_THAT(error->remedy(), HasSubstr("-on"));
  }
}

}  // namespace
}  // namespace v2v::test
