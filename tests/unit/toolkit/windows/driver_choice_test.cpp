// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/windows/driver_choice.hpp>
#include <v2v/windows/machine_choice.hpp>
#include <v2v/windows/virtio_win.hpp>

#include "drivers_fixture.hpp"

#include <v2v/text/characters.hpp>

#include <set>
#include <sstream>

namespace v2v::windows {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using Names = std::set<std::string>;

/// "a.b" is itself, "a" stands for a.cat, a.inf and a.sys, "a-" for a.cat and a.inf.
Names names(const std::string &text) {
  Names all;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    const bool no_sys = word.back() == '-';
    if (no_sys) word.pop_back();
    if (word.find('.') != std::string::npos) {
      all.insert(word);
      continue;
    }
    all.insert({word + ".cat", word + ".inf"});
    if (!no_sys) all.insert(word + ".sys");
  }
  return all;
}

Names chosen(const std::vector<std::string> &paths, const std::string &osinfo,
             const std::string &arch) {
  Names all;
  for (const auto &path : choose_drivers(paths, osinfo, arch))
    all.insert(text::lower(path.substr(path.rfind('/') + 1)));
  return all;
}

/// What one guest gets of the whole tree: section 3.2 of the facts on Windows.
class WholeTreeTest : public testing::Test {
 protected:
  const std::vector<std::string> paths_ = VirtioWin(VirtioWinSample::get().tree).paths();
  const std::string server_2022_ =
      "balloon blnsvr.exe fwcfg netkvm netkvmco.exe netkvmp.exe pvpanic qemupciserial- readme.md "
      "vgpusrv.exe viofs viogpuap.exe viogpudo viohidkmdf.sys vioinput viomem viorng viorngum.dll "
      "vioscsi vioser viostor virtiofs.exe ";
};

TEST_F(WholeTreeTest, Server2022) {
  EXPECT_EQ(chosen(paths_, "win2k22", "x86_64"), names(server_2022_));
}

TEST_F(WholeTreeTest, Windows11AndServer2025HaveSmbusToo) {
  EXPECT_EQ(chosen(paths_, "win11", "x86_64"), names(server_2022_ + "smbus-"));
  EXPECT_EQ(chosen(paths_, "win2k25", "x86_64"), names(server_2022_ + "smbus-"));
}

TEST_F(WholeTreeTest, Windows10HasADisplayDriverToo) {
  EXPECT_EQ(chosen(paths_, "win10", "x86_64"), names(server_2022_ + "qxldod"));
}

TEST_F(WholeTreeTest, Windows7Of32Bits) {
  EXPECT_EQ(
      chosen(paths_, "win7", "i386"),
      names("balloon blnsvr.exe netkvm netkvmco.dll pvpanic qemupciserial- qxl qxldd.dll "
            "readme.doc viohidkmdf.sys vioinput viorng viorngci.dll viorngum.dll vioscsi vioser "
            "viostor wdfcoinstaller01009.dll"));
}

TEST_F(WholeTreeTest, WindowsXpHasDriversInOldReleasesOnly) {
  EXPECT_EQ(chosen(paths_, "winxp", "i386"),
            names("balloon blnsvr.exe netkvm vioser viostor wdfcoinstaller01009.dll"));
  auto newer = paths_;
  newer.erase(std::remove_if(newer.begin(), newer.end(),
                             [](const auto &path) { return path.find("/xp/") != path.npos; }),
              newer.end());
  ASSERT_LT(newer.size(), paths_.size());
  EXPECT_THAT(chosen(newer, "winxp", "i386"), IsEmpty());
}

TEST_F(WholeTreeTest, DriversForArmAreForNobody) {
  ASSERT_THAT(paths_, Contains("viostor/w11/ARM64/viostor.sys"));
  EXPECT_THAT(choose_drivers(paths_, "win11", "aarch64"), IsEmpty());
}

