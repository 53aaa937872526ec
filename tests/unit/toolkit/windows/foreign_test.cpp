// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/windows/foreign_drivers.hpp>
#include <v2v/windows/foreign_tools.hpp>

#include "guest_hives.hpp"

#include <gmock/gmock.h>

namespace v2v::windows {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr auto set = "ControlSet001";

std::vector<std::string> disable(const GuestHives &guest) {
  std::vector<std::string> names;
  guest.edit("SYSTEM", [&](Hive &hive) { names = disable_foreign_drivers(hive, set); });
  return names;
}

std::optional<std::vector<std::string>> filters(const GuestHives &guest, const std::string &guid,
                                                const std::string &list) {
  const auto system = guest.read("SYSTEM");
  return system.texts(system.find("ControlSet001\\Control\\Class\\{" + guid + "}").value(), list);
}

std::optional<std::uint32_t> start(const GuestHives &guest, const std::string &service) {
  const auto system = guest.read("SYSTEM");
  return system.number(system.find("ControlSet001\\Services\\" + service).value(), "Start");
}

constexpr auto disks = "4d36e967-e325-11ce-bfc1-08002be10318",
               controllers = "4d36e96a-e325-11ce-bfc1-08002be10318",
               system_devices = "4d36e97d-e325-11ce-bfc1-08002be10318";

TEST(ForeignDrivers, NothingOfAGuestOfVMwareIsTouchedInAnyVersion) {
  for (const auto &version : windows_versions()) {
    const GuestHives guest(version);
    EXPECT_THAT(disable(guest), IsEmpty());
    EXPECT_THAT(guest.changes("SYSTEM"), IsEmpty());
  }
}

TEST(ForeignDrivers, OfXenServerAreOffTogetherWithTheirFilters) {
  const GuestHives guest;
  guest.add("SYSTEM", R"([ControlSet001\Services\XENBUS]
Start=d:0
[ControlSet001\Services\xenfilt]
Start=d:0
ImagePath=e:System32\drivers\xenfilt.sys
[ControlSet001\Services\xenvbd]
Start=d:0
[ControlSet001\Services\xennet]
Start=d:4
[ControlSet002\Services\xenfilt]
Start=d:0
[ControlSet001\Control\Class\{4d36e97d-e325-11ce-bfc1-08002be10318}]
UpperFilters=m:XENFILT
[ControlSet001\Control\Class\{4d36e96a-e325-11ce-bfc1-08002be10318}]
UpperFilters=m:first|xenfilt|last
LowerFilters=m:other
)");
  EXPECT_THAT(disable(guest), ElementsAre("XENBUS", "xenfilt", "xenvbd"));
  EXPECT_EQ(start(guest, "xenfilt"), 4u);
  EXPECT_EQ(start(guest, "xennet"), 4u);
  EXPECT_EQ(filters(guest, system_devices, "UpperFilters"), std::nullopt);
  EXPECT_THAT(filters(guest, controllers, "UpperFilters").value(), ElementsAre("first", "last"));
  EXPECT_THAT(filters(guest, controllers, "LowerFilters").value(), ElementsAre("other"));
  EXPECT_THAT(guest.changes("SYSTEM"), SizeIs(5));
}

TEST(ForeignDrivers, OfParallelsAndRedHatsForXenAreOff) {
  const GuestHives guest;
  guest.add("SYSTEM", R"([ControlSet001\Services\rhelscsi]
Start=d:0
[ControlSet001\Services\prl_strg]
Start=d:0
[ControlSet001\Services\prl_va]
Start=d:2
[ControlSet001\Control\Class\{4d36e967-e325-11ce-bfc1-08002be10318}]
LowerFilters=m:prl_strg|EhStorClass
)");
  EXPECT_THAT(disable(guest), ElementsAre("rhelscsi", "prl_strg", "prl_va"));
  EXPECT_THAT(filters(guest, disks, "LowerFilters").value(), ElementsAre("EhStorClass"));
  EXPECT_THAT(filters(guest, disks, "UpperFilters").value(), ElementsAre("partmgr"));
  EXPECT_THAT(guest.changes("SYSTEM"), SizeIs(4));
}

TEST(ForeignDrivers, WithoutAStartValueOneIsSwitchedOffToo) {
  const GuestHives guest;
  guest.add("SYSTEM", "[ControlSet001\\Services\\xenvbd]\nStart=s:0\n");
  EXPECT_THAT(disable(guest), ElementsAre("xenvbd"));
  EXPECT_EQ(start(guest, "xenvbd"), 4u);
}

class ForeignToolsTest : public testing::TestWithParam<WindowsVersion> {};

TEST_P(ForeignToolsTest, VMwareToolsAreRemovedQuietly) {
  const GuestHives guest(GetParam());
  Warnings warnings;
  const auto tools = foreign_tools(guest.read("SOFTWARE"), warnings.log);
  ASSERT_THAT(tools, SizeIs(1));
  EXPECT_EQ(tools[0].name, "uninstall VMware Tools");
  EXPECT_THAT(tools[0].batch,
              ElementsAre("@echo off", "setlocal DisableDelayedExpansion",
                          "MsiExec.exe /x{F32C4E7B-2BF8-4788-8408-824C6896E1BB} /quiet /norestart "
                          "/l*v+ \"%~dpn0.log\" REBOOT=ReallySuppress REMOVE=ALL",
                          "if errorlevel 3010 exit /b 0"));
  EXPECT_THAT(warnings.all, IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Versions, ForeignToolsTest, testing::ValuesIn(windows_versions()),
                         [](const auto &each) { return std::string(each.param.name); });

/// A guest of Windows 2022 without VMware Tools.
std::vector<Uninstaller> tools_with(const std::string &programs, const text::Log &log = {}) {
  const GuestHives guest;
  guest.edit("SOFTWARE", [](Hive &hive) {
    hive.remove(hive.find("Microsoft\\Windows\\CurrentVersion\\Uninstall").value());
  });
  guest.add("SOFTWARE", programs);
  return foreign_tools(guest.read("SOFTWARE"), log);
}

TEST(ForeignTools, ParallelsInBothLists) {
  const auto tools = tools_with(R"([Microsoft\Windows\CurrentVersion\Uninstall\P]
DisplayName=s:Parallels Tools
UninstallString=s:MsiExec.exe /X{AAAA}
[WOW6432Node\Microsoft\Windows\CurrentVersion\Uninstall\Q]
DisplayName=s:Virtuozzo Tools 32
UninstallString=s:MsiExec.exe /I{BBBB}
[WOW6432Node\Microsoft\Windows\CurrentVersion\Uninstall\P]
DisplayName=s:Parallels Tools
UninstallString=s:MsiExec.exe /X{AAAA}
)");
  ASSERT_THAT(tools, SizeIs(2));
  EXPECT_EQ(tools[0].name, "uninstall Parallels tools");
  EXPECT_THAT(tools[0].batch[2], HasSubstr("prl_strg\\DriverInfo\" /v RefCount /f"));
  EXPECT_EQ(tools[0].batch[3],
            "MsiExec.exe /X{AAAA} /quiet /norestart /l*v+ \"%~dpn0.log\" REBOOT=ReallySuppress "
            "REMOVE=ALL PREVENT_REBOOT=Yes LAUNCHED_BY_SETUP_EXE=Yes");
  EXPECT_THAT(tools[1].batch[3], HasSubstr("/I{BBBB}"));
}

TEST(ForeignTools, XensUninstallerIsTheOneThatDoesNotAsk) {
  for (const std::string command : {R"(C:\Program Files\Red Hat\Xen\uninst.exe)",
                                    R"("C:\Program Files\Red Hat\Xen\UNINST.EXE")",
                                    R"(C:\Program Files\Red Hat\Xen\_uninst.exe)"}) {
    const auto tools = tools_with(
        "[Microsoft\\Windows\\CurrentVersion\\Uninstall\\Red Hat Paravirtualized Xen Drivers for "
        "Windows(R)]\nUninstallString=s:" +
        command + '\n');
    ASSERT_THAT(tools, SizeIs(1)) << command;
    EXPECT_EQ(tools[0].name, "uninstall Xen PV drivers");
    EXPECT_THAT(tools[0].batch[2],
                testing::StrCaseEq("\"C:\\Program Files\\Red Hat\\Xen\\_uninst.exe\""));
  }
}

TEST(ForeignTools, ACommandStaysOneCommand) {
  const auto tools = tools_with(R"([Microsoft\Windows\CurrentVersion\Uninstall\V]
DisplayName=s:VMware Tools
UninstallString=s:"C:\a & b\100%\x.exe" /x & format c: | more > %TEMP%\x ^
)");
  ASSERT_THAT(tools, SizeIs(1));
  EXPECT_THAT(
      tools[0].batch[2],
      testing::StartsWith(R"("C:\a & b\100%%\x.exe" /x ^& format c: ^| more ^> %%TEMP%%\x ^^ )"));
}

TEST(ForeignTools, VariablesAreExpandedOnlyWhereWindowsWould) {
  const auto tools = tools_with(R"([Microsoft\Windows\CurrentVersion\Uninstall\V]
DisplayName=s:VMware Tools
UninstallString=e:"%ProgramFiles%\VMware\x.exe"
)");
  ASSERT_THAT(tools, SizeIs(1));
  EXPECT_THAT(tools[0].batch[2], testing::StartsWith(R"("%ProgramFiles%\VMware\x.exe" /quiet)"));
}

TEST(ForeignTools, ACommandThatCannotBeTakenOverIsAWarning) {
  const auto tools =
      "[Microsoft\\Windows\\CurrentVersion\\Uninstall\\V]\nDisplayName=s:VMware Tools\n";
  for (const auto &[command, why] :
       {std::pair<Value, std::string>{Value::text("a\nformat c:"), "control characters"},
        {Value::text("a\r\nb"), "control characters"},
        {Value::text("\"a"), "unpaired quote"},
        {Value::text("C:\\Prögramme\\x.exe"), "outside ASCII"},
        {Value::text(std::string(9000, 'x')), "too long"},
        {Value::text(""), "is empty"},
        {Value::number(1), "is missing"}}) {
    const GuestHives guest;
    guest.edit("SOFTWARE", [&, wanted = command](Hive &hive) {
      hive.remove(hive.find("Microsoft\\Windows\\CurrentVersion\\Uninstall").value());
      fill(hive, tools);
      hive.set(hive.find("Microsoft\\Windows\\CurrentVersion\\Uninstall\\V").value(),
               "UninstallString", wanted);
    });
    Warnings warnings;
    EXPECT_THAT(foreign_tools(guest.read("SOFTWARE"), warnings.log), IsEmpty()) << why;
    EXPECT_THAT(warnings.all, ElementsAre(HasSubstr(why)));
  }
}

}  // namespace
}  // namespace v2v::windows
