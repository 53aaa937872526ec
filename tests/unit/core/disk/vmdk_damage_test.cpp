// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The VMDK reader on images that are damaged or hostile: one clear error that names the byte, or
// what qemu reads; never a crash, never much memory.
#include "disk_fixture.hpp"
#include "vmdk_builder.hpp"
#include "vmdk_reading.hpp"

namespace v2v::test {
namespace {

using core::VmdkStream;
using ::testing::HasSubstr;

class VmdkDamageTest : public DiskTest {
 protected:
  VmdkDamageTest() {
    builder_.entries = 4;
    builder_.capacity = 128 * 12;
    for (const std::uint64_t number : {0, 1, 2, 5, 9})
      builder_.grains.emplace_back(number, pattern(65536, number));
    image_ = builder_.build();
  }
  /// The image with some bytes replaced.
  std::string with(std::uint64_t at, const std::string &bytes) const {
    auto changed = image_;
    return changed.replace(at, bytes.size(), bytes);
  }
  Error error_for(const std::string &content) const {
    write_file(path("a.vmdk"), content);
    return error_of([&] { read_vmdk(file(path("a.vmdk"), "vmdk")); });
  }
  static std::string number(std::uint64_t value, unsigned bytes) {
    return VmdkBuilder::little(value, bytes);
  }

