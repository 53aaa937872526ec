// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What a guest calls its encrypted disks, and what the appliance calls them.
#include <core/guest/disk_keys.hpp>

#include <gmock/gmock.h>

using namespace v2v::core;
using testing::Optional;

namespace {

std::optional<std::string> called(const std::string &name, const std::string &crypttab) {
  return container_called("/dev/mapper/" + name, crypttab, [](const std::string &device) {
    return device == "/dev/sda3" ? std::string("33") : std::string();
  });
}

TEST(ContainerCalled, ByWhateverCrypttabSays) {
  const std::string crypttab =
      "# <name> <device>\n\nsda3_crypt /dev/sda3 none luks\r\nhome UUID=77 none\n"
      "var\t/dev/disk/by-uuid/88 none\ngone /dev/sdq1\nodd\n";
  EXPECT_THAT(called("sda3_crypt", crypttab), Optional(std::string("/dev/mapper/luks-33")));
  EXPECT_THAT(called("home", crypttab), Optional(std::string("/dev/mapper/luks-77")));
  EXPECT_THAT(called("var", crypttab), Optional(std::string("/dev/mapper/luks-88")));
  for (const char *name : {"gone", "odd", "vg-root", "#", ""})
    EXPECT_EQ(called(name, crypttab), std::nullopt) << name;
}

}  // namespace
