// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Images that want to read other files, claim impossible things, or are cut off.
#include "disk_fixture.hpp"

#include <core/run/file_descriptor.hpp>
#include <v2v/images/image.hpp>

namespace v2v::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class HostileImageTest : public DiskTest {
 protected:
  static images::ImageHeader examine(const std::string &file, const std::string &format = {},
                                     bool allow_references = false) {
    const core::FileDescriptor fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    return images::examine_image(images::ImageReader(fd.get(), file), format, allow_references);
  }
  static Error refusal(const std::string &file, const std::string &format = {},
                       bool allow_references = false) {
    return error_of([&] { examine(file, format, allow_references); });
  }
  std::string descriptor(const std::string &name, const std::string &extents) const {
    write_file(path(name),
               "# Disk DescriptorFile\nversion=1\nCID=12345678\nparentCID=ffffffff\n"
               "createType=\"monolithicFlat\"\n\n" +
                   extents + "\n\nddb.adapterType = \"ide\"\n");
    return path(name);
  }
};

TEST_F(HostileImageTest, ABackingFileIsRefusedUnlessFormatAndPermissionAreGiven) {
  const auto image =
      make_image("disk.qcow2", "qcow2", mebibyte, {"-u", "-b", "/etc/passwd", "-F", "raw"});
  EXPECT_ERROR(refusal(image), Code::unsupported, HasSubstr("backing file \"/etc/passwd\""),
               HasSubstr("qemu-img convert"), HasSubstr("-if qcow2 --allow-references"));
  EXPECT_EQ(refusal(image, "qcow2").code(), Code::unsupported);
  EXPECT_EQ(refusal(image, {}, true).code(), Code::unsupported);
  const auto header = examine(image, "qcow2", true);
  ASSERT_EQ(header.references.size(), 1u);
  EXPECT_EQ(header.references.front().name, "/etc/passwd");
}

TEST_F(HostileImageTest, AnExternalDataFileIsRefused) {
  const auto image =
      make_image("disk.qcow2", "qcow2", mebibyte, {"-o", "data_file=" + path("data.raw")});
  EXPECT_ERROR(refusal(image), Code::unsupported, HasSubstr("external data file"),
               HasSubstr("data.raw"));
  // Also where only the feature bit is set and nothing is named.
  const auto bare = make_image("bare.qcow2", "qcow2", mebibyte);
  patch(bare, 72, big_endian(4, 8));
  EXPECT_ERROR(refusal(bare), Code::unsupported, HasSubstr("external data file"));
}

TEST_F(HostileImageTest, AQcow2HeaderInARawDiskGainsNothing) {
  // What a guest can do: write a foreign header to the start of its own raw disk.
  const auto raw = make_raw("disk.raw");
  const auto hostile =
      make_image("hostile.qcow2", "qcow2", 8 * mebibyte, {"-u", "-b", "/etc/shadow", "-F", "raw"});
  patch(raw, 0, read_file(hostile).substr(0, mebibyte));
  EXPECT_ERROR(refusal(raw), Code::unsupported, HasSubstr("/etc/shadow"));
  EXPECT_EQ(examine(raw, "raw").format, "raw");
}

TEST_F(HostileImageTest, AVmdkDescriptorThatNamesFilesIsRefused) {
  const auto image = descriptor("disk.vmdk", "RW 2048 FLAT \"/etc/passwd\" 0");
  EXPECT_ERROR(refusal(image), Code::unsupported, HasSubstr("extent \"/etc/passwd\""));
  const auto header = examine(image, "vmdk", true);
  EXPECT_EQ(header.virtual_size, mebibyte);
  EXPECT_EQ(header.references.front().name, "/etc/passwd");
}

TEST_F(HostileImageTest, AnExtentMayNotHideBehindUnusualSpacing) {
  for (const auto *extents :
       {"RW\n2048\nFLAT\n\"/etc/passwd\" 0", "  RW\t2048 FLAT\"/etc/passwd\" 0",
        "RDONLY 2048 FLAT \"/etc/passwd\" 0", "RW 2048 ZERO\nRW 2048 SPARSE \"/etc/passwd\"",
        "#RW\rRW 1 VMFS \"/etc/passwd\""})
    EXPECT_ERROR(refusal(descriptor("disk.vmdk", extents)), Code::unsupported,
                 HasSubstr("/etc/passwd"));
}

