// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// When the guest's own tools are asked, with what, and that their result is not believed.
#include "../temporary_directory.hpp"
#include "initramfs_fixture.hpp"

#include <v2v/linux/directory_guest.hpp>
#include <v2v/linux/family.hpp>
#include <v2v/linux/initramfs.hpp>

#include <gmock/gmock.h>

using namespace initramfs_test;
using namespace v2v;
using namespace v2v::linux;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using Action = InitramfsResult::Action;

namespace {

const std::string version = "6.1.0-18-amd64";
const std::string directory = "lib/modules/" + version + "/";
const std::string blk = "kernel/drivers/block/virtio_blk.ko";

class RebuildTest : public testing::Test {
 protected:
  RebuildTest() {
    guest_.write("/boot/vmlinuz-" + version, "kernel");
    guest_.write("/" + directory + blk, "module");
    guest_.write("/" + directory + "modules.dep", blk + ":\n");
    guest_.write("/usr/sbin/update-initramfs", "");
    guest_.make_directory("/etc/initramfs-tools");
    options_.run_directory = temporary_.path().string();
    set_initrd(mkinitcpio());
    guest_.on_run([this](const std::vector<std::string> &) {
      modules_at_run_ =
          guest_.read_if_file("/etc/initramfs-tools/conf.d/zz-v2v-modules").value_or("");
      set_initrd(rebuilt_);
      return result_;
    });
  }

  static std::string mkinitcpio() {
    return Cpio().file("init_functions", "sh").directory("hooks").close();
  }
  static std::string good() {
    return Cpio()
        .file("conf/initramfs.conf", "x")
        .file("scripts/functions", "x")
        .directory("lib/modules/" + version)
        .file(directory + blk, "module")
        .file(directory + "modules.dep", blk + ":\n")
        .close();
  }
  void set_initrd(const std::string &image) { guest_.write("/boot/initrd.img-" + version, image); }
  InitramfsResult ensure() {
    const auto kernel = find_kernels(guest_, DebianFamily().kernel_owner({}), {}).at(0);
    return ensure_initramfs(guest_, kernel, virtio_boot_modules(), options_, log_);
  }

  test::TemporaryDirectory temporary_;
  DirectoryGuest guest_{temporary_.path().string()};
  InitramfsOptions options_;
  std::string rebuilt_ = good(), modules_at_run_;
  CommandResult result_;
  std::vector<std::string> warnings_;
  Log log_{{}, {}, [this](const std::string &message) { warnings_.push_back(message); }};
};

TEST_F(RebuildTest, OtherKindIsRebuiltAndListedAgain) {
  const auto result = ensure();
  EXPECT_EQ(result.action, Action::rebuilt);
  EXPECT_THAT(result.reason, AllOf(HasSubstr("virtio_blk"), HasSubstr("mkinitcpio")));
  EXPECT_THAT(guest_.commands(),
              ElementsAre(ElementsAre("update-initramfs", "-c", "-t", "-k", version)));
  EXPECT_THAT(guest_.read("/etc/initramfs-tools/modules"), HasSubstr("\nvirtio_blk\n"));
}

TEST_F(RebuildTest, ResultIsNotBelieved) {
  rebuilt_ = mkinitcpio();
  try {
    ensure();
    FAIL();
  } catch (const Error &error) {
    EXPECT_EQ(error.code(), Code::unsupported);
    EXPECT_THAT(error.what(), HasSubstr("virtio_blk"));
    EXPECT_EQ(error.object(), "/boot/initrd.img-" + version);
  }
}

TEST_F(RebuildTest, FailureShowsTheEndOfTheOutput) {
  result_ = {3, "E: no space left"};
  try {
    ensure();
    FAIL();
  } catch (const Error &error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("status 3"), HasSubstr("E: no space left")));
    EXPECT_THAT(error.remedy(), HasSubstr("update-initramfs -c -t -k " + version));
  }
}

TEST_F(RebuildTest, UnreadableOnesAndThoseThatCannotBeExtendedAreRebuilt) {
  for (const auto &image :
       {std::string("garbage"),
        lz4_legacy(
            Cpio().file("conf/initramfs.conf", "x").file("scripts/functions", "x").close())}) {
    set_initrd(image);
    EXPECT_EQ(ensure().action, Action::rebuilt);
  }
}

