// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "disk_fixture.hpp"

#include <core/disk/image_size.hpp>
#include <core/disk/qemu_location.hpp>
#include <core/run/file_descriptor.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace v2v::test {
namespace {

using core::Access;
using core::qemu_filename;
using core::qemu_node;
using ::testing::HasSubstr;

class QemuLocationTest : public DiskTest {
 protected:
  core::Cancellation never_;
};

TEST_F(QemuLocationTest, EveryLevelNamesItsDriver) {
  write_file(path("a.img"), "x");
  EXPECT_EQ(qemu_filename(file(path("a.img"))),
            fmt::format(R"(json:{{"driver":"raw","file":{{"driver":"file","filename":"{}"}},)"
                        R"("read-only":true}})",
                        path("a.img")));
}

TEST_F(QemuLocationTest, WithoutReferencesTheBackingFileIsCutOff) {
  write_file(path("a.img"), "x");
  auto location = file(path("a.img"), "qcow2");
  EXPECT_TRUE(qemu_node(location, Access::read_only).at("backing").is_null());
  location.references = true;
  EXPECT_FALSE(qemu_node(location, Access::read_only).contains("backing"));
  location.format = "vmdk";
  location.references = false;
  EXPECT_TRUE(qemu_node(location, Access::read_write).at("backing").is_null());
  EXPECT_FALSE(qemu_node(location, Access::read_write).at("read-only").get<bool>());
  location.format = "vdi";
  EXPECT_FALSE(qemu_node(location, Access::read_only).contains("backing"));
}

TEST_F(QemuLocationTest, QemuDoesNotFollowABackingFileThatAppearsLater) {
  const auto image =
      make_image("a.qcow2", "qcow2", mebibyte, {"-u", "-b", path("secret"), "-F", "raw"});
  EXPECT_EQ(core::virtual_size(file(image, "qcow2"), never_), mebibyte);
  run({"qemu-img", "convert", "-O", "raw", qemu_filename(file(image, "qcow2")), path("out")});
}

TEST_F(QemuLocationTest, ASliceIsReadInPlace) {
  const auto image =
      convert(make_raw("a.raw"), "a.vmdk", "vmdk", {"-o", "subformat=streamOptimized"});
  const auto content = read_file(image);
  write_file(path("a.ova"), std::string(1024, 'h') + content + std::string(10240, '\0'));
  auto location = file(path("a.ova"), "vmdk");
  location.offset = 1024;
  location.length = content.size();
  const auto node = qemu_node(location, Access::read_only);
  EXPECT_EQ(node.at("driver"), "vmdk");
  EXPECT_EQ(node.at("file").at("driver"), "raw");
  EXPECT_EQ(node.at("file").at("offset"), 1024);
  EXPECT_EQ(node.at("file").at("size"), content.size());
  EXPECT_EQ(node.at("file").at("file").at("driver"), "file");
  run({"qemu-img", "convert", "-O", "raw", qemu_filename(location), path("out.raw")});
  EXPECT_TRUE(same_content(path("out.raw"), "raw", path("a.raw"), "raw"));
}

TEST_F(QemuLocationTest, ARawSliceIsOneNode) {
  write_file(path("a.img"), std::string(4096, 'x'));
  auto location = file(path("a.img"));
  location.offset = 1024;
  location.length = 2048;
  EXPECT_EQ(qemu_node(location, Access::read_only).at("file").at("driver"), "file");
  EXPECT_EQ(core::virtual_size(location, never_), 2048u);
  location.length = 0;
  EXPECT_EQ(core::virtual_size(location, never_), 3072u);
}

TEST_F(QemuLocationTest, NamesAreNeverParsed) {
  for (const std::string name :
       {"json:{}", "nbd:localhost:10809", "a b,c.img", "driver=raw,x", "http://x", "-f", "a\"b\\c",
        "größe.img", "line\nbreak", "%20", "fat:rw:x"}) {
    std::string file_name = name;
    std::replace(file_name.begin(), file_name.end(), '/', '_');
    write_file(path(file_name), std::string(1024, 'x'));
    EXPECT_EQ(core::virtual_size(file(path(file_name)), never_), 1024u) << name;
  }
}

TEST_F(QemuLocationTest, APathThatIsNotUtf8IsRefusedInWords) {
  EXPECT_ERROR(error_of([&] { qemu_filename(file(path("a\xff.img"))); }), Code::unsupported,
               HasSubstr("UTF-8"), HasSubstr("a?.img"));
}

TEST_F(QemuLocationTest, AMissingFileIsNamed) {
  EXPECT_ERROR(error_of([&] { qemu_filename(file(path("none"))); }), Code::not_found,
               HasSubstr(path("none")));
}

TEST_F(QemuLocationTest, ADescriptorIsOpenedAnewByQemu) {
  write_file(path("a.img"), std::string(8192, 'x'));
  const core::FileDescriptor fd(::open(path("a.img").c_str(), O_RDONLY | O_CLOEXEC));
  Location location;
  location.type = Location::Type::fd;
  location.fd = fd.get();
  location.format = "raw";
  std::filesystem::remove(path("a.img"));
  location.offset = 4096;
  EXPECT_EQ(core::virtual_size(location, never_), 4096u);
}

TEST(QemuLocationNbdTest, ServersAndExportsAreSeparateMembers) {
  Location location;
  location.type = Location::Type::uri;
  location.format = "raw";
  location.path = "nbd://[::1]:99/a,b%20c";
  EXPECT_EQ(qemu_node(location, Access::read_only).at("file"),
            (nlohmann::json{{"driver", "nbd"},
                            {"server", {{"type", "inet"}, {"host", "::1"}, {"port", "99"}}},
                            {"export", "a,b c"}}));
  location.path = "nbd+unix:///x?socket=/run/a,b";
  EXPECT_EQ(qemu_node(location, Access::read_only).at("file").at("server"),
            (nlohmann::json{{"type", "unix"}, {"path", "/run/a,b"}}));
}

}  // namespace
}  // namespace v2v::test
