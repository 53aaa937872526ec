// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/windows/boot_driver.hpp>

#include "guest_hives.hpp"

#include <gmock/gmock.h>

namespace v2v::windows {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr auto set = "ControlSet001";

class BootDriverTest : public testing::TestWithParam<WindowsVersion> {
 protected:
  void enter(const std::string &driver = "viostor") {
    guest_.edit("SYSTEM", [&](Hive &system) {
      register_boot_driver(system, set, driver, GetParam().winarch);
    });
  }
  void verify(const std::string &driver = "viostor") {
    verify_boot_driver(guest_.read("SYSTEM"), set, driver, GetParam().winarch);
  }
  /// Removes one planned thing after the other, and expects verify() to name each.
  void expect_each_is_verified(const std::vector<Difference> &all) {
    for (const auto &difference : all) {
      if (difference.is_key) continue;
      const auto end = difference.path.rfind('\\');
      const auto key = difference.path.substr(0, end);
      auto name = difference.path.substr(end + 1);
      if (name == "(Default)") name.clear();
      Hive system(guest_.path("SYSTEM"), "SYSTEM", Hive::Access::write);
      const auto found = system.find(key).value();
      const auto value = system.value(found, name).value();
      system.remove_value(found, name);
      expect_refused(system, key);
      auto other = value;
      other.data.back() = static_cast<char>(other.data.back() + 1);
      system.set(found, name, other);
      expect_refused(system, key);
      system.remove(found);
      expect_refused(system, key);
    }
  }
  void expect_refused(const Hive &system, const std::string &key) {
    try {
      verify_boot_driver(system, set, "viostor", GetParam().winarch);
      ADD_FAILURE() << "verified without " << key;
    } catch (const Error &error) {
      EXPECT_EQ(error.code(), Code::corrupt);
      EXPECT_THAT(error.failure(), HasSubstr(key));
    }
  }

