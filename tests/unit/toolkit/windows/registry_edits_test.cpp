// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The smaller readings and edits: DevicePath, CrashControl, the clock, policies and the boot store.
#include <v2v/windows/boot_store.hpp>
#include <v2v/windows/clock.hpp>
#include <v2v/windows/computer_name.hpp>
#include <v2v/windows/crash_control.hpp>
#include <v2v/windows/device_path.hpp>
#include <v2v/windows/policy.hpp>
#include <v2v/windows/utf16.hpp>

#include "../../refusal.hpp"
#include "guest_hives.hpp"

#include <gmock/gmock.h>

namespace v2v::windows {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr auto set = "ControlSet001", current_version = "Microsoft\\Windows\\CurrentVersion";

std::vector<std::string> paths(const std::vector<Difference> &differences) {
  std::vector<std::string> all;
  for (const auto &difference : differences) all.push_back(difference.path);
  return all;
}

class EditsTest : public testing::TestWithParam<WindowsVersion> {
 protected:
  const GuestHives guest_{GetParam()};
};

TEST_P(EditsTest, DriversAreLookedForInTheirDirectoryToo) {
  Warnings warnings;
  for (int i = 0; i < 2; ++i)
    guest_.edit("SOFTWARE", [&](Hive &hive) { add_driver_directory(hive, warnings.log); });
  const auto software = guest_.read("SOFTWARE");
  EXPECT_EQ(software.value(software.find(current_version).value(), "DevicePath"),
            Value::text("%SystemRoot%\\inf;%SystemRoot%\\Drivers\\VirtIO", ValueType::expandable));
  EXPECT_THAT(paths(guest_.changes("SOFTWARE")),
              ElementsAre(std::string(current_version) + "\\DevicePath"));
  EXPECT_THAT(warnings.all, IsEmpty());
}

TEST_P(EditsTest, AStopErrorStaysOnTheScreen) {
  guest_.edit("SYSTEM", [](Hive &hive) { stay_at_stop_errors(hive, set); });
  const auto system = guest_.read("SYSTEM");
  EXPECT_EQ(
      system.number(system.find("ControlSet001\\Control\\CrashControl").value(), "AutoReboot"), 0u);
  EXPECT_THAT(paths(guest_.changes("SYSTEM")),
              ElementsAre("ControlSet001\\Control\\CrashControl\\AutoReboot"));
}

TEST_P(EditsTest, TheComputersNameIsChangedAndNothingElse) {
  guest_.edit("SYSTEM", [](Hive &hive) { set_computer_name(hive, set, "Web-01"); });
  const auto system = guest_.read("SYSTEM");
  const auto text = [&](const char *key, const char *name) {
    return system.text(system.find(std::string(set) + key).value(), name);
  };
  EXPECT_EQ(text("\\Control\\ComputerName\\ComputerName", "ComputerName"), "WEB-01");
  EXPECT_EQ(text("\\Services\\Tcpip\\Parameters", "Hostname"), "Web-01");
  EXPECT_EQ(text("\\Services\\Tcpip\\Parameters", "NV Hostname"), "Web-01");
  const auto changes = guest_.changes("SYSTEM");
  EXPECT_EQ(unplanned(changes, computer_name_keys(set)).size(), 0u);
  EXPECT_GE(changes.size(), 3u);
}

TEST_P(EditsTest, AMemberOfADomainIsKnownByItsService) {
  EXPECT_FALSE(is_domain_member(guest_.read("SYSTEM"), set));
  const auto start = [&](std::uint32_t number) {
    guest_.edit("SYSTEM", [&](Hive &hive) {
      hive.set(hive.ensure("ControlSet001\\Services\\Netlogon"), "Start", Value::number(number));
    });
    return is_domain_member(guest_.read("SYSTEM"), set);
  };
  EXPECT_TRUE(start(2));
  EXPECT_FALSE(start(3));
}

TEST(ComputerName, ThatWindowsTakes) {
  for (const char *name : {"a", "Web-01", "12345678901234a"}) check_computer_name(name);
  for (const char *name :
       {"", "12345", "web01.example.com", "web_01", "-a", "a-", "a234567890123456", "a b"})
    EXPECT_EQ(test::error_of([&] { check_computer_name(name); }).code(), Code::unsupported) << name;
}

TEST_P(EditsTest, PoliciesAreFoundInMachinesOfADomain) {
  EXPECT_EQ(has_group_policy(guest_.read("SOFTWARE")), GetParam().is_server());
}

TEST_P(EditsTest, DefenderIsAScannerUnlessItIsOff) {
  if (GetParam().major < 10) {
    EXPECT_THAT(antivirus(guest_.read("SOFTWARE")), IsEmpty());
    return;
  }
  EXPECT_THAT(antivirus(guest_.read("SOFTWARE")), ElementsAre("Windows Defender"));
  guest_.add("SOFTWARE", "[Microsoft\\Windows Defender]\nDisableAntiVirus=d:1\n");
  EXPECT_THAT(antivirus(guest_.read("SOFTWARE")), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Versions, EditsTest, testing::ValuesIn(windows_versions()),
                         [](const auto &each) { return std::string(each.param.name); });

TEST(DevicePath, KeepsItsTypeAndBytesThatAreNoText) {
  const GuestHives guest;
  // A half of a pair, and two NULs at the end.
  const std::string odd("\x3d\xd8;\0", 4);
  guest.edit("SOFTWARE", [&](Hive &hive) {
    const auto key = hive.find(current_version).value();
    hive.set(key, "DevicePath", {ValueType::text, odd + std::string(4, '\0')});
    add_driver_directory(hive, {});
    EXPECT_EQ(hive.value(key, "DevicePath"),
              (Value{ValueType::text, odd + Value::text(";%SystemRoot%\\Drivers\\VirtIO").data}));
  });
}

TEST(DevicePath, OneThatIsThereInAnotherCaseIsEnough) {
  const GuestHives guest;
  guest.add("SOFTWARE",
            "[Microsoft\\Windows\\CurrentVersion]\n"
            "DevicePath=e:%systemroot%\\DRIVERS\\virtio;%SystemRoot%\\inf\n");
  guest.edit("SOFTWARE", [](Hive &hive) { add_driver_directory(hive, {}); });
  EXPECT_THAT(guest.changes("SOFTWARE"), IsEmpty());
}

TEST(DevicePath, AMissingValueIsLeftAndAMissingKeyIsAWarning) {
  const GuestHives guest;
  Warnings warnings;
  guest.edit("SOFTWARE", [&](Hive &hive) {
    const auto key = hive.find(current_version).value();
    hive.remove_value(key, "DevicePath");
    add_driver_directory(hive, warnings.log);
    EXPECT_FALSE(hive.value(key, "DevicePath"));
    EXPECT_THAT(warnings.all, IsEmpty());
    hive.remove(key);
    add_driver_directory(hive, warnings.log);
    EXPECT_FALSE(hive.find(current_version));
  });
  EXPECT_THAT(warnings.all, ElementsAre(HasSubstr(current_version)));
}

TEST(CrashControl, IsNotMadeWhereItIsMissing) {
  const GuestHives guest;
  guest.edit("SYSTEM", [](Hive &hive) {
    hive.remove(hive.find("ControlSet001\\Control\\CrashControl").value());
    stay_at_stop_errors(hive, set);
    EXPECT_FALSE(hive.find("ControlSet001\\Control\\CrashControl"));
  });
}

struct ClockCase {
  const char *value;
  bool utc;
  std::size_t warnings;
};

class ClockTest : public testing::TestWithParam<ClockCase> {};

TEST_P(ClockTest, FollowsRealTimeIsUniversal) {
  const GuestHives guest;
  if (*GetParam().value)
    guest.add("SYSTEM", std::string("[ControlSet001\\Control\\TimeZoneInformation]\n"
                                    "RealTimeIsUniversal=") +
                            GetParam().value + '\n');
  Warnings warnings;
  EXPECT_EQ(clock_is_utc(guest.read("SYSTEM"), set, warnings.log), GetParam().utc);
  EXPECT_EQ(warnings.all.size(), GetParam().warnings);
}

INSTANTIATE_TEST_SUITE_P(Values, ClockTest,
                         testing::Values(ClockCase{"", false, 0}, ClockCase{"n:", false, 0},
                                         ClockCase{"d:1", true, 0}, ClockCase{"d:0", false, 0},
                                         ClockCase{"d:2", false, 0}, ClockCase{"d:257", false, 0},
                                         ClockCase{"q:1", true, 0}, ClockCase{"q:0", false, 0},
                                         ClockCase{"q:4294967297", false, 0},
                                         ClockCase{"s:1", true, 1}, ClockCase{"x:01", true, 1}));

TEST(GroupPolicy, OnlyANameInBracesIsAPolicy) {
  for (const std::string name : {"0", "{}", "{a}x", "{x1234}", "a}"}) {
    const GuestHives guest(windows_version("10"));
    guest.add("SOFTWARE",
              "[Microsoft\\Windows\\CurrentVersion\\Group Policy\\History\\" + name + "]\n");
    EXPECT_FALSE(has_group_policy(guest.read("SOFTWARE"))) << name;
  }
  const GuestHives guest(windows_version("10"));
  guest.add("SOFTWARE", "[Microsoft\\Windows\\CurrentVersion\\Group Policy\\History\\{B1}]\n");
  EXPECT_TRUE(has_group_policy(guest.read("SOFTWARE")));
}

TEST(Antivirus, IsKnownByNameAndPublisherAndSaidOnce) {
  const GuestHives guest(windows_version("2012r2"));
  guest.add("SOFTWARE", R"([Microsoft\Windows\CurrentVersion\Uninstall\A]
DisplayName=s:Endpoint Protection
Publisher=s:SOPHOS Limited
[Microsoft\Windows\CurrentVersion\Uninstall\ApexOneNT]
[WOW6432Node\Microsoft\Windows\CurrentVersion\Uninstall\B]
DisplayName=s:Endpoint Protection
Publisher=s:Sophos Limited
[WOW6432Node\Microsoft\Windows\CurrentVersion\Uninstall\C]
DisplayName=s:Clam AntiVirus
)");
  EXPECT_THAT(antivirus(guest.read("SOFTWARE")),
              ElementsAre("Endpoint Protection", "ApexOneNT", "Clam AntiVirus"));
}

TEST(BootStore, LosesNothingButTheSwitch) {
  const GuestHives guest;
  guest.edit("BCD", [](Hive &bcd) { EXPECT_TRUE(allow_graphics(bcd)); });
  const auto element = "Objects\\" + std::string(system_entry) + "\\Elements\\16000046";
  EXPECT_THAT(paths(guest.changes("BCD")), ElementsAre(element, element + "\\Element"));
  guest.edit("BCD", [](Hive &bcd) { EXPECT_FALSE(allow_graphics(bcd)); });
}

TEST(BootStore, WithoutADefaultEntryIsLeftAsItIs) {
  for (const std::string entry : {"{11111111-5558-4bf2-bca4-289b11bd29e2}", "", "a\\b"}) {
    const GuestHives guest;
    guest.add("BCD",
              "[Objects\\a\\b\\Elements\\16000046]\nElement=x:01\n"
              "[Objects\\{9dea862c-5cdd-4e70-acc1-f32b344d4795}\\Elements\\23000003]\n"
              "Element=s:" +
                  entry + '\n');
    guest.edit("BCD", [](Hive &bcd) { EXPECT_FALSE(allow_graphics(bcd)); });
    EXPECT_THAT(guest.changes("BCD"), IsEmpty());
  }
}

}  // namespace
}  // namespace v2v::windows
