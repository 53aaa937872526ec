// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The first boot's service: how it is installed, and what its script really does when it is run
// with its paths led into the test's directory.
#include "system_fixture.hpp"

#include <v2v/linux/first_boot.hpp>
#include <v2v/linux/text_edit.hpp>

#include <cstdlib>

using namespace v2v;
using namespace v2v::linux;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

namespace {

constexpr char kDirectory[] = "/usr/lib/v2v-firstboot";
constexpr char kLog[] = "/var/log/v2v-firstboot.log";
constexpr char kWanted[] = "/etc/systemd/system/multi-user.target.wants/v2v-firstboot.service";

class FirstBootTest : public SystemTest {
 protected:
  FirstBootTest() { guest.symlink("/lib/systemd/systemd", "/sbin/init"); }

  void install(std::initializer_list<std::pair<const char *, const char *>> steps) {
    FirstBoot first_boot(guest, log);
    for (const auto &[name, script] : steps) first_boot.add(name, script);
    first_boot.install();
  }
  /// Runs the guest's script on the host, every path of it below the test's directory.
  int boot() {
    auto script = guest.read(std::string(kDirectory) + "/run");
    const auto root = host_directory().string();
    for (const std::string path : {"/usr/lib/v2v-firstboot", "/var/log/", "/etc/"})
      for (auto at = script.find(path); at != std::string::npos;
           at = script.find(path, at + root.size() + path.size()))
        script.insert(at, root);
    std::filesystem::create_directories(host_directory() / "var/log");
    guest.write("/run-on-host", script);
    return std::system(("sh " + root + "/run-on-host").c_str());
  }
};

TEST_F(FirstBootTest, NoStepsNoService) {
  install({});
  EXPECT_THAT(guest.list("/usr/lib"), IsEmpty());
  EXPECT_FALSE(guest.link_target(kWanted));
}

TEST_F(FirstBootTest, UnitForSystemd) {
  install({{"a", "true\n"}});
  EXPECT_TRUE(guest.link_target(kWanted));
  EXPECT_TRUE(guest.is_file("/usr/lib/v2v-firstboot/run"));
  EXPECT_FALSE(guest.stat("/etc/init.d/v2v-firstboot"));
}

TEST_F(FirstBootTest, ScriptForSysV) {
  guest.remove("/sbin/init");
  empty_files({"/sbin/init", "/etc/init.d/.depend.start", "/usr/sbin/update-rc.d"});
  install({{"a", "true\n"}});
  EXPECT_FALSE(guest.link_target(kWanted));
  EXPECT_EQ(guest.stat("/etc/rc2.d/S99v2v-firstboot")->mode, 0755u);
  EXPECT_THAT(guest.commands(),
              ElementsAre(ElementsAre("/usr/sbin/update-rc.d", "v2v-firstboot", "defaults")));
}

TEST_F(FirstBootTest, WhatWasDoneIsLoggedAndNothingStays) {
  install({{"one", "echo hello\n"}, {"two", "echo world\n"}});
  EXPECT_EQ(boot(), 0);
  EXPECT_THAT(guest.read(kLog), AllOf(HasSubstr("one: started"), HasSubstr("hello"),
                                      HasSubstr("two: done"), HasSubstr("finished")));
  EXPECT_FALSE(guest.stat(kDirectory));
  EXPECT_FALSE(guest.link_target(kWanted));
  EXPECT_FALSE(guest.stat("/etc/systemd/system/v2v-firstboot.service"));
}

TEST_F(FirstBootTest, FailingStepIsTriedThreeTimesAndHoldsNothingUp) {
  install({{"bad", "echo tried; exit 7\n"}, {"good", "echo fine\n"}});
  boot();
  EXPECT_THAT(guest.read(kLog), AllOf(HasSubstr("bad: failed with status 7, will be tried"),
                                      HasSubstr("good: done")));
  EXPECT_THAT(guest.list(kDirectory), ElementsAre("boots", "good.done", "run"));
  boot();
  EXPECT_TRUE(guest.link_target(kWanted));
  boot();
  EXPECT_THAT(guest.read(kLog), HasSubstr("bad: failed with status 7, given up"));
  EXPECT_FALSE(guest.stat(kDirectory));
  EXPECT_FALSE(guest.link_target(kWanted));
}

TEST_F(FirstBootTest, StepThatTakesTheMachineDownIsNotTriedForEver) {
  // The runner is the parent of `timeout`, which is the step's parent.
  install({{"crash", "read -r a b c runner rest </proc/$PPID/stat; kill -9 $runner\n"}});
  for (int i = 0; i < 3; ++i) {
    boot();
    ASSERT_THAT(guest.list(kDirectory), ElementsAre("boots", "run"));
  }
  boot();
  EXPECT_THAT(guest.read(kLog), HasSubstr("crash: did not end at the last boot, given up"));
  EXPECT_FALSE(guest.stat(kDirectory));
}

TEST_F(FirstBootTest, ScriptsOfTheUserRunOnceInTheirOwnLanguage) {
  FirstBoot first_boot(guest, log);
  first_boot.add("bad", "exit 7\n");
  first_boot.add_script("perl", "#!/usr/bin/perl\nprint 'per' . \"l ran\\n\"; exit 3;\n");
  first_boot.add_script("plain", "echo plain ran\n");
  first_boot.install();
  EXPECT_EQ(boot(), 0);
  EXPECT_THAT(guest.read(kLog), AllOf(HasSubstr("perl: started\nperl ran\n"),
                                      HasSubstr("perl: failed with status 3\n"),
                                      HasSubstr("plain ran"), HasSubstr("plain: done")));
  guest.remove(kLog);
  boot();
  EXPECT_THAT(guest.read(kLog),
              AllOf(HasSubstr("bad: started"), Not(HasSubstr("perl")), Not(HasSubstr("plain"))));
  boot();
  EXPECT_FALSE(guest.stat(kDirectory));
}

TEST_F(FirstBootTest, AgentStepIsValidShell) {
  FirstBoot first_boot(guest, log);
  install_guest_agent(DebianFamily(), debian(), first_boot, log);
  first_boot.install();
  EXPECT_THAT(infos,
              ElementsAre("The QEMU Guest Agent will be installed for this guest at first boot."));
  const auto script = host_directory().string() + kDirectory + "/run";
  EXPECT_EQ(std::system(("sh -n " + script).c_str()), 0);
  EXPECT_THAT(guest.read(std::string(kDirectory) + "/run"),
              HasSubstr("steps='install-qemu-guest-agent'"));
}

TEST_F(FirstBootTest, AgentThatIsThereIsEnough) {
  auto inspection = debian();
  linux::install(inspection, {"qemu-guest-agent"});
  FirstBoot first_boot(guest, log);
  install_guest_agent(DebianFamily(), inspection, first_boot, log);
  first_boot.install();
  EXPECT_THAT(infos, IsEmpty());
  EXPECT_FALSE(guest.stat(kDirectory));
}

TEST_F(FirstBootTest, UnknownPackageManagerIsAWarning) {
  auto inspection = debian();
  inspection.package_management = "unknown";
  FirstBoot first_boot(guest, log);
  install_guest_agent(DebianFamily(), inspection, first_boot, log);
  EXPECT_THAT(warnings, ElementsAre(HasSubstr("by hand")));
}

}  // namespace