TEST_F(WholeTreeTest, EveryFileIsOfTheRightFolder) {
  for (const auto &path : choose_drivers(paths_, "win2k12r2", "x86_64"))
    EXPECT_THAT(path, HasSubstr("/2k12R2/amd64/"));
  EXPECT_THAT(choose_drivers(paths_, "win2k12r2", "x86_64"),
              Contains("NetKVM/2k12R2/amd64/netkvm.inf"));
  EXPECT_THAT(choose_drivers(paths_, "win2k12r2", "i386"), IsEmpty());
  EXPECT_THAT(choose_drivers(paths_, "win2k12", "x86_64"), IsEmpty());
  EXPECT_THAT(choose_drivers(paths_, "unknown", "x86_64"), IsEmpty());
}

TEST_F(WholeTreeTest, WhatItHoldsIsToldOldestFirst) {
  EXPECT_THAT(supported_windows(paths_, "i386"), ElementsAre("winxp", "win7", "win8.1", "win10"));
  EXPECT_THAT(supported_windows(paths_, "x86_64"),
              ElementsAre("win7", "win2k8r2", "win8.1", "win2k12r2", "win10", "win2k16", "win2k19",
                          "win11", "win2k22", "win2k25"));
}

TEST_F(WholeTreeTest, TheAgentIsForTheProcessor) {
  EXPECT_THAT(choose_guest_agents(paths_, "x86_64"), ElementsAre("guest-agent/qemu-ga-x86_64.msi"));
  EXPECT_THAT(choose_guest_agents(paths_, "i386"), ElementsAre("guest-agent/qemu-ga-i386.msi"));
  EXPECT_THAT(choose_guest_agents(paths_, "aarch64"), IsEmpty());
}

TEST(DriverChoiceTest, AllNamesOfTheAgentAreKnown) {
  const std::vector<std::string> all = {"a/QEMU-GA-x64.msi", "qemu-ga-x86.msi",
                                        "rhev-qga.msi",      "b/rhev-qga64.msi",
                                        "qemu-ga-x64.msi.x", "my-qemu-ga-x64.msi"};
  EXPECT_THAT(choose_guest_agents(all, "x86_64"), ElementsAre(all[0], all[3]));
  EXPECT_THAT(choose_guest_agents(all, "i386"), ElementsAre(all[1], all[2]));
}

TEST(DriverChoiceTest, PartsOfThePathMayHaveAnyOrderAndCase) {
  const std::vector<std::string> all = {"viostor/w10/amd64/a.sys",
                                        "drivers/by-os/AMD64/W10/b.sys",
                                        "amd64/w10/c.sys",
                                        "w10/x/y/amd64/z/d.sys",
                                        "w10/i386/e.sys",
                                        "w10/x86/f.sys",
                                        "w10/ARM64/g.sys",
                                        "w10/h.sys",
                                        "amd64/i.sys",
                                        "xw10/amd64/j.sys",
                                        "w10x/amd64/k.sys",
                                        "amd64/w10",
                                        "w10-amd64/l.sys",
                                        "w10/amd64/x86/m.sys"};
  EXPECT_THAT(choose_drivers(all, "win10", "x86_64"), ElementsAre(all[0], all[1], all[2], all[3]));
  EXPECT_THAT(choose_drivers(all, "win10", "i386"), ElementsAre(all[4], all[5], all[13]));
}

TEST(DriverChoiceTest, WhatGetsInTheWayIsLeftOut) {
  const std::vector<std::string> all = {"w10/amd64/netkvm.sys",  "w10/amd64/netkvm.pdb",
                                        "w10/amd64/vioprot.inf", "SRIOV/w10/amd64/a.sys",
                                        "w10/amd64/sriov.sys",   "w10/amd64/pdb.sys"};
  EXPECT_THAT(choose_drivers(all, "win10", "x86_64"), ElementsAre(all[0], all[4], all[5]));
}

TEST(DriverChoiceTest, FoldersForTwoSystemsServeBoth) {
  for (const auto *osinfo : {"win2k8", "winvista"})
    EXPECT_THAT(choose_drivers({"2k8/x86/a.sys"}, osinfo, "i386"), ElementsAre("2k8/x86/a.sys"));
  for (const auto *osinfo : {"win2k3", "win2k3r2"})
    EXPECT_THAT(choose_drivers({"2k3/x86/a.sys"}, osinfo, "i386"), ElementsAre("2k3/x86/a.sys"));
}