  VmdkBuilder builder_;
  std::string image_;
};

TEST_F(VmdkDamageTest, WholeItReads) {
  write_file(path("a.vmdk"), image_);
  const auto content = read_vmdk(file(path("a.vmdk"), "vmdk"));
  EXPECT_EQ(content.substr(65536, 65536), pattern(65536, 1));
}

TEST_F(VmdkDamageTest, Headers) {
  const auto footer = builder_.footer_at;
  const auto refused = [&](std::uint64_t field, const std::string &bytes, const char *reason) {
    EXPECT_ERROR(error_for(with(footer + field, bytes)), Code::corrupt, HasSubstr("a.vmdk"),
                 HasSubstr("(byte "), HasSubstr(reason));
  };
  refused(12, number(0, 8), "capacity is 0 sectors");
  refused(12, number(~std::uint64_t(0), 8), "capacity is 18446744073709551615 sectors");
  refused(12, number(std::uint64_t(1) << 41, 8), "grain directory of");
  refused(20, number(0, 8), "grains are 0 sectors");
  refused(20, number(96, 8), "grains are 96 sectors");
  refused(44, number(0, 4), "tables have 0 entries");
  refused(44, number(513, 4), "tables have 513 entries");
  refused(44, number(~0u, 4), "tables have 4294967295 entries");
  refused(64, number(image_.size() / 512 + 1, 8), "data begins at sector");
  refused(56, number(0, 8), "grain directory is at sector 0");
  refused(56, number(image_.size() / 512, 8), "does not end inside");
  refused(56, number(std::uint64_t(1) << 55, 8), "grain directory is at sector");
}

TEST_F(VmdkDamageTest, AFooterThatIsNotThere) {
  for (const auto cut : {1u, 512u, 1024u, 1536u})
    EXPECT_ERROR(error_for(image_.substr(0, image_.size() - cut)), Code::corrupt,
                 HasSubstr("footer"));
  EXPECT_ERROR(error_for(with(builder_.footer_at - 500, number(2, 4))), Code::corrupt,
               HasSubstr("there should be a footer"));
  EXPECT_ERROR(error_for(image_.substr(0, 1024)), Code::corrupt, HasSubstr("footer"));
}

TEST_F(VmdkDamageTest, TablesOutsideTheFile) {
  const auto directory = builder_.directory_at;
  const auto last_sector = image_.size() / 512;
  EXPECT_ERROR(error_for(with(directory, number(~0u, 4))), Code::corrupt,
               HasSubstr("grain table at byte 2199023255040 is not inside"),
               HasSubstr("(byte " + std::to_string(directory)));
  EXPECT_ERROR(error_for(with(directory + 4, number(last_sector, 4))), Code::corrupt,
               HasSubstr("grain table at byte"));
}

TEST_F(VmdkDamageTest, GrainsOutsideTheFile) {
  const auto table = builder_.table_at[0];
  const auto end = image_.size() / 512;
  EXPECT_ERROR(error_for(with(table + 4, number(end, 4))), Code::corrupt,
               HasSubstr("the grain for byte 65536 of the disk is not inside the image"),
               HasSubstr("(byte " + std::to_string(image_.size())));
  EXPECT_ERROR(error_for(with(table, number(~0u, 4))), Code::corrupt, HasSubstr("not inside"));
}

TEST_F(VmdkDamageTest, MarkersThatDoNotFit) {
  const auto grain = builder_.grain_at[1];
  const auto at = HasSubstr("(byte " + std::to_string(grain) + " of");
  EXPECT_ERROR(error_for(with(grain, number(0, 8))), Code::corrupt, at,
               HasSubstr("has the marker of sector 0"));
  EXPECT_ERROR(error_for(with(grain + 8, number(0, 4))), Code::corrupt, at,
               HasSubstr("has 0 bytes of compressed data"));
  EXPECT_ERROR(error_for(with(grain + 8, number(~0u, 4))), Code::corrupt, at,
               HasSubstr("has 4294967295 bytes"));
  EXPECT_ERROR(error_for(with(grain + 8, number(2 * 65536 - 11, 4))), Code::corrupt, at,
               HasSubstr("has 131061 bytes"));
  // Two entries for one grain: the marker can belong to one only.
  const auto table = builder_.table_at[0];
  EXPECT_ERROR(error_for(with(table + 4, number(builder_.grain_at[0] / 512, 4))), Code::corrupt,
               HasSubstr("has the marker of sector 0"));
}

TEST_F(VmdkDamageTest, StreamsThatDoNotInflateToAGrain) {
  const auto grain_of = [&](const std::string &data) {
    VmdkBuilder builder;
    builder.grains = {{3, data}};
    return builder.build();
  };
  EXPECT_ERROR(error_for(grain_of(std::string(65536 + 1, 'a'))), Code::corrupt,
               HasSubstr("inflates to more than a grain"));
  EXPECT_ERROR(error_for(grain_of(std::string(65536 - 1, 'a'))), Code::corrupt,
               HasSubstr("inflates to only 65535 bytes"));
  const auto grain = builder_.grain_at[2];
  EXPECT_ERROR(error_for(with(grain + 12, number(0, 2))), Code::corrupt,
               HasSubstr("does not inflate"));
  EXPECT_ERROR(error_for(with(grain + 2000, number(~std::uint64_t(0), 8))), Code::corrupt,
               HasSubstr("byte 131072 of the disk"));
}

TEST_F(VmdkDamageTest, OneTableForEverythingIsMoreThanTheImageHolds) {
  VmdkBuilder builder;
  builder.entries = 512;
  builder.capacity = std::uint64_t(128) * 512 * 2000;  // 2000 tables, all of them the first
  builder.grains = {{0, pattern(65536, 0)}};
  auto image = builder.build();
  for (std::uint64_t i = 1; i < 2000; ++i)
    image.replace(builder.directory_at + i * 4, 4, number(builder.table_at[0] / 512, 4));
  write_file(path("a.vmdk"), image);
  const auto stream = VmdkStream::open(file(path("a.vmdk"), "vmdk"));
  core::GrainCursor cursor(*stream);
  EXPECT_ERROR(error_of([&] {
                 while (!cursor.next(core::Cancellation()).empty()) continue;
               }),
               Code::corrupt, HasSubstr("more than once"));
}

TEST_F(VmdkDamageTest, CutOffAnywhereIsAnError) {
  // Without a footer, so that the tables are not what is missing.
  VmdkBuilder builder;
  builder.footer = false;
  builder.compression = 0;
  builder.flags = 1;
  builder.grains = {{0, pattern(65536, 0)}, {3, pattern(65536, 3)}};
  const auto plain = builder.build();
  for (std::size_t size = 512; size < builder.directory_at + 4; size += 1000)
    EXPECT_EQ(error_for(plain.substr(0, size)).code(), Code::corrupt) << size;
  for (std::size_t size = 512; size < image_.size(); size += 1000)
    EXPECT_EQ(error_for(image_.substr(0, size)).code(), Code::corrupt) << size;
}

TEST_F(VmdkDamageTest, AFileThatBecomesShorterIsAnError) {
  write_file(path("a.vmdk"), image_);
  const auto stream = VmdkStream::open(file(path("a.vmdk"), "vmdk"));
  std::filesystem::resize_file(path("a.vmdk"), 4096);
  core::GrainCursor cursor(*stream);
  EXPECT_ERROR(error_of([&] { cursor.next(core::Cancellation()); }), Code::io,
               HasSubstr("became shorter"));
}

TEST_F(VmdkDamageTest, FlippedBytesGiveAnErrorOrWhatQemuReads) {
  std::mt19937 random(7);
  unsigned read = 0;
  for (unsigned round = 0; round < 150; ++round) {
    auto image = image_;
    // Mostly in what is not grain data: there a flip is only found by its checksum.
    const auto from = round % 3 == 0 ? 0 : builder_.table_at[0];
    for (unsigned i = 0; i < 1 + round % 4; ++i)
      image[from + random() % (image.size() - from)] = static_cast<char>(random());
    write_file(path("a.vmdk"), image);
    const auto location = file(path("a.vmdk"), "vmdk");
    std::string ours;
    try {
      ours = read_vmdk(location);
    } catch (const Error &) {
      continue;
    }
    core::Command convert;
    convert.argv = {"qemu-img",     "convert", "-O", "raw", core::qemu_filename(location),
                    path("by-qemu")};
    if (convert.run().status != 0) continue;
    ++read;
    EXPECT_TRUE(ours == read_file(path("by-qemu"))) << "round " << round;
  }
  EXPECT_GT(read, 10u);
}

}  // namespace
}  // namespace v2v::test