TEST_F(HostileImageTest, ExtentsThatAreOnlyZeroNameNothing) {
  const auto header = examine(descriptor("disk.vmdk", "RW 2048 ZERO"));
  EXPECT_EQ(header.virtual_size, mebibyte);
  EXPECT_TRUE(header.references.empty());
}

TEST_F(HostileImageTest, ASparseVmdkWithoutDataFollowsItsDescriptor) {
  // qemu takes the extents of the embedded descriptor if the capacity is 0.
  const auto image = make_image("disk.vmdk", "vmdk", 10 * mebibyte);
  patch(image, 12, little_endian(0, 8));
  patch(image, 512, "# Disk DescriptorFile\nparentCID=ffffffff\nRW 2048 FLAT \"/etc/passwd\" 0\n");
  EXPECT_ERROR(refusal(image), Code::unsupported, HasSubstr("/etc/passwd"));
}

TEST_F(HostileImageTest, AVmdkParentIsRefusedWhereverAReaderWouldFindIt) {
  const auto image = make_image("disk.vmdk", "vmdk", 10 * mebibyte);
  patch(image, 512, "# Disk DescriptorFile\nparentFileNameHint=\"/etc/passwd\"\n");
  EXPECT_ERROR(refusal(image), Code::unsupported, HasSubstr("parent \"/etc/passwd\""));
  // qemu reads it at sector 1 even if the header says that the descriptor is elsewhere.
  patch(image, 28, little_endian(0, 8));
  EXPECT_ERROR(refusal(image), Code::unsupported, HasSubstr("parent \"/etc/passwd\""));
}

TEST_F(HostileImageTest, AVmdkSnapshotWithoutAParentNameIsRefused) {
  const auto image = make_image("disk.vmdk", "vmdk", 10 * mebibyte);
  patch(image, 512, "# Disk DescriptorFile\nCID=fffffffe\nparentCID=0badcafe\n");
  EXPECT_ERROR(refusal(image, "vmdk", true), Code::unsupported, HasSubstr("snapshot"));
}

TEST_F(HostileImageTest, NamesCannotDriveTheTerminal) {
  const auto image = descriptor("disk.vmdk", "RW 2048 FLAT \"\x1b]0;owned\x07\x1b[2J\" 0");
  EXPECT_ERROR(refusal(image), Code::unsupported, Not(HasSubstr("\x1b")), HasSubstr("?]0;owned"));
}

TEST_F(HostileImageTest, EncryptedQcow2IsRefusedInWords) {
  const auto image = make_image("disk.qcow2", "qcow2", mebibyte);
  patch(image, 32, big_endian(2, 4));
  EXPECT_ERROR(refusal(image), Code::unsupported, HasSubstr("encrypted"));
}

TEST_F(HostileImageTest, DifferencingImagesAreRefusedWithTheToolThatJoinsThem) {
  const auto vdi = make_image("disk.vdi", "vdi", 4 * mebibyte);
  patch(vdi, 0x4c, little_endian(4, 4));
  EXPECT_ERROR(refusal(vdi), Code::unsupported, HasSubstr("VBoxManage"));

  const auto vhdx = make_image("disk.vhdx", "vhdx", 8 * mebibyte);
  auto content = read_file(vhdx);
  const std::string guid("\x37\x67\xa1\xca\x36\xfa\x43\x4d\xb3\xb6\x33\xf0\xaa\x44\xe7\x6b", 16);
  const auto entry = content.find(guid);
  ASSERT_NE(entry, content.npos);
  const auto table = content.rfind("metadata", entry);
  const auto offset = static_cast<unsigned char>(content[entry + 18]) * 65536u;
  patch(vhdx, table + offset + 4, little_endian(2, 4));
  EXPECT_ERROR(refusal(vhdx), Code::unsupported, HasSubstr("Merge-VHD"));
}

struct CutOff {
  const char *format, *option;
};
class CutOffTest : public HostileImageTest, public ::testing::WithParamInterface<CutOff> {};

TEST_P(CutOffTest, IsRefusedWhateverThePlace) {
  const auto [format, option] = GetParam();
  std::vector<std::string> options;
  if (*option) options = {"-o", option};
  const auto whole = convert(make_raw("disk.raw", 20 * mebibyte), "whole", format, options);
  const auto content = read_file(whole);
  // Not every cut can be seen without reading all tables; the head and nearly all of it can.
  for (const std::size_t size : {std::size_t(70), std::size_t(600), content.size() / 4}) {
    write_file(path("cut"), content.substr(0, size));
    EXPECT_ERROR(refusal(path("cut"), format), Code::corrupt, HasSubstr(path("cut")),
                 HasSubstr("again"));
  }
}
INSTANTIATE_TEST_SUITE_P(Formats, CutOffTest,
                         ::testing::Values(CutOff{"qcow2", ""}, CutOff{"vmdk", ""},
                                           CutOff{"vmdk", "subformat=streamOptimized"},
                                           CutOff{"vdi", ""}, CutOff{"vpc", "force_size=on"},
                                           CutOff{"vhdx", ""}));

