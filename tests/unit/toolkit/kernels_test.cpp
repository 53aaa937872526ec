// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Kernels found in directory trees, and the order in which they are preferred.
#include "../temporary_directory.hpp"

#include <v2v/linux/directory_guest.hpp>
#include <v2v/linux/family.hpp>
#include <v2v/linux/kernels.hpp>
#include <v2v/linux/package_version.hpp>

#include <gmock/gmock.h>

using namespace v2v;
using namespace v2v::linux;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {

struct Comparison {
  const char *older, *newer;
};
class VersionOrder : public testing::TestWithParam<Comparison> {};

TEST_P(VersionOrder, OlderIsBelowNewer) {
  EXPECT_LT(compare_versions(GetParam().older, GetParam().newer), 0);
  EXPECT_GT(compare_versions(GetParam().newer, GetParam().older), 0);
  EXPECT_EQ(compare_versions(GetParam().newer, GetParam().newer), 0);
}

INSTANTIATE_TEST_SUITE_P(Table, VersionOrder,
                         testing::Values(Comparison{"", "1"}, Comparison{"1", "2"},
                                         Comparison{"9", "10"}, Comparison{"6.1.9", "6.1.10"},
                                         Comparison{"5.14", "5.14.0"}, Comparison{"5.el7", "5.10"},
                                         Comparison{"1rc", "1."}, Comparison{"1rc1", "1rc2"},
                                         Comparison{"1a", "1b"}, Comparison{"2", "."},
                                         Comparison{"a", "1"}, Comparison{"1.0~rc1", "1.1"},
                                         Comparison{"99999999999999999998", "99999999999999999999"},
                                         Comparison{"6.1.176-1", "6.1.192-1"}));

TEST(VersionOrder, LeadingZerosDoNotCount) {
  EXPECT_EQ(compare_versions("1.02", "1.2"), 0);
}

TEST(VersionOrder, EpochBeatsVersionBeatsRelease) {
  const auto package = [](int epoch, const char *version, const char *release) {
    Application application;
    application.epoch = epoch;
    application.version = version;
    application.release = release;
    return application;
  };
  EXPECT_GT(compare_packages(package(1, "1", "1"), package(0, "9", "9")), 0);
  EXPECT_GT(compare_packages(package(0, "2", "1"), package(0, "1", "9")), 0);
  EXPECT_LT(compare_packages(package(0, "2", "1"), package(0, "2", "2")), 0);
}

TEST(ModuleName, SuffixesAndHyphens) {
  EXPECT_EQ(module_name("/lib/modules/6/kernel/virtio-rng.ko"), "virtio_rng");
  EXPECT_EQ(module_name("a.ko.xz"), "a");
  EXPECT_EQ(module_name("a.ko.zst"), "a");
  EXPECT_EQ(module_name("a.ko.gz"), "a");
  EXPECT_EQ(module_name("a.o"), "a");
  EXPECT_EQ(module_name("modules.dep"), "");
  EXPECT_EQ(module_name("a.xz"), "");
}

class KernelsTest : public testing::Test {
 protected:
  /// Installs a kernel with these modules, an initrd and a configuration.
  void install(const std::string &version, const std::vector<std::string> &modules,
               const std::string &config = "", const std::string &lib = "/lib") {
    guest_.write("/boot/vmlinuz-" + version, "kernel " + version);
    guest_.write("/boot/initrd.img-" + version, "initrd");
    guest_.write("/boot/config-" + version, config);
    for (const auto &module : modules)
      guest_.write(lib + "/modules/" + version + "/kernel/" + module, "module");
  }
  void package(const std::string &name, const std::string &version, const std::string &release) {
    Application application;
    application.name = name;
    application.version = version;
    application.release = release;
    inspection_.applications.push_back(application);
  }
  std::vector<Kernel> kernels() {
    return find_kernels(guest_, DebianFamily().kernel_owner(inspection_), log_);
  }

  const std::vector<std::string> all_virtio_{"drivers/block/virtio_blk.ko",
                                             "drivers/net/virtio_net.ko.xz",
                                             "virtio-rng.ko.zst",
                                             "drivers/virtio/virtio_balloon.ko",
                                             "pvpanic.ko",
                                             "vmw_vsock_virtio_transport.ko"};
  test::TemporaryDirectory temporary_;
  DirectoryGuest guest_{temporary_.path().string()};
  Inspection inspection_;
  std::vector<std::string> warnings_;
  Log log_{{}, {}, [this](const std::string &message) { warnings_.push_back(message); }};
};

TEST_F(KernelsTest, LoadableModulesCountAsSupport) {
  install("6.1.0-18-amd64", all_virtio_);
  package("linux-image-6.1.0-18-amd64", "6.1.76", "1");
  const auto found = kernels();
  ASSERT_EQ(found.size(), 1u);
  const auto &kernel = found[0];
  EXPECT_EQ(kernel.version, "6.1.0-18-amd64");
  EXPECT_EQ(kernel.initrd, "/boot/initrd.img-6.1.0-18-amd64");
  EXPECT_EQ(kernel.modules_directory, "/lib/modules/6.1.0-18-amd64");
  EXPECT_EQ(kernel.package->version, "6.1.76");
  EXPECT_TRUE(kernel.virtio_blk && kernel.virtio_net && kernel.virtio_rng &&
              kernel.virtio_balloon && kernel.isa_pvpanic && kernel.virtio_socket);
  EXPECT_TRUE(kernel.has_module("virtio-rng"));
  EXPECT_FALSE(kernel.debug || kernel.xen_pv_only);
  EXPECT_THAT(kernel.describe(), HasSubstr("virtio_blk, virtio_net"));
}

TEST_F(KernelsTest, ConfigurationAndBuiltinListCountAsSupport) {
  install("6.6.1", {"fs/ext4.ko"},
          "CONFIG_VIRTIO_NET=y\nCONFIG_PVPANIC=n\n# CONFIG_VIRTIO_BALLOON is not set\n"
          "CONFIG_HW_RANDOM_VIRTIO=m\n");
  guest_.write("/lib/modules/6.6.1/modules.builtin", "kernel/drivers/block/virtio_blk.ko\n");
  const auto kernel = kernels().at(0);
  EXPECT_TRUE(kernel.virtio_blk);
  EXPECT_TRUE(kernel.virtio_net);
  EXPECT_FALSE(kernel.virtio_rng) << "a module that is not there";
  EXPECT_FALSE(kernel.isa_pvpanic);
  EXPECT_FALSE(kernel.virtio_balloon);
  EXPECT_FALSE(kernel.package);
}

TEST_F(KernelsTest, MergedUsrIsTheSameKernel) {
  guest_.make_directory("/usr/lib");
  guest_.symlink("usr/lib", "/lib");
  install("6.1.0", all_virtio_, "", "/usr/lib");
  EXPECT_EQ(kernels().at(0).modules_directory, "/lib/modules/6.1.0");
}

TEST_F(KernelsTest, ModulesOnlyBelowUsr) {
  install("6.1.0", all_virtio_, "", "/usr/lib");
  EXPECT_EQ(kernels().at(0).modules_directory, "/usr/lib/modules/6.1.0");
}

TEST_F(KernelsTest, KernelWithoutModulesIsNone) {
  guest_.write("/boot/vmlinuz-rescue", "kernel");
  try {
    kernels();
    FAIL();
  } catch (const Error &error) {
    EXPECT_EQ(error.code(), Code::unsupported);
    EXPECT_FALSE(error.remedy().empty());
  }
}

TEST_F(KernelsTest, InitrdIsTheKernelsOwn) {
  install("6.1.0-5", all_virtio_);
  install("6.1.0-5-rt", all_virtio_);
  guest_.remove("/boot/initrd.img-6.1.0-5");
  guest_.write("/boot/initrd.img-6.1.0-5.bak", "");
  guest_.write("/boot/initramfs-6.1.0-5kdump.img", "");
  const auto found = kernels();
  EXPECT_EQ(found.at(0).initrd, "");
  EXPECT_EQ(found.at(1).initrd, "/boot/initrd.img-6.1.0-5-rt");
  EXPECT_THAT(warnings_, ElementsAre(HasSubstr("/boot/vmlinuz-6.1.0-5:")));
  guest_.write("/boot/initramfs-6.1.0-5.img", "");
  EXPECT_EQ(kernels().at(0).initrd, "/boot/initramfs-6.1.0-5.img");
}

TEST_F(KernelsTest, XenAndDebugKernels) {
  install("2.6.18-xen", {"a.ko"}, "CONFIG_X86_64_XEN=y\n");
  install("6.1.0", all_virtio_);
  package("linux-image-6.1.0-dbg", "6.1", "1");
  const auto found = kernels();
  EXPECT_TRUE(found.at(0).xen_pv_only);
  EXPECT_TRUE(found.at(1).debug);
  EXPECT_EQ(best_kernel(found).version, "6.1.0");
  EXPECT_THROW(best_kernel({found.at(0)}), Error);
}

TEST_F(KernelsTest, BootloaderKernelsAreToldByInode) {
  install("6.1.0-1", all_virtio_);
  install("6.1.0-2", all_virtio_);
  guest_.symlink("boot/vmlinuz-6.1.0-2", "/vmlinuz");
  guest_.write("/boot/vmlinuz-foreign", "x");
  const auto offered =
      bootloader_kernels(guest_, kernels(),
                         {"/vmlinuz", "/boot/vmlinuz-none", "/boot/vmlinuz-foreign",
                          "/boot/vmlinuz-6.1.0-2", "/boot/vmlinuz-6.1.0-1"},
                         log_);
  ASSERT_EQ(offered.size(), 2u);
  EXPECT_EQ(offered[0].version, "6.1.0-2");
  EXPECT_EQ(offered[1].version, "6.1.0-1");
  EXPECT_THAT(warnings_, ElementsAre(HasSubstr("/boot/vmlinuz-none")));
  EXPECT_THROW(bootloader_kernels(guest_, kernels(), {"/boot/vmlinuz-foreign"}, log_), Error);
}

TEST_F(KernelsTest, BestKernelHasVirtioThenIsNewestThenIsNoDebugKernel) {
  const auto kernel = [](const char *version, bool virtio, bool debug) {
    Kernel result;
    result.version = version;
    result.virtio_net = virtio;
    result.debug = debug;
    return result;
  };
  const auto best = [](std::vector<Kernel> kernels) { return best_kernel(kernels).version; };
  EXPECT_EQ(best({kernel("6.9", false, false), kernel("6.1", true, false)}), "6.1");
  EXPECT_EQ(best({kernel("6.1-9", true, false), kernel("6.1-10", true, true)}), "6.1-10");
  EXPECT_EQ(best({kernel("6.1-1", true, true), kernel("6.01-1", true, false)}), "6.01-1");
  EXPECT_EQ(best({kernel("6.1", true, false), kernel("6.01", true, false)}), "6.1");
}

}  // namespace
