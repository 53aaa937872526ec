// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/guest/linux_identity.hpp>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace v2v::core {
namespace {

struct Case {
  const char *os_release, *release;
  const char *distro;
  int major, minor;
  const char *osinfo, *format, *management;
};

TEST(LinuxIdentity, NamesWhatIsInstalled) {
  // Beginnings of the distributions' own files.
  for (const auto &expected : {
           Case{"ID=debian\nVERSION_ID=\"12\"\n", "12.5\n", "debian", 12, 5, "debian12", "deb",
                "apt"},
           Case{"ID=debian\n", "trixie/sid\n", "debian", 0, 0, "debian0", "deb", "apt"},
           Case{"ID=ubuntu\nID_LIKE=debian\nVERSION_ID=\"24.04\"\n", "", "ubuntu", 24, 4,
                "ubuntu24.04", "deb", "apt"},
           Case{"ID=\"centos\"\nID_LIKE=\"rhel fedora\"\nVERSION_ID=\"7\"\n",
                "CentOS Linux release 7.9.2009 (Core)\n", "centos", 7, 9, "centos7.0", "rpm",
                "yum"},
           Case{"ID=\"centos\"\nVERSION_ID=\"9\"\n", "CentOS Stream release 9\n", "centos", 9, 0,
                "centos9", "rpm", "dnf"},
           Case{"ID=\"rhel\"\nVERSION_ID=\"8.10\"\n", "", "rhel", 8, 10, "rhel8.10", "rpm", "dnf"},
           Case{"ID=\"almalinux\"\nID_LIKE=\"rhel centos fedora\"\nVERSION_ID=\"9.4\"\n", "",
                "almalinux", 9, 4, "almalinux9", "rpm", "dnf"},
           Case{"ID=\"ol\"\nVERSION_ID=\"8.9\"\n", "", "oraclelinux", 8, 9, "oraclelinux8.9", "rpm",
                "dnf"},
           Case{"ID=fedora\nVERSION_ID=42\n", "", "fedora", 42, 0, "fedora42", "rpm", "dnf"},
           Case{"ID=\"amzn\"\nID_LIKE=\"centos rhel fedora\"\nVERSION_ID=\"2\"\n", "",
                "amazonlinux", 2, 0, "amazonlinux2.0", "rpm", "yum"},
           Case{"ID=\"amzn\"\nID_LIKE=\"fedora\"\nVERSION_ID=\"2023\"\n", "", "amazonlinux", 2023,
                0, "amazonlinux2023", "rpm", "dnf"},
           Case{"ID=azurelinux\nVERSION_ID=\"3.0\"\n", "", "azurelinux", 3, 0, "azurelinux3.0",
                "rpm", "dnf"},
           Case{"ID=\"sles\"\nVERSION_ID=\"15.6\"\n", "", "sles", 15, 6, "sle15sp6", "rpm",
                "zypper"},
           Case{"ID=\"sles\"\nVERSION_ID=\"12.5\"\n", "", "sles", 12, 5, "sles12sp5", "rpm",
                "zypper"},
           Case{"ID=\"opensuse-tumbleweed\"\nVERSION_ID=\"20251101\"\n", "", "opensuse", 20251101,
                0, "opensuse20251101.0", "rpm", "zypper"},
           Case{"ID=altlinux\nVERSION_ID=\"10.2\"\n", "", "altlinux", 10, 2, "alt10.2", "rpm",
                "apt"},
           Case{"ID=nobody\nID_LIKE=\"rhel centos fedora\"\nVERSION_ID=9.1\n", "", "redhat-based",
                9, 1, "redhat-based9.1", "rpm", "dnf"},
           Case{"ID=pop\nID_LIKE=\"ubuntu debian\"\nVERSION_ID=\"22.04\"\n", "", "debian-based", 22,
                4, "debian-based22.4", "deb", "apt"},
           Case{"ID=arch\n", "", "archlinux", 0, 0, "archlinux", "pacman", "pacman"},
       }) {
    const auto text = std::string(expected.os_release) + "PRETTY_NAME=\"The \\\"best\\\" one\"\r\n";
    Inspection found;
    ASSERT_TRUE(identify_linux(text, expected.release, found)) << text;
    EXPECT_EQ(found.type, "linux");
    EXPECT_EQ(found.distro, expected.distro) << text;
    EXPECT_EQ(found.major_version, expected.major) << text;
    EXPECT_EQ(found.minor_version, expected.minor) << text;
    EXPECT_EQ(found.osinfo, expected.osinfo) << text;
    EXPECT_EQ(found.package_format, expected.format) << text;
    EXPECT_EQ(found.package_management, expected.management) << text;
    EXPECT_EQ(found.product_name, "The \"best\" one");
  }
}

TEST(LinuxIdentity, LeavesTheUnknownToOthers) {
  Inspection found;
  for (const auto *text :
       {"", "PRETTY_NAME=x\n", "ID=debian\n", "ID=nobody\nPRETTY_NAME=x\n", "ID\n=\n\n"})
    EXPECT_FALSE(identify_linux(text, "", found)) << text;
}

TEST(LinuxIdentity, BelievesAReleaseFileOnlyForTheSameVersion) {
  Inspection found;
  ASSERT_TRUE(identify_linux("ID=debian\nVERSION_ID=12\nPRETTY_NAME=x\n", "11.3", found));
  EXPECT_EQ(found.minor_version, 0);
  EXPECT_EQ(release_file("ID=\"centos\"\n"), "/etc/centos-release");
  EXPECT_EQ(release_file("ID=fedora\n"), "");
}

TEST(LinuxIdentity, ReadsTheArchitectureOfAProgram) {
  const auto elf = [](char wide, char order, std::string machine) {
    return std::string(
               "\x7f"
               "ELF") +
           wide + order + std::string(12, '\0') + machine;
  };
  EXPECT_EQ(architecture_of(elf(2, 1, {62, 0})), "x86_64");
  EXPECT_EQ(architecture_of(elf(1, 1, {3, 0})), "i386");
  EXPECT_EQ(architecture_of(elf(2, 2, {0, 22})), "s390x");
  EXPECT_EQ(architecture_of(elf(2, 1, {static_cast<char>(183), 0})), "aarch64");
  EXPECT_EQ(architecture_of(elf(2, 1, {99, 99})), "");
  EXPECT_EQ(architecture_of("#!/bin/sh and so on, long enough"), "");
  EXPECT_EQ(architecture_of("\x7f"
                            "ELF"),
            "");
}

}  // namespace
}  // namespace v2v::core
