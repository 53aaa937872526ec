// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The input "disk" through its class: defaults, options, and one clear error for each thing that is
// no usable disk.
#include "../../core/disk/disk_fixture.hpp"
#include "../../core/disk/silent_server.hpp"

#include <sys/stat.h>
#include <disk_input.hpp>
#include <nic_option.hpp>

namespace v2v::test {
namespace {

using input_disk::DiskInput;
using input_disk::guest_name;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class InputDiskTest : public DiskTest {
 protected:
  InputDiskTest() {
    table_.size = sizeof table_;
    table_.context = this;
    table_.log = [](const v2v_host *host, std::int32_t level, const char *message) {
      auto *test = static_cast<InputDiskTest *>(host->context);
      if (level == V2V_LOG_WARNING) test->warnings_.emplace_back(message);
    };
  }
  Source open(const std::vector<std::string> &arguments, const std::string &format = {},
              bool allow_references = false) {
    InputRequest request;
    request.arguments = arguments;
    request.format = format;
    request.allow_references = allow_references;
    request.options = options_;
    return DiskInput(Host(&table_), request).open();
  }
  Error refusal(const std::vector<std::string> &arguments, const std::string &format = {}) {
    return error_of([&] { open(arguments, format); });
  }

  v2v_host table_ = {};
  Options options_;
  std::vector<std::string> warnings_;
};

TEST_F(InputDiskTest, DefaultsAreThoseOfVirtV2v) {
  const auto source = open({make_raw("my guest.img")});
  EXPECT_EQ(source.name, "my guest");
  EXPECT_EQ(source.memory, std::uint64_t(2) << 30);
  EXPECT_EQ(source.vcpus, 1u);
  EXPECT_EQ(source.firmware, Firmware::unknown);
  EXPECT_THAT(source.features, ElementsAre("acpi", "apic", "pae"));
  EXPECT_EQ(source.hypervisor, "");
  ASSERT_TRUE(source.display);
  EXPECT_EQ(source.display->type, Display::Type::window);
  EXPECT_EQ(source.sound, "");
  ASSERT_EQ(source.nics.size(), 1u);
  EXPECT_EQ(source.nics[0].network, "default");
  EXPECT_EQ(source.nics[0].type, Nic::Type::network);
  EXPECT_EQ(source.nics[0].mac, "");
  ASSERT_EQ(source.disks.size(), 1u);
  EXPECT_EQ(source.disks[0].controller, Controller::unknown);
  EXPECT_EQ(source.disks[0].location.path, path("my guest.img"));
  EXPECT_EQ(source.disks[0].location.format, "raw");
  EXPECT_FALSE(source.disks[0].location.references);
  EXPECT_THAT(warnings_, IsEmpty());
}

TEST_F(InputDiskTest, OptionsSayWhatADiskCannot) {
  options_.add("name", "Größe 1");
  options_.add("memory", "1073741824");
  options_.add("vcpus", "4");
  options_.add("firmware", "uefi");
  options_.add("controller", "scsi");
  options_.add("nic", "00:0C:29:AB:CD:EF,bridge=br0,model=vmxnet3");
  options_.add("nic", "network=lab");
  const auto source = open({make_raw("a.img"), make_image("b.qcow2", "qcow2", mebibyte)});
  EXPECT_EQ(source.name, "Größe 1");
  EXPECT_EQ(source.memory, std::uint64_t(1) << 30);
  EXPECT_EQ(source.vcpus, 4u);
  EXPECT_EQ(source.firmware, Firmware::uefi);
  ASSERT_EQ(source.disks.size(), 2u);
  EXPECT_EQ(source.disks[1].controller, Controller::scsi);
  EXPECT_EQ(source.disks[1].location.format, "qcow2");
  ASSERT_EQ(source.nics.size(), 2u);
  EXPECT_EQ(source.nics[0].mac, "00:0c:29:ab:cd:ef");
  EXPECT_EQ(source.nics[0].type, Nic::Type::bridge);
  EXPECT_EQ(source.nics[0].network, "br0");
  EXPECT_EQ(source.nics[0].model, "vmxnet3");
  EXPECT_EQ(source.nics[1].mac, "");
  EXPECT_EQ(source.nics[1].network, "lab");
}

TEST_F(InputDiskTest, AGuestMayHaveNoNetworkCard) {
  options_.add("nic", "none");
  EXPECT_THAT(open({make_raw("a.img")}).nics, IsEmpty());
}

TEST_F(InputDiskTest, WrongOptionsAreNamed) {
  const auto wrong = [&](const std::string &name, const std::string &value) {
    options_ = {};
    options_.add(name, value);
    const auto error = refusal({make_raw("a.img")});
    EXPECT_EQ(error.code(), Code::usage);
    EXPECT_NE(error.remedy(), "");
    EXPECT_THAT(error.object(), HasSubstr("-io " + name)) << error.what();
  };
  wrong("vcpus", "0");
  wrong("vcpus", "99999999999999999999999");
  wrong("vcpus", "");
  wrong("memory", "100");
  wrong("firmware", "coreboot");
  wrong("controller", "mfm");
  wrong("name", "");
  wrong("name", "a\nb");
  wrong("nic", "00:11");
  wrong("nic", "00:11:22:33:44:5g");
  wrong("nic", "00-11-22-33-44-55");
  wrong("nic", "network=a,bridge=b");
  wrong("nic", "vlan=4");
  wrong("nic", "model=");
}

TEST_F(InputDiskTest, NamesComeFromTheFirstLocalFile) {
  EXPECT_EQ(guest_name("/a/b.c/guest"), "guest");
  EXPECT_EQ(guest_name("guest-sda"), "guest");
  EXPECT_EQ(guest_name("guest.img.qcow2"), "guest.img");
  EXPECT_EQ(guest_name("guest.qcow2.img"), "guest.qcow2");
  EXPECT_EQ(guest_name("guest.vhdx"), "guest");
  EXPECT_EQ(guest_name("guest.iso"), "guest.iso");
  EXPECT_EQ(guest_name("nbd://host/pool/guest"), "guest");
  EXPECT_EQ(guest_name("nbd://host"), "unknown");
  EXPECT_EQ(open({"nbd://host/x", make_raw("b.raw")}).name, "b");
  EXPECT_EQ(open({"nbd://host/x"}).name, "x");
  EXPECT_ERROR(refusal({make_raw(".img")}), Code::usage, HasSubstr("-io name=NAME"));
}

TEST_F(InputDiskTest, UrisAreRawAndLookedAtLater) {
  const auto source = open({"nbd+unix:///disk?socket=/nowhere"});
  EXPECT_EQ(source.disks[0].location.type, Location::Type::uri);
  EXPECT_EQ(source.disks[0].location.format, "raw");
  EXPECT_ERROR(refusal({"nbd://h/x"}, "qcow2"), Code::unsupported, HasSubstr("-f FORMAT"));
  EXPECT_EQ(refusal({"nbds://h/x"}).code(), Code::unsupported);
  EXPECT_ERROR(refusal({"http://h/x.img"}), Code::unsupported, HasSubstr("http://h/x.img"),
               HasSubstr("nbd://"));
}

TEST_F(InputDiskTest, NothingGivenIsSaidAsVirtV2vDoes) {
  EXPECT_ERROR(refusal({}), Code::usage, HasSubstr("expecting a disk image"));
}

TEST_F(InputDiskTest, EachThingThatIsNoDiskHasItsOwnMessage) {
  EXPECT_ERROR(refusal({path("none")}), Code::not_found, HasSubstr("No such file or directory"),
               HasSubstr(path("none")));
  EXPECT_ERROR(refusal({path("")}), Code::usage, HasSubstr("directory"), HasSubstr("-i ova"));
  EXPECT_ERROR(refusal({"/dev/null"}), Code::usage, HasSubstr("character device"));
  ASSERT_EQ(::mkfifo(path("fifo").c_str(), 0600), 0);
  EXPECT_ERROR(refusal({path("fifo")}), Code::usage, HasSubstr("FIFO"));
  const SilentServer server(path("socket"), [] {});
  EXPECT_ERROR(refusal({path("socket")}), Code::usage, HasSubstr("nbd+unix://"));
  write_file(path("empty"), "");
  EXPECT_ERROR(refusal({path("empty")}), Code::corrupt, HasSubstr("empty (0 bytes)"));
  write_file(path("text"), "hello");
  EXPECT_ERROR(refusal({path("text")}, "qcow2"), Code::corrupt, HasSubstr("not a qcow2 image"));
  EXPECT_ERROR(refusal({path("text")}, "qcow3"), Code::usage, HasSubstr("qcow3"));
}

TEST_F(InputDiskTest, AFileThatMayNotBeReadNamesItsOwner) {
  const auto image = make_raw("secret.img");
  ASSERT_EQ(::chmod(image.c_str(), 0000), 0);
  if (::geteuid() == 0) {
    // Root may read everything, so look with the eyes of somebody else.
    ASSERT_EQ(::chmod(directory_.path().c_str(), 0755), 0);
    ASSERT_EQ(::seteuid(65534), 0);
  }
  const auto error = refusal({image});
  if (::getuid() == 0) {
    ASSERT_EQ(::seteuid(0), 0);
  }
  EXPECT_ERROR(error, Code::access, HasSubstr("mode 0000"), HasSubstr("run v2v as a user"));
}

TEST_F(InputDiskTest, TheSameDiskTwiceIsRefusedAlsoThroughALink) {
  const auto image = make_raw("a.img");
  std::filesystem::create_symlink(image, path("b.img"));
  EXPECT_ERROR(refusal({image, path("b.img")}), Code::usage, HasSubstr("twice"),
               HasSubstr(path("b.img")));
  EXPECT_EQ(refusal({"nbd://h/x", "nbd://h:10809/x"}).code(), Code::usage);
  EXPECT_EQ(open({"nbd://h/x", "nbd://h/y"}).disks.size(), 2u);
}

TEST_F(InputDiskTest, AnOddSizeIsAWarning) {
  write_file(path("odd.img"), std::string(1000, 'x'));
  EXPECT_EQ(open({path("odd.img")}).disks.size(), 1u);
  EXPECT_THAT(warnings_, ElementsAre(HasSubstr("512")));
}

TEST_F(InputDiskTest, ReferencesNeedTheFormatAndThePermission) {
  make_raw("base.raw", mebibyte * 2, 4096);
  const auto image =
      make_image("a.qcow2", "qcow2", mebibyte * 2, {"-b", path("base.raw"), "-F", "raw"});
  EXPECT_ERROR(refusal({image}), Code::unsupported, HasSubstr("base.raw"),
               HasSubstr("--allow-references"));
  EXPECT_EQ(refusal({image}, "qcow2").code(), Code::unsupported);
  EXPECT_TRUE(open({image}, "qcow2", true).disks[0].location.references);
}

TEST_F(InputDiskTest, TheSourceIsNotChanged) {
  const auto image = make_raw("a.img");
  const auto content = read_file(image);
  struct stat before = {}, after = {};
  ASSERT_EQ(::stat(image.c_str(), &before), 0);
  open({image});
  ASSERT_EQ(::stat(image.c_str(), &after), 0);
  EXPECT_EQ(before.st_mtim.tv_nsec, after.st_mtim.tv_nsec);
  EXPECT_EQ(before.st_ctim.tv_nsec, after.st_ctim.tv_nsec);
  EXPECT_EQ(read_file(image), content);
}

TEST_F(InputDiskTest, RelativePathsBecomeAbsolute) {
  make_raw("a.img");
  const auto old = std::filesystem::current_path();
  std::filesystem::current_path(directory_.path());
  const auto source = open({"a.img"});
  std::filesystem::current_path(old);
  EXPECT_EQ(source.disks[0].location.path, path("a.img"));
  EXPECT_EQ(source.disks[0].id, "a.img");
}

}  // namespace
}  // namespace v2v::test
