// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/guest/packages.hpp>

#include <gtest/gtest.h>

namespace v2v::core {
namespace {

TEST(Packages, AreThoseThatDpkgHasInstalled) {
  const auto packages = parse_dpkg_status(
      "Package: base-files\nStatus: install ok installed\nVersion: 12.4+deb12u5\n"
      "Architecture: amd64\nDescription: base\n Version: 9 in the text\n\n"
      "Package: gone\nStatus: deinstall ok config-files\nVersion: 1\n\n"
      "Package: open-vm-tools\nStatus: install ok installed\nArchitecture: amd64\n"
      "Version: 2:12.2.0-1+deb12u2");
  ASSERT_EQ(packages.size(), 2u);
  EXPECT_EQ(packages[0].name, "base-files");
  EXPECT_EQ(packages[0].version, "12.4+deb12u5");
  EXPECT_EQ(packages[0].release, "");
  EXPECT_EQ(packages[1].name, "open-vm-tools");
  EXPECT_EQ(packages[1].epoch, 2);
  EXPECT_EQ(packages[1].version, "12.2.0");
  EXPECT_EQ(packages[1].release, "1+deb12u2");
  EXPECT_EQ(packages[1].arch, "amd64");
}

TEST(Packages, AreReadFromRpmBetweenItsWarnings) {
  const auto packages = parse_rpm_list(
      "warning: Found NDB Packages.db database while attempting bdb backend\n"
      "v2v (none) kernel-core 5.14.0 362.el9 x86_64\n"
      "v2v 1 grub2-pc 2.06 70.el9 x86_64\n"
      "v2v broken\n\nv2v  double blank 1 2 3");
  ASSERT_EQ(packages.size(), 2u);
  EXPECT_EQ(packages[0].name, "kernel-core");
  EXPECT_EQ(packages[0].epoch, 0);
  EXPECT_EQ(packages[0].release, "362.el9");
  EXPECT_EQ(packages[1].epoch, 1);
}

}  // namespace
}  // namespace v2v::core
