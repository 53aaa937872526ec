// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/windows/emulated_disks.hpp>

#include "guest_hives.hpp"

#include <gmock/gmock.h>

namespace v2v::windows {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> start_drivers(const GuestHives &guest) {
  std::vector<std::string> names;
  guest.edit("SYSTEM",
             [&](Hive &hive) { names = start_emulated_disk_drivers(hive, "ControlSet001"); });
  return names;
}

TEST(EmulatedDisks, TheirDriversStartAtBootAndKeepTheRestOfTheirKeys) {
  const GuestHives guest;
  guest.add("SYSTEM",
            "[ControlSet001\\Services\\StorAHCI]\nStart=d:3\nImagePath=e:x.sys\n"
            "[ControlSet001\\Services\\StorAHCI\\StartOverride]\n0=d:3\n"
            "[ControlSet001\\Services\\pciide]\nStart=d:0\n"
            "[ControlSet001\\Services\\pciide\\StartOverride]\n0=d:3\n"
            "[ControlSet001\\Services\\atapi]\nStart=d:3\n");
  EXPECT_THAT(start_drivers(guest), testing::IsSupersetOf({"atapi", "pciide"}));
  const auto system = guest.read("SYSTEM");
  for (const char *name : {"storahci", "pciide", "atapi"}) {
    const auto service = system.find(std::string("ControlSet001\\Services\\") + name).value();
    EXPECT_EQ(system.number(service, "Start"), 0u) << name;
    EXPECT_FALSE(system.find(service, "StartOverride")) << name;
  }
  EXPECT_EQ(system.text(system.find("ControlSet001\\Services\\storahci").value(), "ImagePath"),
            "x.sys");
  EXPECT_THAT(start_drivers(guest), IsEmpty());
}

TEST(EmulatedDisks, WhatIsNotThereIsNotMade) {
  for (const auto &version : windows_versions()) {
    const GuestHives guest(version);
    start_drivers(guest);
    const auto system = guest.read("SYSTEM");
    if (version.major < 6) {
      EXPECT_FALSE(system.find("ControlSet001\\Services\\storahci"));
    }
  }
}

}  // namespace
}  // namespace v2v::windows