TEST(DriverChoiceTest, TheOldLayoutCountsIfNothingElseDoes) {
  const std::vector<std::string> old = {"drivers/amd64/Win2012R2/viostor.sys",
                                        "drivers/i386/WinXP/viostor.sys"};
  EXPECT_THAT(choose_drivers(old, "win2k12r2", "x86_64"), ElementsAre(old[0]));
  EXPECT_THAT(choose_drivers(old, "winxp", "i386"), ElementsAre(old[1]));
  EXPECT_THAT(choose_drivers(old, "win2k19", "x86_64"), IsEmpty());
  const std::vector<std::string> both = {old[0], "viostor/2k12R2/amd64/viostor.sys"};
  EXPECT_THAT(choose_drivers(both, "win2k12r2", "x86_64"), ElementsAre(both[1]));
}

TEST(DriverChoiceTest, DriversForAnotherWindowsAreNoReplacement) {
  EXPECT_THAT(choose_drivers({"viostor/w10/amd64/viostor.sys"}, "win11", "x86_64"), IsEmpty());
  EXPECT_THAT(choose_drivers({"viostor/2k22/amd64/viostor.sys"}, "win2k25", "x86_64"), IsEmpty());
}

TEST(DriverChoiceTest, ScsiComesFirstWhenWished) {
  EXPECT_THAT(block_drivers(false), ElementsAre("virtio_blk", "vrtioblk", "viostor"));
  EXPECT_THAT(block_drivers(true), ElementsAre("vioscsi", "virtio_blk", "vrtioblk", "viostor"));
}

TEST(MissingDriversTest, TheMessageSaysWhatIsThereAndWhatToDo) {
  const test::TemporaryDirectory directory;
  test::write_file(directory / "viostor/w10/amd64/viostor.sys", "");
  test::write_file(directory / "viostor/2k22/amd64/viostor.sys", "");
  test::write_file(directory / "viorng/w11/amd64/viorng.sys", "");
  const VirtioWin virtio_win(directory.path());
  const auto of = [&](const auto &osinfo, const auto &arch) {
    return missing_drivers_message(virtio_win, osinfo, arch);
  };
  EXPECT_THAT(of("win2k25", "x86_64"),
              AllOf(HasSubstr("Windows Server 2025 on x86_64"), HasSubstr(directory.path()),
                    HasSubstr("it has them for Windows 10, Windows Server 2022;"),
                    HasSubstr("get a newer virtio-win"), HasSubstr("VIRTIO_WIN")));
  EXPECT_THAT(of("win7", "x86_64"),
              AllOf(HasSubstr("Windows 7 on x86_64"), HasSubstr("get an older one")));
  EXPECT_THAT(of("winxp", "i386"), AllOf(HasSubstr("none of its 3 files is a disk driver"),
                                         HasSubstr("get virtio-win"), Not(HasSubstr("older"))));
  EXPECT_THAT(of("win11", "aarch64"), AllOf(HasSubstr("x86 only"), Not(HasSubstr("VIRTIO_WIN"))));
  EXPECT_THAT(of("\x1b[31m", "x86_64"), Not(HasSubstr("\x1b")));
}

TEST(MissingDriversTest, WithoutVirtioWinTheMessageSaysWhereItWasLookedFor) {
  EXPECT_THAT(missing_drivers_message(VirtioWin("/nonexistent/v.iso"), "win11", "x86_64"),
              AllOf(HasSubstr("Windows 11 on x86_64: nothing is at /nonexistent/v.iso"),
                    HasSubstr("install the package virtio-win")));
}

TEST(MachineChoiceTest, OnlyWindowsBeforeVistaNeedsI440fx) {
  EXPECT_EQ(choose_machine("i386", 5), Machine::i440fx);
  EXPECT_EQ(choose_machine("x86_64", 5), Machine::i440fx);
  EXPECT_EQ(choose_machine("i386", 6), Machine::q35);
  EXPECT_EQ(choose_machine("x86_64", 10), Machine::q35);
  EXPECT_EQ(choose_machine("aarch64", 10), Machine::virt);
}

}  // namespace
}  // namespace v2v::windows
