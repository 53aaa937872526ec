// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/guest/windows_search.hpp>

#include <gtest/gtest.h>

namespace v2v::core {
namespace {

Inspection identified(const WindowsVersion &version) {
  Inspection found;
  EXPECT_TRUE(identify_windows(version, found));
  EXPECT_EQ(found.type, "windows");
  EXPECT_EQ(found.distro, "windows");
  return found;
}

TEST(WindowsSearch, Windows10SaysItsVersionInNumbers) {
  const auto found =
      identified({"Windows Server 2022 Standard", "Server", "6.3", "20348", 10u, 0u});
  EXPECT_EQ(found.major_version, 10);
  EXPECT_EQ(found.minor_version, 0);
  EXPECT_EQ(found.product_name, "Windows Server 2022 Standard");
  EXPECT_EQ(found.product_variant, "Server");
  EXPECT_EQ(found.osinfo, "win2k22");
}

TEST(WindowsSearch, Windows11IsToldByItsBuild) {
  EXPECT_EQ(identified({"Windows 10 Pro", "Client", "6.3", "22631", 10u, 0u}).osinfo, "win11");
  EXPECT_EQ(identified({"Windows 10 Pro", "Client", "6.3", "19045", 10u, 0u}).osinfo, "win10");
}

TEST(WindowsSearch, OlderOnesSayItInAText) {
  const auto found = identified({"Windows 7 Professional", "Client", "6.1", "7601", {}, {}});
  EXPECT_EQ(found.major_version, 6);
  EXPECT_EQ(found.minor_version, 1);
  EXPECT_EQ(found.osinfo, "win7");
  EXPECT_EQ(identified({"Microsoft Windows XP", "", "5.1", "2600", {}, {}}).osinfo, "winxp");
}

TEST(WindowsSearch, WithoutAVersionItIsNotKnown) {
  Inspection found;
  EXPECT_FALSE(identify_windows({"Windows", "", "", "", {}, {}}, found));
  EXPECT_FALSE(identify_windows({"Windows", "", "x.y", "", {}, {}}, found));
  EXPECT_FALSE(identify_windows({"Windows", "", "10", "", {}, {}}, found));
}

}  // namespace
}  // namespace v2v::core
