// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/windows/identity.hpp>

#include "guest_hives.hpp"

#include <gmock/gmock.h>

namespace v2v::windows {
namespace {

using testing::HasSubstr;

class IdentityTest : public testing::TestWithParam<WindowsVersion> {};

TEST_P(IdentityTest, EachVersionHasItsShortIdAndItsControlSet) {
  const auto &version = GetParam();
  const GuestHives guest(version);
  const auto build = build_number(guest.read("SOFTWARE"));
  EXPECT_EQ(build, std::stoul(version.build));
  EXPECT_EQ(osinfo_id(version.major, version.minor, version.variant, version.product_name, *build),
            version.osinfo);
  EXPECT_EQ(current_control_set(guest.read("SYSTEM")), "ControlSet001");
}

INSTANTIATE_TEST_SUITE_P(Versions, IdentityTest, testing::ValuesIn(windows_versions()),
                         [](const auto &each) { return std::string(each.param.name); });

TEST(OsinfoId, VersionsThatAreNotAmongTheHives) {
  EXPECT_EQ(osinfo_id(5, 2, "", "Microsoft Windows XP x64", 0), "winxp");
  EXPECT_EQ(osinfo_id(5, 2, "", "Microsoft Windows Server 2003 R2", 0), "win2k3r2");
  EXPECT_EQ(osinfo_id(6, 0, "Server", "Windows Server (R) 2008", 0), "win2k8");
  EXPECT_EQ(osinfo_id(6, 0, "Client", "Windows Vista", 0), "winvista");
  EXPECT_EQ(osinfo_id(6, 2, "Server Core", "Windows Server 2012", 0), "win2k12");
  EXPECT_EQ(osinfo_id(6, 2, "Client", "Windows 8", 0), "win8");
  EXPECT_EQ(osinfo_id(6, 3, "Client", "Windows 8.1", 0), "win8.1");
  EXPECT_EQ(osinfo_id(10, 0, "Client", "Windows 10 Pro", 21999), "win10");
  EXPECT_EQ(osinfo_id(10, 0, "Client", "Windows 10 Pro", 22000), "win11");
  EXPECT_EQ(osinfo_id(4, 0, "", "", 0), "unknown");
  EXPECT_EQ(osinfo_id(6, 9, "", "", 0), "unknown");
  EXPECT_EQ(osinfo_id(11, 0, "Server", "2022", 0), "unknown");
}

TEST(BuildNumber, WhatIsNoNumberIsNone) {
  const GuestHives guest;
  guest.add("SOFTWARE", "[Microsoft\\Windows NT\\CurrentVersion]\nCurrentBuildNumber=s:20348x\n");
  EXPECT_EQ(build_number(guest.read("SOFTWARE")), std::nullopt);
}

TEST(ControlSet, TheSecondIsFoundToo) {
  const GuestHives guest;
  guest.add("SYSTEM", "[Select]\nCurrent=d:2\n");
  EXPECT_EQ(current_control_set(guest.read("SYSTEM")), "ControlSet002");
}

TEST(ControlSet, OneThatIsAbsentOrAbsurdIsAnErrorThatSaysSo) {
  for (const std::string current : {"d:0", "d:3", "d:1000", "s:1", "d:4294967295"}) {
    const GuestHives guest;
    guest.add("SYSTEM", "[Select]\nCurrent=" + current + "\n[ControlSet000]\n[ControlSet1000]\n");
    try {
      FAIL() << current << " gives " << current_control_set(guest.read("SYSTEM"));
    } catch (const Error &error) {
      EXPECT_EQ(error.code(), Code::corrupt);
      EXPECT_THAT(error.failure(), HasSubstr("control set"));
    }
  }
}

TEST(ControlSet, AHiveThatIsNotSystemIsAnError) {
  const GuestHives guest;
  EXPECT_THROW(current_control_set(guest.read("SOFTWARE")), Error);
}

}  // namespace
}  // namespace v2v::windows