TEST_F(HostileImageTest, AbsurdNumbersAreRefusedWithoutBeingBelieved) {
  const auto image = make_image("disk.qcow2", "qcow2", mebibyte);
  const auto whole = read_file(image);
  struct Change {
    std::uint64_t at;
    std::string bytes;
  };
  for (const auto &change :
       {Change{24, big_endian(~std::uint64_t(0), 8)},                          // virtual size
        Change{24, big_endian(0, 8)},                                          // no size
        Change{20, big_endian(63, 4)},                                         // cluster bits
        Change{20, big_endian(0, 4)}, Change{36, big_endian(0xffffffff, 4)},   // L1 entries
        Change{40, big_endian(~std::uint64_t(0) - 10, 8)},                     // L1 offset
        Change{100, big_endian(0xfffffff0, 4)},                                // header length
        Change{8, big_endian(~std::uint64_t(0) - 4, 8) + big_endian(100, 4)},  // backing name
        Change{8, big_endian(4096, 8) + big_endian(0xffffffff, 4)}}) {
    write_file(image, whole);
    patch(image, change.at, change.bytes);
    EXPECT_ERROR(refusal(image), Code::corrupt, HasSubstr("disk.qcow2"));
  }
}

TEST_F(HostileImageTest, AbsurdNumbersInVmdkVdiAndVhdxAreRefused) {
  const auto vmdk = make_image("disk.vmdk", "vmdk", 10 * mebibyte);
  const auto whole = read_file(vmdk);
  for (const std::uint64_t at : {12u, 20u, 28u, 56u}) {
    write_file(vmdk, whole);
    patch(vmdk, at, little_endian(~std::uint64_t(0) - 1, 8));
    EXPECT_EQ(refusal(vmdk).code(), Code::corrupt) << at;
  }
  write_file(vmdk, whole);
  patch(vmdk, 44, little_endian(0xffffffff, 4));
  EXPECT_EQ(refusal(vmdk).code(), Code::corrupt);

  const auto vdi = make_image("disk.vdi", "vdi", 4 * mebibyte);
  patch(vdi, 0x178, little_endian(0, 4));
  EXPECT_EQ(refusal(vdi).code(), Code::corrupt);
  patch(vdi, 0x170, little_endian(~std::uint64_t(0), 8));
  EXPECT_EQ(refusal(vdi).code(), Code::corrupt);

  const auto vhdx = make_image("disk.vhdx", "vhdx", 8 * mebibyte);
  patch(vhdx, 192 * 1024 + 8, little_endian(0xffffffff, 4));  // entries of the region table
  patch(vhdx, 192 * 1024 + 16, std::string(64, '\xff'));      // and what they hold
  EXPECT_EQ(refusal(vhdx).code(), Code::corrupt);
}

TEST_F(HostileImageTest, ACorruptMarkAndUnknownFeaturesAreNamed) {
  const auto image = make_image("disk.qcow2", "qcow2", mebibyte);
  patch(image, 72, big_endian(2, 8));
  EXPECT_ERROR(refusal(image), Code::corrupt, HasSubstr("qemu-img check -r all"));
  patch(image, 72, big_endian(1 << 20, 8));
  EXPECT_ERROR(refusal(image), Code::unsupported, HasSubstr("0x100000"));
}

TEST_F(HostileImageTest, TheWrongFormatIsNamed) {
  const auto raw = make_raw("disk.raw");
  for (const auto *format : {"qcow2", "vmdk", "vdi", "vpc", "vhdx"})
    EXPECT_ERROR(refusal(raw, format), Code::corrupt, HasSubstr("this is not a"));
}

TEST_F(HostileImageTest, AVhdCookieAtTheEndOfARawDiskIsNotEnough) {
  const auto raw = make_raw("disk.raw");
  patch(raw, 8 * mebibyte - 512, "conectix");
  EXPECT_EQ(examine(raw).format, "raw");
}

}  // namespace
}  // namespace v2v::test
