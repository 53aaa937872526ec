// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What an initramfs lacks, and adding it: with a real depmod and modules that have just enough in
// them for it.
#include "../temporary_directory.hpp"
#include "initramfs_fixture.hpp"

#include <v2v/linux/directory_guest.hpp>
#include <v2v/linux/family.hpp>
#include <v2v/linux/initramfs.hpp>

#include <gmock/gmock.h>

#include <fstream>
#include <iterator>

using namespace initramfs_test;
using namespace v2v;
using namespace v2v::linux;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Optional;
using Action = InitramfsResult::Action;

namespace {

const std::string version = "6.1.0-18-amd64";
const std::string ring = "kernel/drivers/virtio/virtio_ring.ko";

std::string object_file(const char *path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}
const std::string provider = object_file(MODULE_PROVIDER), user = object_file(MODULE_USER);

class GraftTest : public testing::Test {
 protected:
  GraftTest() {
    std::filesystem::create_directory(temporary_.path() / "guest");
    std::filesystem::create_directory(temporary_.path() / "run");
    guest_.emplace((temporary_.path() / "guest").string());
    guest_->write("/boot/vmlinuz-" + version, "kernel");
    guest_->write("/etc/initramfs-tools/modules", "# modules to load\n");
    guest_->write("/usr/lib/modules/" + version + "/" + ring, provider);
    guest_->symlink("usr/lib", "/lib");
    options_.run_directory = (temporary_.path() / "run").string();
    set_modules(".ko", "drivers/block/virtio_blk", "drivers/virtio/virtio_pci");
  }

  /// Gives the guest virtio_blk and virtio_pci, which both need virtio_ring, with this suffix.
  void set_modules(const std::string &suffix, const std::string &blk, const std::string &pci,
                   const std::function<std::string(const std::string &)> &pack = nullptr) {
    const auto directory = "/usr/lib/modules/" + version + "/";
    std::string dep = ring + ":\n";
    for (const auto &name : {blk, pci}) {
      const auto file = "kernel/" + name + suffix;
      guest_->write(directory + file, pack ? pack(user) : user);
      dep += file + ": " + ring + "\n";
    }
    guest_->write(directory + "modules.dep", dep);
  }

  /// An initramfs as initramfs-tools makes them, with the links of a merged /usr.
  Cpio base(const std::string &modules = "") {
    Cpio cpio;
    for (const char *directory : {"conf", "scripts", "usr", "usr/lib", "usr/lib/modules"})
      cpio.directory(directory);
    cpio.link("lib", "usr/lib").file("conf/initramfs.conf", "MODULES=list\n");
    cpio.file("scripts/functions", "sh").file("conf/modules", modules);
    cpio.directory("usr/lib/modules/" + version);
    return cpio.file("usr/lib/modules/" + version + "/modules.dep", "");
  }
  Cpio complete() {
    auto cpio = base();
    const auto directory = "usr/lib/modules/" + version + "/";
    std::string dep = ring + ":\n";
    cpio.file(directory + ring, provider);
    for (const char *name : {"drivers/block/virtio_blk.ko", "drivers/virtio/virtio_pci.ko"}) {
      cpio.file(directory + "kernel/" + name, user);
      dep += "kernel/" + std::string(name) + ": " + ring + "\n";
    }
    return cpio.file(directory + "modules.dep", dep);
  }

  void set_initrd(const std::string &image) { guest_->write("/boot/initrd.img-" + version, image); }
  Kernel kernel() { return find_kernels(*guest_, DebianFamily().kernel_owner({}), {}).at(0); }
  InitramfsArchive archive() { return {guest_->read(initrd_), initrd_}; }
  InitramfsResult ensure() {
    return ensure_initramfs(*guest_, kernel(), virtio_boot_modules(), options_, log_);
  }

