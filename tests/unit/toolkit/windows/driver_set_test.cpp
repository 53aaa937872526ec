// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/windows/driver_set.hpp>

#include "drivers_fixture.hpp"

#include <algorithm>

namespace v2v::windows {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class DriverSetTest : public testing::Test {
 protected:
  DriverSetTest() { std::filesystem::create_directory(target_); }

  DriverSet gather(const std::string &osinfo, const std::string &arch = "x86_64",
                   bool prefer_scsi = false) {
    const VirtioWin virtio_win(tree_);
    const auto set = gather_drivers(virtio_win, {osinfo, arch, prefer_scsi}, target_, log_);
    EXPECT_THAT(set.files, ElementsAreArray(in_target()));
    return set;
  }

  /// A tree of the test's own, to damage.
  void use_own_tree() {
    tree_ = directory_ / "tree";
    std::filesystem::create_directory(tree_);
    for (const auto *driver : {"viostor", "vioscsi", "NetKVM", "viorng", "Balloon"}) {
      for (const auto *folder : {"/2k22", "/w7"}) {
        const auto from = std::string(driver) + folder;
        std::filesystem::create_directories(path(driver));
        std::filesystem::copy(VirtioWinSample::get().tree + "/" + from, path(from),
                              std::filesystem::copy_options::recursive);
      }
    }
  }
  std::string path(const std::string &name) const { return tree_ + "/" + name; }
  void remove(const std::string &name) { ASSERT_TRUE(std::filesystem::remove(path(name))); }

  std::vector<std::string> in_target() const {
    std::vector<std::string> names;
    for (const auto &entry : std::filesystem::directory_iterator(target_))
      names.push_back(entry.path().filename());
    std::sort(names.begin(), names.end());
    return names;
  }
  static std::vector<std::string> required(const DriverSet &set) {
    std::vector<std::string> names;
    for (const auto &package : set.packages)
      if (package.required) names.push_back(package.inf);
    return names;
  }
  static std::vector<std::string> packages(const DriverSet &set) {
    std::vector<std::string> names;
    for (const auto &package : set.packages) names.push_back(package.inf);
    return names;
  }

