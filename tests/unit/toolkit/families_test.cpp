// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What the families know of packages: which one a kernel belongs to, how they go and how they come.
#include <v2v/linux/family.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace v2v::linux {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Application package(const std::string &name, const std::string &version, const std::string &release,
                    const std::string &arch = "x86_64") {
  Application application;
  application.name = name;
  application.version = version;
  application.release = release;
  application.arch = arch;
  return application;
}

std::string owner_of(const std::string &kernel, const std::vector<Application> &packages) {
  Inspection inspection;
  inspection.applications = packages;
  const auto owner = RpmFamily().kernel_owner(inspection)(kernel);
  return owner ? owner->name + "-" + owner->version + "-" + owner->release : "none";
}

TEST(RpmKernels, OfRedHat) {
  const std::vector<Application> nine{package("kernel-modules-core", "5.14.0", "362.8.1.el9_3"),
                                      package("kernel-core", "5.14.0", "362.8.1.el9_3"),
                                      package("kernel-core", "5.14.0", "36.el9"),
                                      package("kernel-debug-core", "5.14.0", "362.8.1.el9_3"),
                                      package("kernel-tools", "5.14.0", "362.8.1.el9_3")};
  EXPECT_EQ(owner_of("5.14.0-362.8.1.el9_3.x86_64", nine), "kernel-core-5.14.0-362.8.1.el9_3");
  EXPECT_EQ(owner_of("5.14.0-36.el9.x86_64", nine), "kernel-core-5.14.0-36.el9");
  EXPECT_EQ(owner_of("5.14.0-362.8.1.el9_3.x86_64+debug", nine),
            "kernel-debug-core-5.14.0-362.8.1.el9_3");
  EXPECT_EQ(owner_of("5.14.0-70.el9.x86_64", nine), "none");
  EXPECT_EQ(owner_of("2.6.18-398.el5PAE", {package("kernel", "2.6.18", "398.el5", "i686"),
                                           package("kernel-PAE", "2.6.18", "398.el5", "i686")}),
            "kernel-PAE-2.6.18-398.el5");
  EXPECT_EQ(owner_of("2.6.32-754.el6.x86_64.debug", {package("kernel", "2.6.32", "754.el6"),
                                                     package("kernel-debug", "2.6.32", "754.el6")}),
            "kernel-debug-2.6.32-754.el6");
}

TEST(RpmKernels, OfOracleAndFedora) {
  EXPECT_EQ(owner_of("5.15.0-101.103.2.1.el8uek.x86_64",
                     {package("kernel-core", "4.18.0", "477.10.1.el8_8"),
                      package("kernel-uek-core", "5.15.0", "101.103.2.1.el8uek")}),
            "kernel-uek-core-5.15.0-101.103.2.1.el8uek");
  EXPECT_EQ(owner_of("6.14.0-63.fc42.x86_64", {package("kernel-core", "6.14.0", "63.fc42")}),
            "kernel-core-6.14.0-63.fc42");
  EXPECT_EQ(
      owner_of("4.18.0-477.rt7.el8.x86_64", {package("kernel-rt-core", "4.18.0", "477.rt7.el8")}),
      "kernel-rt-core-4.18.0-477.rt7.el8");
}

TEST(RpmKernels, OfSuse) {
  const std::vector<Application> fifteen{
      package("kernel-default", "5.14.21", "150500.55.19.1"),
      package("kernel-default", "5.14.21", "150500.55.7.1"),
      package("kernel-azure", "5.14.21", "150500.55.19.1"),
      package("kernel-default-devel", "5.14.21", "150500.55.19.1")};
  EXPECT_EQ(owner_of("5.14.21-150500.55.19-default", fifteen),
            "kernel-default-5.14.21-150500.55.19.1");
  EXPECT_EQ(owner_of("5.14.21-150500.55.7-default", fifteen),
            "kernel-default-5.14.21-150500.55.7.1");
  EXPECT_EQ(owner_of("5.14.21-150500.55.19-azure", fifteen), "kernel-azure-5.14.21-150500.55.19.1");
  EXPECT_EQ(owner_of("5.14.21-150500.55.19-rt", fifteen), "none");
  EXPECT_EQ(owner_of("6.4.0-1-default", {package("kernel-default-base", "6.4.0", "1.1.2.3")}),
            "none");
  EXPECT_EQ(owner_of("3.0.101-0.47.71-xen", {package("kernel-xen", "3.0.101", "0.47.71.1")}),
            "kernel-xen-3.0.101-0.47.71.1");
}

TEST(RpmPackages, GoWithoutWhatDependsOnThem) {
  const auto ways = RpmFamily().removals({"open-vm-tools", "vmware-tools-libraries-nox"});
  ASSERT_EQ(ways.size(), 2U);
  EXPECT_THAT(ways[0].command,
              ElementsAre("rpm", "-e", "open-vm-tools", "vmware-tools-libraries-nox"));
  EXPECT_THAT(ways[1].command, ElementsAre("rpm", "-e", "open-vm-tools"));
  EXPECT_THAT(ways[1].packages, ElementsAre("open-vm-tools"));
  EXPECT_EQ(RpmFamily().removals({"open-vm-tools"}).size(), 1U);
  EXPECT_THAT(RpmFamily().finish_removal(), IsEmpty());
}

TEST(Packages, AreInstalledWithTheGuestsOwnManager) {
  Inspection inspection;
  for (const auto &[manager, command] :
       std::vector<std::pair<std::string, std::string>>{{"dnf", "dnf -y install tool"},
                                                        {"yum", "yum -y install tool"},
                                                        {"zypper", "zypper -n install -l tool"}}) {
    inspection.package_management = manager;
    EXPECT_EQ(RpmFamily().installation(inspection, "tool")->install, command);
    EXPECT_FALSE(DebianFamily().installation(inspection, "tool"));
  }
  inspection.package_management = "up2date";
  EXPECT_FALSE(RpmFamily().installation(inspection, "tool"));
  inspection.package_management = "apt";
  EXPECT_EQ(RpmFamily().installation(inspection, "tool")->install, "apt-get -q -y install tool");
  EXPECT_TRUE(DebianFamily().installation(inspection, "tool"));
}

}  // namespace
}  // namespace v2v::linux