TEST_F(RebuildTest, OnlyWhenAskedIfNothingIsMissing) {
  set_initrd(good());
  EXPECT_EQ(ensure().action, Action::nothing);
  EXPECT_THAT(guest_.commands(), IsEmpty());
  options_.rebuild = true;
  EXPECT_EQ(ensure().action, Action::rebuilt);
}

TEST_F(RebuildTest, ModulesAreNotPickedByLookingAtTheAppliance) {
  guest_.write("/etc/initramfs-tools/initramfs.conf", "# MODULES=list\nMODULES=dep\n");
  ensure();
  EXPECT_EQ(modules_at_run_, "MODULES=most\n");
  EXPECT_FALSE(guest_.is_file("/etc/initramfs-tools/conf.d/zz-v2v-modules"));
  guest_.write("/etc/initramfs-tools/conf.d/policy", "MODULES=most\n");
  set_initrd(mkinitcpio());
  ensure();
  EXPECT_EQ(modules_at_run_, "");
}

TEST_F(RebuildTest, EncryptedVolumesAreKeptInTheInitramfs) {
  guest_.write("/etc/crypttab",
               "# comment\n\nroot UUID=1 none luks,discard\nswap /dev/sda5 /dev/urandom\n"
               "ok UUID=2 none initramfs,luks\n");
  ensure();
  EXPECT_EQ(guest_.read("/etc/crypttab"),
            "# comment\n\nroot UUID=1 none luks,discard,initramfs\n"
            "swap /dev/sda5 /dev/urandom initramfs\nok UUID=2 none initramfs,luks\n");
}

TEST_F(RebuildTest, OwnFilesThatTheToolLeavesOutAreAppended) {
  options_.rebuild = true;
  options_.extra_files = [](const InitramfsArchive &) {
    return std::vector<InitramfsFile>{{"/etc/x.link", "x"}};
  };
  ensure();
  const InitramfsArchive archive(guest_.read("/boot/initrd.img-" + version), "initrd");
  EXPECT_TRUE(archive.find("/etc/x.link"));
  EXPECT_THAT(warnings_, IsEmpty());
}

TEST_F(RebuildTest, AnInitramfsThatOnlyLacksOurFilesMayStay) {
  bool needed = false;
  options_.extra_files = [&](const InitramfsArchive &) {
    return std::vector<InitramfsFile>{{"/etc/x.link", "x", 0644, needed}};
  };
  const auto packed = lz4_legacy(good());  // nothing can be appended to it
  set_initrd(packed);
  rebuilt_ = packed;
  result_ = {1, "E: a hook failed"};
  EXPECT_EQ(ensure().action, Action::nothing);
  EXPECT_THAT(warnings_, ElementsAre(AllOf(HasSubstr("/etc/x.link"), HasSubstr("a hook failed"))));
  needed = true;
  EXPECT_THROW(ensure(), Error);
  needed = false;
  // The tool left something else behind.
  set_initrd(packed);
  rebuilt_ = "garbage";
  EXPECT_THROW(ensure(), Error);
}

TEST_F(RebuildTest, DracutIsTheSecondChoice) {
  guest_.remove("/usr/sbin/update-initramfs");
  guest_.write("/usr/bin/dracut", "");
  guest_.make_directory("/etc/dracut.conf.d");
  ensure();
  EXPECT_THAT(guest_.commands(),
              ElementsAre(ElementsAre("dracut", "--force", "--add-drivers", "virtio_blk",
                                      "/boot/initrd.img-" + version, version)));
  EXPECT_THAT(guest_.read("/etc/dracut.conf.d/v2v-virtio.conf"),
              HasSubstr("add_drivers+=\" virtio_blk \""));
}

TEST_F(RebuildTest, WithoutAToolThereIsAClearError) {
  guest_.remove("/usr/sbin/update-initramfs");
  try {
    ensure();
    FAIL();
  } catch (const Error &error) {
    EXPECT_EQ(error.code(), Code::unsupported);
    EXPECT_FALSE(error.remedy().empty());
  }
}

}  // namespace
