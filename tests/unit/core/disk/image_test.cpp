// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Honest images of every format, made by qemu-img.
#include "disk_fixture.hpp"

#include <core/run/file_descriptor.hpp>
#include <v2v/images/image.hpp>
#include <v2v/text/printable.hpp>

namespace v2v::test {
namespace {

using images::ImageReader;
using ::testing::HasSubstr;

class ImageTest : public DiskTest {
 protected:
  core::FileDescriptor open(const std::string &file) const {
    return core::FileDescriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  }
  images::ImageHeader examine(const std::string &file, const std::string &format = {}) const {
    const auto fd = open(file);
    return images::examine_image(ImageReader(fd.get(), file), format, false);
  }
};

struct Kind {
  const char *format, *option, *subformat;
};

class EveryFormat : public ImageTest, public ::testing::WithParamInterface<Kind> {};

TEST_P(EveryFormat, IsDetectedAndItsSizeIsThatOfQemu) {
  const auto [format, option, subformat] = GetParam();
  std::vector<std::string> options;
  if (*option) options = {"-o", option};
  const auto image = convert(make_raw("disk.raw", 20 * mebibyte), "image", format, options);

  const auto header = examine(image);
  EXPECT_EQ(header.format, format);
  EXPECT_EQ(header.subformat, subformat);
  EXPECT_TRUE(header.references.empty());
  EXPECT_FALSE(header.encrypted);
  const auto info = run({"qemu-img", "info", "-f", format, "--output=json", image});
  EXPECT_THAT(info, HasSubstr("\"virtual-size\": " + std::to_string(header.virtual_size)));

  EXPECT_EQ(examine(image, format).virtual_size, header.virtual_size);
}

INSTANTIATE_TEST_SUITE_P(
    Formats, EveryFormat,
    ::testing::Values(
        Kind{"raw", "", ""}, Kind{"qcow2", "compat=0.10", ""}, Kind{"qcow2", "compat=1.1", ""},
        Kind{"qcow2", "extended_l2=on,cluster_size=128k", ""},
        Kind{"qcow2", "compression_type=zstd", ""}, Kind{"vmdk", "", "monolithicSparse"},
        Kind{"vmdk", "subformat=streamOptimized", "streamOptimized"}, Kind{"vdi", "", "dynamic"},
        Kind{"vdi", "static=on", "fixed"}, Kind{"vpc", "force_size=on", "dynamic"},
        Kind{"vpc", "subformat=fixed,force_size=on", "fixed"}, Kind{"vhdx", "", ""},
        Kind{"vhdx", "subformat=fixed", ""}));

TEST_F(ImageTest, ASliceOfAFileIsReadFromItsOffset) {
  const auto image = convert(make_raw("disk.raw"), "image.qcow2", "qcow2");
  const auto content = read_file(image);
  write_file(path("archive"), std::string(1536, 'x') + content + std::string(1024, 'y'));
  const auto fd = open(path("archive"));
  const ImageReader slice(fd.get(), "archive", 1536, content.size());
  EXPECT_EQ(images::detect_format(slice), "qcow2");
  EXPECT_EQ(images::read_header(slice, "qcow2").virtual_size, 8 * mebibyte);
  EXPECT_ERROR(error_of([&] { ImageReader(fd.get(), "archive", 1536, content.size() + 2048); }),
               Code::corrupt, HasSubstr("archive"));
}

TEST_F(ImageTest, ARawDiskCanBeTiny) {
  write_file(path("tiny"), "x");
  EXPECT_EQ(examine(path("tiny")).format, "raw");
  EXPECT_EQ(examine(path("tiny")).virtual_size, 1u);
}

TEST_F(ImageTest, ReadingBeyondTheEndIsRefusedWithoutOverflow) {
  write_file(path("small"), std::string(100, 'x'));
  const auto fd = open(path("small"));
  const ImageReader reader(fd.get(), "small");
  EXPECT_TRUE(reader.holds(0, 100));
  EXPECT_FALSE(reader.holds(1, 100));
  EXPECT_FALSE(reader.holds(~std::uint64_t(0), 2));
  EXPECT_THROW(reader.read(50, 51), Error);
  EXPECT_EQ(reader.read_up_to(90, 512).size(), 10u);
  EXPECT_EQ(reader.read_up_to(200, 512).size(), 0u);
}

TEST_F(ImageTest, FormatNamesAreThoseOfPeopleToo) {
  EXPECT_EQ(images::canonical_format("VHD"), "vpc");
  EXPECT_EQ(images::canonical_format("QCOW2"), "qcow2");
  EXPECT_ERROR(error_of([] { images::canonical_format("luks"); }), Code::usage, HasSubstr("luks"),
               HasSubstr("raw, qcow2, vmdk, vdi, vpc, vhdx"));
}

struct Foreign {
  std::size_t at;
  std::string bytes, meaning, remedy;
};

class NoDisk : public ImageTest, public ::testing::WithParamInterface<Foreign> {};

TEST_P(NoDisk, IsNamedAndRefusedUnlessTheUserSaysRaw) {
  const auto &[at, bytes, meaning, remedy] = GetParam();
  write_file(path("file"), std::string(4096, '\0'));
  patch(path("file"), at, bytes);
  EXPECT_ERROR(error_of([&] { examine(path("file")); }), Code::unsupported, HasSubstr(meaning),
               HasSubstr(remedy), HasSubstr(path("file")));
  EXPECT_EQ(examine(path("file"), "raw").format, "raw");
}

INSTANTIATE_TEST_SUITE_P(Kinds, NoDisk,
                         ::testing::Values(Foreign{257, "ustar", "tar archive", "-i ova"},
                                           Foreign{0, "\x1f\x8b\x08", "gzip", "unpack"},
                                           Foreign{0,
                                                   std::string("\xfd"
                                                               "7zXZ\0",
                                                               6),
                                                   "xz", "unpack"},
                                           Foreign{0, "PK\3\4", "zip", "unpack"},
                                           Foreign{0, std::string("QED\0", 4), "QED",
                                                   "qemu-img convert"},
                                           Foreign{0, std::string("QFI\xfb\0\0\0\1", 8),
                                                   "version 1", "qemu-img convert"},
                                           Foreign{0, "COWD", "ESX snapshot", "descriptor"}));

TEST(Text, IsCheckedAndMadePrintable) {
  EXPECT_TRUE(text::is_utf8("Größe \xf0\x9f\x92\xbe"));
  EXPECT_FALSE(text::is_utf8("\xff"));
  EXPECT_FALSE(text::is_utf8("\xc0\x80"));      // overlong
  EXPECT_FALSE(text::is_utf8("\xed\xa0\x80"));  // surrogate
  EXPECT_FALSE(text::is_utf8("\xe2\x82"));      // cut off
  EXPECT_FALSE(text::is_utf8(std::string_view("a\0b", 3)));
  EXPECT_EQ(text::printable("a\x1b[31mß\xff\n"), "a?[31mß??");
  EXPECT_EQ(text::printable("\xc2\x9b"), "?");  // CSI as one C1 character
  EXPECT_LT(text::printable(std::string(5000, 'x')).size(), 250u);
}

}  // namespace
}  // namespace v2v::test