  test::TemporaryDirectory directory_;
  std::string tree_ = VirtioWinSample::get().tree;
  const std::string target_ = directory_ / "target";
  std::vector<std::string> warnings_;
  text::Log log_{{}, {}, [this](const std::string &warning) { warnings_.push_back(warning); }};
};

TEST_F(DriverSetTest, ACompleteTreeGivesEverything) {
  const auto set = gather("win2k22");
  EXPECT_EQ(set.block, "viostor");
  EXPECT_FALSE(set.is_scsi());
  EXPECT_EQ(set.net, "netkvm.inf");
  EXPECT_TRUE(set.rng && set.balloon && set.pvpanic && set.balloon_server);
  EXPECT_FALSE(set.vsock);
  EXPECT_EQ(set.files.size(), 47u);
  EXPECT_THAT(packages(set),
              ElementsAre("netkvm.inf", "viostor.inf", "balloon.inf", "fwcfg.inf", "pvpanic.inf",
                          "qemupciserial.inf", "viofs.inf", "viogpudo.inf", "vioinput.inf",
                          "viomem.inf", "viorng.inf", "vioscsi.inf", "vioser.inf"));
  EXPECT_THAT(required(set), ElementsAre("netkvm.inf", "viostor.inf"));
  EXPECT_THAT(set.packages[1].files, ElementsAre("viostor.cat", "viostor.sys"));
  EXPECT_THAT(warnings_, IsEmpty());
}

TEST_F(DriverSetTest, EveryWindowsOfTheTreeIsServedWithoutAWarning) {
  for (const auto *osinfo : {"win7", "win2k8r2", "win8.1", "win2k12r2", "win10", "win11", "win2k16",
                             "win2k19", "win2k25"}) {
    std::filesystem::remove_all(target_);
    std::filesystem::create_directory(target_);
    const auto set = gather(osinfo);
    EXPECT_THAT(required(set), ElementsAre("netkvm.inf", "viostor.inf")) << osinfo;
    EXPECT_THAT(set.files, Contains("viorngum.dll")) << osinfo;
  }
  EXPECT_THAT(warnings_, IsEmpty());
}

TEST_F(DriverSetTest, ScsiIsChosenOnlyWhenWished) {
  const auto set = gather("win10", "i386", true);
  EXPECT_EQ(set.block, "vioscsi");
  EXPECT_TRUE(set.is_scsi());
  EXPECT_THAT(required(set), ElementsAre("netkvm.inf", "vioscsi.inf"));
}

TEST_F(DriverSetTest, WithoutAScsiDriverTheWishIsRefusedAloud) {
  const auto set = gather("winxp", "i386", true);
  EXPECT_EQ(set.block, "viostor");
  EXPECT_THAT(warnings_,
              ElementsAre(AllOf(HasSubstr("vioscsi"), HasSubstr("will be on virtio-blk"))));
}

TEST_F(DriverSetTest, OfTwoFirmwareDriversTheRealOneStays) {
  const auto set = gather("win2k19");
  EXPECT_THAT(set.files, Contains("fwcfg.sys"));
  EXPECT_THAT(set.files, Not(Contains(HasSubstr("qemufwcfg"))));
  EXPECT_THAT(packages(set), Not(Contains("qemufwcfg.inf")));
}

TEST_F(DriverSetTest, ALonelyFirmwareDriverStays) {
  use_own_tree();
  test::write_file(path("q/2k22/amd64/qemufwcfg.inf"), "[Version]\n");
  EXPECT_THAT(packages(gather("win2k22")), Contains("qemufwcfg.inf"));
}

TEST_F(DriverSetTest, NothingForThisWindowsIsOneWarning) {
  use_own_tree();
  const auto set = gather("win2k25");
  EXPECT_TRUE(set.empty());
  EXPECT_THAT(warnings_, ElementsAre(AllOf(HasSubstr("Windows Server 2025"), HasSubstr(tree_),
                                           HasSubstr("Windows Server 2022"))));
}

TEST_F(DriverSetTest, NoVirtioWinIsOneWarning) {
  tree_ = "/nonexistent";
  EXPECT_TRUE(gather("win10").empty());
  EXPECT_THAT(warnings_, ElementsAre(HasSubstr("nothing is at /nonexistent")));
}

TEST_F(DriverSetTest, ADriverThatLacksAFileIsLeftOut) {
  use_own_tree();
  remove("viorng/2k22/amd64/viorngum.dll");
  const auto set = gather("win2k22");
  EXPECT_FALSE(set.rng);
  EXPECT_THAT(set.files, Not(Contains(HasSubstr("viorng"))));
  EXPECT_EQ(set.block, "viostor");
  EXPECT_THAT(warnings_, ElementsAre(AllOf(HasSubstr("viorng.inf"), HasSubstr(tree_),
                                           HasSubstr("viorngum.dll is missing"))));
}

TEST_F(DriverSetTest, ADriverWithoutItsSignatureIsLeftOut) {
  use_own_tree();
  remove("NetKVM/2k22/amd64/netkvm.cat");
  const auto set = gather("win2k22");
  EXPECT_EQ(set.net, "");
  EXPECT_THAT(required(set), ElementsAre("viostor.inf"));
  EXPECT_THAT(warnings_, ElementsAre(HasSubstr("netkvm.cat is missing"),
                                     AllOf(HasSubstr("network driver"), HasSubstr("RTL8139"))));
}

TEST_F(DriverSetTest, FilesThatAnotherDriverNeedsStay) {
  use_own_tree();
  remove("Balloon/w7/x86/balloon.sys");
  test::write_file(path("other/w7/x86/other.inf"),
                   "[Version]\n[Install]\nCopyFiles=@WdfCoInstaller01009.dll\n[SourceDisksFiles]\n"
                   "WdfCoInstaller01009.dll=1\n");
  const auto set = gather("win7", "i386");
  EXPECT_FALSE(set.balloon);
  EXPECT_THAT(set.files, AllOf(Contains("wdfcoinstaller01009.dll"), Not(Contains("balloon.cat"))));
  EXPECT_THAT(packages(set), Contains("other.inf"));
}

TEST_F(DriverSetTest, ADriverForAnotherProcessorIsLeftOut) {
  use_own_tree();
  std::filesystem::copy_file(path("viostor/w7/x86/viostor.sys"),
                             path("viostor/2k22/amd64/viostor.sys"),
                             std::filesystem::copy_options::overwrite_existing);
  const auto set = gather("win2k22");
  EXPECT_EQ(set.block, "");
  EXPECT_THAT(set.files, Not(Contains(HasSubstr("viostor"))));
  EXPECT_THAT(warnings_, ElementsAre(AllOf(HasSubstr("viostor.sys"), HasSubstr("for i386"),
                                           HasSubstr("needs one for x86_64")),
                                     HasSubstr("viostor.sys is missing"),
                                     AllOf(HasSubstr("no virtio disk driver"), HasSubstr("IDE"))));
}

TEST_F(DriverSetTest, ADamagedDriverIsLeftOut) {
  use_own_tree();
  test::write_file(path("viostor/2k22/amd64/viostor.sys"), "");
  test::write_file(path("viorng/2k22/amd64/viorng.inf"), "");
  const auto set = gather("win2k22", "x86_64", true);
  EXPECT_EQ(set.block, "vioscsi");
  EXPECT_FALSE(set.rng);
  EXPECT_THAT(warnings_, ElementsAre(HasSubstr("damaged"), HasSubstr("not an INF file"),
                                     HasSubstr("viostor.sys is missing")));
}

TEST_F(DriverSetTest, OtherNamesOfTheBlockAndNetworkDriversComeFirst) {
  use_own_tree();
  for (const auto *name : {"vrtioblk", "virtio_blk"}) {
    std::filesystem::copy_file(path("viostor/2k22/amd64/viostor.sys"),
                               path("viostor/2k22/amd64/" + std::string(name) + ".sys"));
  }
  test::write_file(path("viostor/2k22/amd64/virtio_net.inf"), "[Version]\n");
  auto set = gather("win2k22");
  EXPECT_EQ(set.block, "virtio_blk");
  EXPECT_EQ(set.net, "virtio_net.inf");
  remove("viostor/2k22/amd64/virtio_blk.sys");
  std::filesystem::remove(target_ + "/virtio_blk.sys");
  EXPECT_EQ(gather("win2k22").block, "vrtioblk");
}

TEST_F(DriverSetTest, TheFlagsFollowTheInfFiles) {
  use_own_tree();
  test::write_file(path("viosock/2k22/amd64/viosock.inf"), "[Version]\n");
  remove("Balloon/2k22/amd64/blnsvr.exe");
  const auto set = gather("win2k22");
  EXPECT_TRUE(set.vsock && set.balloon && set.rng);
  EXPECT_FALSE(set.pvpanic || set.balloon_server);
}

}  // namespace
}  // namespace v2v::windows