  const std::string initrd_ = "/boot/initrd.img-" + version;
  test::TemporaryDirectory temporary_;
  std::optional<DirectoryGuest> guest_;
  InitramfsOptions options_;
  std::vector<std::string> warnings_;
  Log log_{{}, {}, [this](const std::string &message) { warnings_.push_back(message); }};
};

TEST_F(GraftTest, CompleteInitramfsIsLeftAlone) {
  set_initrd(compressed(archive_write_add_filter_zstd, complete().close()));
  const auto before = guest_->read(initrd_);
  EXPECT_EQ(ensure().action, Action::nothing);
  EXPECT_EQ(guest_->read(initrd_), before);
  EXPECT_EQ(guest_->read("/etc/initramfs-tools/modules"), "# modules to load\n");
  EXPECT_THAT(guest_->commands(), IsEmpty());
}

TEST_F(GraftTest, MissingMeansNotLoadable) {
  const auto kernel_found = [&] {
    set_initrd("x");
    return kernel();
  }();
  const auto missing = [&](const Cpio &cpio, std::vector<std::string> wanted) {
    const InitramfsArchive image(cpio.close(), "initrd");
    return missing_modules(image, kernel_found, wanted);
  };
  EXPECT_THAT(missing(complete(), {"virtio_blk", "virtio-pci"}), IsEmpty());
  EXPECT_THAT(missing(base(), {"virtio_blk"}), ElementsAre("virtio_blk"));
  // The kernel has no such module: built in, or not there at all.
  EXPECT_THAT(missing(base(), {"virtio_scsi"}), IsEmpty());
  // The file without what it needs, and the file without a line in modules.dep.
  const auto directory = "usr/lib/modules/" + version + "/";
  const std::string blk = "kernel/drivers/block/virtio_blk.ko";
  EXPECT_THAT(missing(base().file(directory + blk, user), {"virtio_blk"}),
              ElementsAre("virtio_blk"));
  EXPECT_THAT(missing(base()
                          .file(directory + blk, user)
                          .file(directory + "modules.dep", blk + ": " + ring + "\n"),
                      {"virtio_blk"}),
              ElementsAre("virtio_blk"));
}

TEST_F(GraftTest, MissingModulesAreAppendedWithWhatTheyNeed) {
  for (const auto &filter : {archive_write_add_filter_gzip, archive_write_add_filter_zstd,
                             archive_write_add_filter_xz, archive_write_add_filter_bzip2}) {
    const auto image = compressed(filter, base("ext4").close());
    set_initrd(image);
    const auto result = ensure();
    EXPECT_EQ(result.action, Action::grafted);
    EXPECT_THAT(result.reason, HasSubstr("virtio_pci, virtio_blk"));

    const auto grafted = archive();
    EXPECT_EQ(guest_->read(initrd_).substr(0, image.size()), image);
    const auto &last = grafted.segments().back();
    EXPECT_EQ(last.packing, "cpio");
    EXPECT_EQ(last.offset % 4, 0u);
    const auto directory = "/usr/lib/modules/" + version + "/";
    EXPECT_THAT(grafted.read(directory + ring), Optional(std::string_view(provider)));
    EXPECT_THAT(grafted.read(directory + "modules.alias"),
                Optional(HasSubstr("virtio:d00000002v* virtio_blk")));
    EXPECT_TRUE(grafted.read(directory + "modules.dep.bin"));
    EXPECT_THAT(grafted.read("/conf/modules"),
                Optional(std::string_view("ext4\nvirtio_pci\nvirtio_blk\n")));
    EXPECT_THAT(missing_modules(grafted, kernel(), virtio_boot_modules()), IsEmpty());
    EXPECT_TRUE(std::filesystem::is_empty(options_.run_directory));
  }
}

TEST_F(GraftTest, WithoutRoomInBootNothingIsWritten) {
  set_initrd(base().close());
  const auto before = guest_->read(initrd_);
  guest_->set_free_space(100 * 1024);
  try {
    ensure();
    FAIL() << "no error";
  } catch (const v2v::Error &error) {
    EXPECT_EQ(error.code(), v2v::Code::no_space);
    EXPECT_EQ(error.object(), initrd_);
    EXPECT_THAT(error.remedy(), testing::HasSubstr("KiB more in /boot"));
  }
  EXPECT_EQ(guest_->read(initrd_), before);
}

TEST_F(GraftTest, LinkOfTheOriginalStaysALink) {
  set_initrd(base().close());
  ensure();
  const auto grafted = archive();
  ASSERT_TRUE(grafted.entries().count("/lib"));
  EXPECT_EQ(grafted.entries().at("/lib").type, InitramfsEntry::Type::link);
  for (const auto &[path, entry] : grafted.entries()) EXPECT_THAT(path, Not(HasSubstr("/lib/lib")));
  for (const auto &[path, entry] : grafted.entries())
    EXPECT_FALSE(path.rfind("/lib/", 0) == 0) << path;
}

TEST_F(GraftTest, DirectoriesAreMadeOnceAndBeforeTheirFiles) {
  set_initrd(base().close());
  const InitramfsArchive original(guest_->read(initrd_), initrd_);
  const auto tail =
      make_graft(original, *guest_, kernel(), {"virtio_blk"}, {}, options_.run_directory);
  const auto directory = tail.find("usr/lib/modules/" + version + "/kernel/drivers/block");
  EXPECT_LT(directory, tail.find("kernel/drivers/block/virtio_blk.ko"));
  // One that is in the original is not mentioned again: its mode would change.
  EXPECT_EQ(tail.find(std::string("usr/lib\0", 8)), std::string::npos);
}

TEST_F(GraftTest, ModulesKeepTheirCompression) {
  guest_->remove("/usr/lib/modules/" + version + "/kernel/drivers/block/virtio_blk.ko");
  guest_->remove("/usr/lib/modules/" + version + "/kernel/drivers/virtio/virtio_pci.ko");
  set_modules(
      ".ko.xz", "drivers/block/virtio_blk", "drivers/virtio/virtio_pci",
      [](const std::string &text) { return compressed(archive_write_add_filter_xz, text); });
  set_initrd(base().close());
  EXPECT_EQ(ensure().action, Action::grafted);
  const auto grafted = archive();
  const auto module =
      grafted.read("/lib/modules/" + version + "/kernel/drivers/block/virtio_blk.ko.xz");
  ASSERT_TRUE(module);
  EXPECT_EQ(module->substr(1, 4), "7zXZ");
  EXPECT_THAT(grafted.read("/lib/modules/" + version + "/modules.dep"),
              Optional(HasSubstr("virtio_blk.ko.xz: " + ring)));
}

TEST_F(GraftTest, ConfigurationIsChangedOnce) {
  guest_->write("/etc/initramfs-tools/modules", "# x\nvirtio-pci  option=1\nlast");
  set_initrd(base().close());
  ensure();
  const auto text = guest_->read("/etc/initramfs-tools/modules");
  EXPECT_THAT(
      text, AllOf(HasSubstr("last\n#"), HasSubstr("\nvirtio_blk\n"), Not(HasSubstr("virtio_pci"))));
  EXPECT_THAT(text, Not(HasSubstr("virtio_net")));  // this kernel has no such module
  set_initrd(base().close());
  ensure();
  EXPECT_EQ(guest_->read("/etc/initramfs-tools/modules"), text);
}

TEST_F(GraftTest, OwnFilesAreAddedOnlyIfTheyDiffer) {
  options_.extra_files = [](const InitramfsArchive &archive) {
    EXPECT_TRUE(archive.find("/scripts/functions"));
    return std::vector<InitramfsFile>{{"/etc/systemd/network/10-v2v.link", "[Match]\n"},
                                      {"/lib/udev/rules.d/1.rules", "rule\n", 0600}};
  };
  set_initrd(complete().close());
  EXPECT_EQ(ensure().action, Action::grafted);
  const auto grafted = archive();
  EXPECT_THAT(grafted.read("/etc/systemd/network/10-v2v.link"),
              Optional(std::string_view("[Match]\n")));
  EXPECT_EQ(grafted.entries().at("/usr/lib/udev/rules.d/1.rules").mode, 0600u);
  EXPECT_FALSE(grafted.find("/usr/lib/modules/" + version + "/modules.alias"));
  EXPECT_EQ(ensure().action, Action::nothing);
}

TEST_F(GraftTest, RecordedChecksumIsRefreshed) {
  const std::string sum(40, 'a');
  guest_->write("/var/lib/initramfs-tools/" + version, "old");
  guest_->on_run([&](const std::vector<std::string> &argv) {
    return CommandResult{0, sum + "  " + argv.at(1) + "\n"};
  });
  set_initrd(base().close());
  ensure();
  EXPECT_THAT(guest_->commands(), ElementsAre(ElementsAre("sha1sum", initrd_)));
  EXPECT_EQ(guest_->read("/var/lib/initramfs-tools/" + version), sum + "  " + initrd_ + "\n");
}

TEST_F(GraftTest, KernelWithoutInitramfsNeedsNothing) {
  EXPECT_EQ(ensure().action, Action::nothing);
}

TEST_F(GraftTest, HostileModulesDepAndVersionAreRefused) {
  set_initrd(base().close());
  const InitramfsArchive original(guest_->read(initrd_), initrd_);
  guest_->write("/lib/modules/" + version + "/modules.dep",
                "../../../../etc/virtio_blk.ko: /etc/shadow\n");
  EXPECT_THROW(make_graft(original, *guest_, kernel(), {"virtio_blk"}, {}, options_.run_directory),
               Error);
  set_modules(".ko", "drivers/block/virtio_blk", "drivers/virtio/virtio_pci");
  auto renamed = kernel();
  renamed.version = "../../x";
  EXPECT_THROW(make_graft(original, *guest_, renamed, {"virtio_blk"}, {}, options_.run_directory),
               Error);
  EXPECT_TRUE(std::filesystem::is_empty(options_.run_directory));
}

TEST_F(GraftTest, FilesInTheWayAreRefused) {
  set_initrd(base().file("usr/x", "a file").close());
  const InitramfsArchive original(guest_->read(initrd_), initrd_);
  const auto graft_file = [&](const std::string &path) {
    return make_graft(original, *guest_, kernel(), {}, {{path, "x"}}, options_.run_directory);
  };
  EXPECT_THROW(graft_file("/usr/x/below"), Error);
  EXPECT_THROW(graft_file("/usr/lib"), Error);
  EXPECT_THROW(graft_file("/"), Error);
  EXPECT_NO_THROW(graft_file("/usr/x"));
}

}  // namespace
