// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/windows/first_boot.hpp>
#include <v2v/windows/pe_file.hpp>

#include "../../temporary_directory.hpp"
#include "empty_hive.hpp"

#include <gmock/gmock.h>

namespace v2v::windows {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> paths(const FirstBoot &first_boot) {
  std::vector<std::string> result;
  for (const auto &file : first_boot.files()) result.push_back(file.path);
  return result;
}

std::string content(const FirstBoot &first_boot, const std::string &path) {
  for (const auto &file : first_boot.files())
    if (file.path == path) return file.content;
  return "no file " + path;
}

TEST(FirstBoot, ScriptsAreNumberedAndHaveSafeNamesAndWindowsLineEnds) {
  FirstBoot first_boot;
  EXPECT_TRUE(first_boot.is_empty());
  first_boot.add_script("Remove tools (ä\\..)", {"@echo off", "exit /b 250"});
  first_boot.add_script(std::string(100, 'x'), {}, 20);
  first_boot.add_script("last", {}, 123456);
  EXPECT_FALSE(first_boot.is_empty());
  EXPECT_THAT(paths(first_boot), ElementsAre("scripts/5000-0001-Remove-tools--------.bat",
                                             "scripts/0020-0002-" + std::string(60, 'x') + ".bat",
                                             "scripts/9999-0003-last.bat"));
  EXPECT_EQ(first_boot.files()[0].content, "@echo off\r\nexit /b 250\r\n");
}

TEST(FirstBoot, WholeScriptsKeepTheirKindAndGetWindowsLineEnds) {
  FirstBoot first_boot;
  first_boot.add_script("a", {"echo"});
  first_boot.add_script_text("set up", "Get-Date\nexit 0\r\n", ".ps1");
  EXPECT_THAT(paths(first_boot),
              ElementsAre("scripts/5000-0001-a.bat", "scripts/5000-0002-set-up.ps1"));
  EXPECT_EQ(first_boot.scripts()[1].content, "Get-Date\r\nexit 0\r\n");
}

TEST(FirstBoot, DriversAreListedInOrderWithTheirRank) {
  FirstBoot first_boot;
  first_boot.set_drivers({{"%SystemRoot%\\a.inf", true}, {"%SystemRoot%\\b.inf", false}});
  EXPECT_FALSE(first_boot.is_empty());
  EXPECT_EQ(content(first_boot, "drivers.txt"),
            "required %SystemRoot%\\a.inf\r\noptional %SystemRoot%\\b.inf\r\n");
}

TEST(FirstBoot, TheNetworkFileHasABlockForEachCard) {
  FirstBoot first_boot;
  FirstBoot::Card card;
  card.mac = "52:54:00:11:22:33";
  card.addresses = {"192.0.2.10/24", "2001:db8::10/64"};
  card.gateways = {{"192.0.2.1", 0}, {"192.0.2.254", 20}};
  card.dns = {"192.0.2.2"};
  card.suffix = "example.com";
  card.metric = 7;
  card.old_adapters = {"{11111111-2222-3333-4444-555555555555}"};
  FirstBoot::Card second;
  second.mac = "52:54:00:11:22:34";
  first_boot.set_network({card, second});
  EXPECT_EQ(content(first_boot, "network.txt"),
            "[card]\r\nmac=52:54:00:11:22:33\r\naddress=192.0.2.10/24\r\n"
            "address=2001:db8::10/64\r\ngateway=192.0.2.1\r\ngateway=192.0.2.254 20\r\n"
            "dns=192.0.2.2\r\nsuffix=example.com\r\nmetric=7\r\n"
            "old={11111111-2222-3333-4444-555555555555}\r\n"
            "[card]\r\nmac=52:54:00:11:22:34\r\n");
  EXPECT_THAT(content(first_boot, "scripts/2500-0001-network-configure.bat"),
              HasSubstr("\"%~dp0..\\v2v-firstboot.exe\" network \"%~dp0..\\network.txt\"\r\n"));
}

TEST(FirstBoot, ALineBreakDoesNotBecomeASettingOfItsOwn) {
  FirstBoot first_boot;
  FirstBoot::Card card;
  card.suffix = "a\nold={}";
  EXPECT_THROW(first_boot.set_network({card}), Error);
}

TEST(FirstBoot, TheAgentIsTriedABoundedNumberOfTimesAndItsRestartIsPassedOn) {
  FirstBoot first_boot;
  first_boot.add_file("qemu-ga-x86_64.msi", "bytes");
  first_boot.install_guest_agent("qemu-ga-x86_64.msi");
  EXPECT_EQ(content(first_boot, "files/qemu-ga-x86_64.msi"), "bytes");
  const auto script = content(first_boot, "scripts/5000-0001-install-qemu-ga.bat");
  EXPECT_THAT(script, HasSubstr("msiexec /i \"%~dp0..\\files\\qemu-ga-x86_64.msi\" /qn"));
  EXPECT_THAT(script, HasSubstr("if %code%==3010 exit /b 3010\r\n"));
  EXPECT_THAT(script, HasSubstr("if %tries% geq 5 exit /b %code%\r\n"));
}

TEST(FirstBoot, TheServiceStartsByItselfAndItsPathIsQuoted) {
  test::TemporaryDirectory directory;
  const std::string file = directory.path() / "SYSTEM";
  EmptyHive::write(file);
  Hive system(file, "SYSTEM", Hive::Access::write);
  FirstBoot::register_service(system, "ControlSet001");
  const auto key = system.find("ControlSet001\\Services\\v2v-firstboot").value();
  EXPECT_EQ(system.number(key, "Type"), 0x10u);
  EXPECT_EQ(system.number(key, "Start"), 2u);
  EXPECT_EQ(system.number(key, "ErrorControl"), 1u);
  EXPECT_EQ(system.value(key, "ImagePath"),
            Value::text("\"%SystemDrive%\\Program Files\\Guestfs\\Firstboot\\v2v-firstboot.exe\""
                        " service",
                        ValueType::expandable));
  EXPECT_EQ(system.text(key, "ObjectName"), "LocalSystem");
}

TEST(FirstBoot, TheProgramIsThereForBothArchitectures) {
  for (const char *architecture : {"i386", "x86_64"})
    EXPECT_EQ(pe_architecture(FirstBoot::program(architecture)), architecture);
  EXPECT_THROW(FirstBoot::program("aarch64"), Error);
}

}  // namespace
}  // namespace v2v::windows
