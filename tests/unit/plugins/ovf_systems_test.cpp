// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What oVirt calls operating systems. The rows are written out here by guest, not by rule.
#include <gmock/gmock.h>

#include <v2v/ovf/operating_system.hpp>

namespace v2v::test {
namespace {

struct Case {
  const char *type, *distro, *arch;
  int major, minor;
  const char *variant, *osinfo, *product;
  const char *name;
  unsigned id;
};

Inspection guest_of(const Case &known) {
  Inspection guest;
  guest.type = known.type;
  guest.distro = known.distro;
  guest.arch = known.arch;
  guest.major_version = known.major;
  guest.minor_version = known.minor;
  guest.product_variant = known.variant;
  guest.osinfo = known.osinfo;
  guest.product_name = known.product;
  return guest;
}

class Systems : public testing::TestWithParam<Case> {};

TEST_P(Systems, HaveNameAndNumber) {
  std::vector<std::string> warnings;
  const auto system = ovf::operating_system(
      guest_of(GetParam()), [&](const std::string &text) { warnings.push_back(text); });
  EXPECT_EQ(system.name, GetParam().name);
  EXPECT_EQ(system.id, GetParam().id);
  const bool unknown = GetParam().id == 0 || std::string(GetParam().osinfo) == "win2k25" ||
                       std::string(GetParam().osinfo) == "win2k99";
  EXPECT_EQ(warnings.empty(), !unknown);
}

const char *const l = "linux", *const w = "windows", *const x64 = "x86_64", *const x86 = "i386";

INSTANTIATE_TEST_SUITE_P(
    Linux, Systems,
    testing::Values(Case{l, "rhel", x86, 4, 8, "", "", "", "RHEL4", 8},
                    Case{l, "centos", x86, 5, 11, "", "", "", "RHEL5", 7},
                    Case{l, "rhel", x86, 6, 0, "", "", "", "RHEL6", 18},
                    Case{l, "rhel", x64, 4, 8, "", "", "", "RHEL4x64", 14},
                    Case{l, "rhel", x64, 5, 11, "", "", "", "RHEL5x64", 13},
                    Case{l, "centos", x64, 6, 10, "", "", "", "RHEL6x64", 19},
                    Case{l, "centos", x64, 7, 9, "", "", "", "rhel_7x64", 24},
                    Case{l, "rhel", x64, 8, 6, "", "", "", "rhel_8x64", 5},
                    Case{l, "centos", x64, 9, 0, "", "", "", "rhel_9x64", 5},
                    Case{l, "rhel", "ppc64le", 6, 9, "", "", "", "rhel_6_9_plus_ppc64", 1007},
                    Case{l, "rhel", "ppc64", 6, 8, "", "", "", "rhel_6_ppc64", 1003},
                    Case{l, "rhel", "ppc64le", 7, 4, "", "", "", "rhel_7_ppc64", 1006},
                    Case{l, "rhel", "s390x", 7, 4, "", "", "", "rhel_7_s390x", 2003},
                    Case{l, "rhel", "s390x", 8, 4, "", "", "", "other_linux_s390x", 2002},
                    Case{l, "sles", x64, 15, 5, "", "", "", "sles_11", 1193},
                    Case{l, "sles", x64, 10, 4, "", "", "", "OtherLinux", 5},
                    Case{l, "sles", "ppc64le", 12, 0, "", "", "", "sles_11_ppc64", 1004},
                    Case{l, "sles", "s390x", 12, 0, "", "", "", "sles_12_s390x", 2004},
                    Case{l, "debian", x64, 12, 5, "", "", "", "debian_7", 1300},
                    Case{l, "debian", x64, 6, 0, "", "", "", "OtherLinux", 5},
                    Case{l, "ubuntu", x64, 22, 4, "", "", "", "ubuntu_14_04", 1256},
                    Case{l, "ubuntu", "ppc64le", 14, 4, "", "", "", "ubuntu_14_04_ppc64", 1005},
                    Case{l, "ubuntu", "s390x", 16, 4, "", "", "", "ubuntu_16_04_s390x", 2005},
                    Case{l, "ubuntu", x64, 12, 4, "", "", "", "ubuntu_12_04", 1252},
                    Case{l, "ubuntu", x64, 12, 10, "", "", "", "ubuntu_12_10", 1253},
                    Case{l, "ubuntu", x64, 13, 4, "", "", "", "ubuntu_13_04", 1254},
                    Case{l, "ubuntu", x86, 13, 10, "", "", "", "ubuntu_13_10", 1255},
                    Case{l, "fedora", x64, 39, 0, "", "", "", "OtherLinux", 5},
                    Case{l, "fedora", "ppc64le", 39, 0, "", "", "", "other_linux_ppc64", 1002}));

INSTANTIATE_TEST_SUITE_P(
    Windows, Systems,
    testing::Values(Case{w, w, x86, 5, 1, "", "", "", "WindowsXP", 1},
                    Case{w, w, x64, 5, 2, "", "", "Microsoft Windows XP", "WindowsXP", 1},
                    Case{w, w, x86, 5, 2, "", "", "", "Windows2003", 3},
                    Case{w, w, x64, 5, 2, "", "", "", "Windows2003x64", 10},
                    Case{w, w, x86, 6, 0, "", "", "", "Windows2008", 4},
                    Case{w, w, x64, 6, 0, "", "", "", "Windows2008x64", 16},
                    Case{w, w, x86, 6, 1, "Client", "", "", "Windows7", 11},
                    Case{w, w, x64, 6, 1, "Client", "", "", "Windows7x64", 12},
                    Case{w, w, x64, 6, 1, "Server", "", "", "Windows2008R2x64", 17},
                    Case{w, w, x86, 6, 2, "Client", "", "", "windows_8", 20},
                    Case{w, w, x64, 6, 2, "Client", "", "", "windows_8x64", 21},
                    Case{w, w, x64, 6, 2, "Server", "", "", "windows_2012x64", 23},
                    Case{w, w, x86, 6, 3, "Client", "", "", "windows_8", 20},
                    Case{w, w, x64, 6, 3, "Client", "", "", "windows_8x64", 21},
                    Case{w, w, x64, 6, 3, "Server", "", "", "windows_2012R2x64", 25},
                    Case{w, w, x86, 10, 0, "Client", "win10", "", "windows_10", 26},
                    Case{w, w, x64, 10, 0, "Client", "win10", "", "windows_10x64", 27},
                    Case{w, w, x64, 10, 0, "Client", "win11", "", "windows_11", 36},
                    Case{w, w, x64, 10, 0, "Server", "win2k16", "", "windows_2016x64", 29},
                    Case{w, w, x64, 10, 0, "Server", "win2k19", "", "windows_2019x64", 31},
                    Case{w, w, x64, 10, 0, "Server", "win2k22", "", "windows_2022", 37},
                    Case{w, w, x64, 10, 0, "Server", "win2k25", "", "windows_2025", 37},
                    Case{w, w, x64, 10, 0, "Server", "win2k99", "", "windows_2025", 37},
                    Case{w, w, x64, 7, 0, "", "", "", "Unassigned", 0},
                    Case{"freebsd", "freebsd", x64, 14, 0, "", "", "", "Unassigned", 0}));

TEST(VmType, ServerUnlessItSaysOtherwise) {
  const auto server = [](const Case &known) { return ovf::is_server(guest_of(known)); };
  EXPECT_TRUE(server({l, "debian", x64, 12, 0, "", "", "Debian 12", "", 0}));
  EXPECT_TRUE(server({l, "rhel", x64, 4, 0, "", "", "Red Hat ES release 4", "", 0}));
  EXPECT_TRUE(server({l, "rhel", x64, 4, 0, "", "", "Red Hat AS release 4", "", 0}));
  EXPECT_FALSE(server({l, "centos", x64, 4, 0, "", "", "CentOS 4 Server", "", 0}));
  EXPECT_FALSE(server({l, "ubuntu", x64, 22, 4, "", "", "Ubuntu Desktop", "", 0}));
  EXPECT_TRUE(server({w, w, x64, 10, 0, "Server Core", "", "Desktop", "", 0}));
  EXPECT_FALSE(server({w, w, x64, 10, 0, "Client", "", "Server", "", 0}));
}

}  // namespace
}  // namespace v2v::test