  const GuestHives guest_{GetParam()};
};

TEST_P(BootDriverTest, IsEnteredAndNothingElseIsTouched) {
  for (const std::string driver : {"viostor", "vioscsi"}) {
    EXPECT_THROW(verify(driver), Error);
    enter(driver);
    verify(driver);
  }
  EXPECT_THAT(unplanned(unplanned(guest_.changes("SYSTEM"),
                                  boot_driver_keys(set, "viostor", GetParam().winarch)),
                        boot_driver_keys(set, "vioscsi", GetParam().winarch)),
              IsEmpty());
}

TEST_P(BootDriverTest, TheServiceStartsAtBoot) {
  enter();
  const auto system = guest_.read("SYSTEM");
  const auto key = system.find("ControlSet001\\Services\\viostor").value();
  EXPECT_EQ(system.number(key, "Type"), 1u);
  EXPECT_EQ(system.number(key, "Start"), 0u);
  EXPECT_EQ(system.number(key, "ErrorControl"), 1u);
  EXPECT_EQ(system.text(key, "Group"), "SCSI miniport");
  EXPECT_EQ(system.value(key, "ImagePath"),
            Value::text("system32\\drivers\\viostor.sys", ValueType::expandable));
}

TEST_P(BootDriverTest, BothDevicesAreBoundToIt) {
  enter();
  const auto system = guest_.read("SYSTEM");
  const bool modern = GetParam().has_driver_database();
  for (const std::string id : {"VEN_1AF4&DEV_1001&REV_00", "VEN_1AF4&DEV_1042&REV_01"}) {
    const auto critical = system.find("ControlSet001\\Control\\CriticalDeviceDatabase\\PCI#" + id);
    const auto device = system.find("DriverDatabase\\DeviceIds\\PCI\\" + id);
    EXPECT_EQ(critical.has_value(), !modern);
    EXPECT_EQ(device.has_value(), modern);
    if (critical) {
      EXPECT_EQ(system.text(*critical, "Service"), "viostor");
      EXPECT_EQ(system.text(*critical, "ClassGUID"), "{4D36E97B-E325-11CE-BFC1-08002BE10318}");
    }
    if (device) {
      EXPECT_EQ(system.value(*device, "guestor.inf"), Value::binary(std::string("\1\xff\0\0", 4)));
    }
  }
}

TEST_P(BootDriverTest, ThePackageOfTheDriverDatabaseIsComplete) {
  if (!GetParam().has_driver_database()) return;
  enter();
  const auto system = guest_.read("SYSTEM");
  const auto label = "guestor.inf_" + std::string(GetParam().winarch) + "_0000000000000000";
  const auto inf = system.find("DriverDatabase\\DriverInfFiles\\guestor.inf").value();
  EXPECT_THAT(system.texts(inf, "").value(), ElementsAre(label));
  EXPECT_EQ(system.text(inf, "Active"), label);
  EXPECT_THAT(system.texts(inf, "Configurations").value(), ElementsAre("guestor_conf"));
  const auto package = system.find("DriverDatabase\\DriverPackages\\" + label).value();
  const auto version = system.value(package, "Version").value();
  EXPECT_EQ(version.type, ValueType::binary);
  EXPECT_EQ(version.data, parse_value('x',
                                      "00ff0900000000007be9364d25e3ce11bfc108002be10318"
                                      "000000000000000000000000000000000000000000000000")
                              .data);
  const auto settings = system.find(package, "Configurations\\guestor_conf").value();
  EXPECT_EQ(system.number(settings, "ConfigFlags"), 0u);
  EXPECT_EQ(system.text(settings, "Service"), "viostor");
  for (const std::string id : {"VEN_1AF4&DEV_1001&REV_00", "VEN_1AF4&DEV_1042&REV_01"})
    EXPECT_EQ(system.text(system.find(package, "Descriptors\\PCI\\" + id).value(), "Configuration"),
              "guestor_conf");
}

TEST_P(BootDriverTest, NothingOfItMayBeMissingOrAnother) {
  enter();
  const auto all = guest_.changes("SYSTEM");
  EXPECT_GE(all.size(), GetParam().has_driver_database() ? 15u : 9u);
  expect_each_is_verified(all);
}

TEST_P(BootDriverTest, AGuestThatRanOnKvmBeforeKeepsWhatItHasButStartsTheDriver) {
  guest_.add("SYSTEM",
             "[ControlSet001\\Services\\VioStor]\nStart=d:3\nTag=d:64\nOwners=m:oem3.inf\n"
             "ImagePath=e:\\SystemRoot\\System32\\DriverStore\\viostor.sys\n"
             "[ControlSet001\\Services\\VioStor\\StartOverride]\n0=d:3\n"
             "[ControlSet001\\Services\\VioStor\\Parameters]\nBusType=d:1\n");
  enter();
  verify();
  const auto system = guest_.read("SYSTEM");
  const auto key = system.find("ControlSet001\\Services\\viostor").value();
  EXPECT_EQ(system.number(key, "Tag"), 64u);
  EXPECT_THAT(system.texts(key, "Owners").value(), ElementsAre("oem3.inf"));
  EXPECT_TRUE(system.find(key, "Parameters"));
  EXPECT_FALSE(system.find(key, "StartOverride"));
  guest_.add("SYSTEM", "[ControlSet001\\Services\\viostor\\StartOverride]\n0=d:3\n");
  expect_refused(guest_.read("SYSTEM"), "ControlSet001\\Services\\viostor\\StartOverride");
}

TEST_P(BootDriverTest, EnteredTwiceIsAsEnteredOnce) {
  enter();
  guest_.add("SYSTEM", "");
  enter();
  EXPECT_THAT(guest_.changes("SYSTEM"), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Versions, BootDriverTest, testing::ValuesIn(windows_versions()),
                         [](const auto &each) { return std::string(each.param.name); });

TEST(BootDriver, IdsAreThoseOfItsDevice) {
  EXPECT_THAT(boot_device_ids("vioscsi"),
              ElementsAre("VEN_1AF4&DEV_1004&REV_00", "VEN_1AF4&DEV_1048&REV_01"));
  for (const auto *name : {"viostor", "virtio_blk", "vrtioblk"})
    EXPECT_THAT(boot_device_ids(name),
                ElementsAre("VEN_1AF4&DEV_1001&REV_00", "VEN_1AF4&DEV_1042&REV_01"));
}

TEST(BootDriver, OtherDriversAndProcessorsAreRefusedBeforeAnythingIsWritten) {
  const GuestHives guest;
  guest.edit("SYSTEM", [](Hive &system) {
    EXPECT_THROW(register_boot_driver(system, set, "netkvm", "amd64"), Error);
    EXPECT_THROW(register_boot_driver(system, set, "viostor", "arm64"), Error);
  });
  EXPECT_THAT(guest.changes("SYSTEM"), IsEmpty());
}

}  // namespace
}  // namespace v2v::windows
