// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The VMDK reader on whole images: it says what qemu-img says, byte for byte.
#include "disk_fixture.hpp"
#include "vmdk_builder.hpp"
#include "vmdk_reading.hpp"

namespace v2v::test {
namespace {

using core::VmdkStream;

class VmdkStreamTest : public DiskTest {
 protected:
  Location vmdk(const std::string &content, const std::string &name = "a.vmdk") const {
    write_file(path(name), content);
    return file(path(name), "vmdk");
  }
  /// What qemu makes of it.
  std::string by_qemu(const Location &location) const {
    run({"qemu-img", "convert", "-O", "raw", core::qemu_filename(location), path("by-qemu")});
    return read_file(path("by-qemu"));
  }
  void expect_as_qemu(const Location &location) const {
    const auto ours = read_vmdk(location), theirs = by_qemu(location);
    ASSERT_EQ(ours.size(), theirs.size());
    EXPECT_TRUE(ours == theirs);
  }
};

TEST_F(VmdkStreamTest, WhatQemuWrites) {
  const auto raw = make_raw("disk.raw", 40 * mebibyte + 5 * 512, 3 * mebibyte);
  for (const std::string options : {"subformat=streamOptimized", "subformat=monolithicSparse",
                                    "subformat=monolithicSparse,zeroed_grain=on"}) {
    const auto image = convert(raw, "disk.vmdk", "vmdk", {"-o", options});
    const auto content = read_vmdk(file(image, "vmdk"));
    EXPECT_TRUE(content == read_file(raw)) << options;
  }
}

TEST_F(VmdkStreamTest, EveryGrainAndTableSize) {
  for (const std::uint64_t grain : {1, 8, 16, 128, 256, 2048})
    for (const std::uint32_t entries : {1u, 7u, 512u})
      for (const bool footer : {true, false}) {
        VmdkBuilder builder;
        builder.grain = grain;
        builder.entries = entries;
        builder.footer = footer;
        builder.capacity = 20 * grain + (grain + 1) / 2;
        for (const std::uint64_t number : {0, 1, 3, 7, 8, 20})
          builder.grains.emplace_back(number, pattern(grain * 512, number));
        SCOPED_TRACE(testing::Message() << grain << " " << entries << " " << footer);
        expect_as_qemu(vmdk(builder.build()));
      }
}

TEST_F(VmdkStreamTest, ALastGrainMayBeStoredOnlyUpToTheCapacity) {
  VmdkBuilder builder;
  builder.capacity = 3 * 128 + 5;
  builder.grains = {{2, pattern(65536, 2)}, {3, pattern(5 * 512, 3)}};
  expect_as_qemu(vmdk(builder.build()));
}

TEST_F(VmdkStreamTest, PaddingMayCountAsCompressedData) {
  VmdkBuilder builder;
  builder.grains = {{3, pattern(65536, 3)}};
  auto image = builder.build();
  const auto size = VmdkBuilder::deflated(builder.grains[0].second).size();
  image.replace(builder.grain_at[3] + 8, 4, VmdkBuilder::little(size / 512 * 512 + 500, 4));
  expect_as_qemu(vmdk(image));
}

TEST_F(VmdkStreamTest, EveryVersionAndWhateverTheRedundantDirectoryIs) {
  for (const std::uint32_t version : {1u, 2u, 3u})
    for (const bool compressed : {true, false}) {
      VmdkBuilder builder;
      builder.version = version;
      // The flag and place of a second directory; what is there is never looked at.
      builder.flags = (compressed ? 0x30001 : 1) | 2;
      builder.redundant = 7;
      builder.compression = compressed;
      builder.footer = compressed;
      builder.grains = {{2, pattern(65536, 2)}, {9, pattern(65536, 9)}};
      SCOPED_TRACE(testing::Message() << version << " " << compressed);
      expect_as_qemu(vmdk(builder.build()));
    }
}

TEST_F(VmdkStreamTest, ZeroGrainsAndAbsentTables) {
  VmdkBuilder builder;
  builder.flags |= 4;
  builder.entries = 4;
  builder.capacity = 128 * 40;
  builder.grains = {{5, pattern(65536, 5)}, {38, pattern(65536, 38)}};
  builder.zeroed = {4, 6, 20};
  expect_as_qemu(vmdk(builder.build()));
}

TEST_F(VmdkStreamTest, GrainsInAnyOrderAreFoundInTheOrderOfTheFile) {
  VmdkBuilder builder;
  builder.entries = 4;
  for (const std::uint64_t number : {9, 2, 15, 0, 7, 3})
    builder.grains.emplace_back(number, pattern(65536, number));
  const auto location = vmdk(builder.build());
  expect_as_qemu(location);
  const auto stream = VmdkStream::open(location);
  core::GrainCursor cursor(*stream);
  const core::Cancellation never;
  std::vector<std::uint64_t> order;
  for (const auto &grain : cursor.next(never)) order.push_back(grain.start / 65536);
  EXPECT_EQ(order, (std::vector<std::uint64_t>{9, 2, 15, 0, 7, 3}));
  EXPECT_TRUE(cursor.next(never).empty());
}

TEST_F(VmdkStreamTest, ManyGrainsComeInWindowsOfLimitedSize) {
  // Tables side by side, each entry of them in use; all that follows is a hole.
  constexpr std::uint64_t tables = 700, entries = 512, first_table = 64;
  VmdkBuilder builder;
  builder.footer = false;
  builder.capacity = tables * entries * builder.grain;
  auto image = builder.build();
  image.resize(first_table * 512);
  for (std::uint64_t i = 0; i < tables; ++i)
    image.replace(builder.directory_at + i * 4, 4, VmdkBuilder::little(first_table + i * 4, 4));
  for (std::uint64_t i = 0; i < tables * entries; ++i)
    image += VmdkBuilder::little(first_table + tables * 4 + i, 4);
  const auto location = vmdk(image);
  std::filesystem::resize_file(location.path, (first_table + tables * (4 + entries)) * 512);
  const auto stream = VmdkStream::open(location);
  ASSERT_TRUE(stream);
  core::GrainCursor cursor(*stream);
  const core::Cancellation never;
  std::uint64_t found = 0, next = 0;
  for (const auto *window = &cursor.next(never); !window->empty(); window = &cursor.next(never)) {
    EXPECT_LT(window->size(), 128u * 1024);
    found += window->size();
    for (const auto &grain : *window) EXPECT_EQ(grain.start, next++ * 65536);
  }
  EXPECT_EQ(found, tables * entries);
}

TEST_F(VmdkStreamTest, InTheMiddleOfAnotherFile) {
  VmdkBuilder builder;
  builder.grains = {{1, pattern(65536, 1)}, {4, pattern(65536, 4)}};
  const auto image = builder.build();
  auto location = vmdk(std::string(1536, 'x') + image + std::string(4096, 'y'));
  location.offset = 1536;
  location.length = image.size();
  expect_as_qemu(location);
}

TEST_F(VmdkStreamTest, ADescriptorWillDo) {
  VmdkBuilder builder;
  builder.grains = {{1, pattern(65536, 1)}};
  auto location = vmdk(builder.build());
  const int fd = ::open(location.path.c_str(), O_RDONLY | O_CLOEXEC);
  const auto expected = by_qemu(location);
  location.type = Location::Type::fd;
  location.fd = fd;
  location.path.clear();
  EXPECT_TRUE(read_vmdk(location) == expected);
  ::close(fd);
}

TEST_F(VmdkStreamTest, OtherKindsAreQemus) {
  VmdkBuilder child;
  child.descriptor += "parentFileNameHint=\"base.vmdk\"\n";
  EXPECT_FALSE(VmdkStream::open(vmdk(child.build())));
  VmdkBuilder huge;
  huge.grain = 4096;
  huge.capacity = 8192;
  EXPECT_FALSE(VmdkStream::open(vmdk(huge.build())));
  VmdkBuilder newer;
  newer.version = 4;
  EXPECT_FALSE(VmdkStream::open(vmdk(newer.build())));
  VmdkBuilder no_markers;
  no_markers.flags = 0x10001;
  EXPECT_FALSE(VmdkStream::open(vmdk(no_markers.build())));
  EXPECT_FALSE(VmdkStream::open(
      file(make_image("flat.vmdk", "vmdk", mebibyte, {"-o", "subformat=monolithicFlat"}), "vmdk")));
  EXPECT_FALSE(VmdkStream::open(vmdk("")));
  EXPECT_FALSE(VmdkStream::open(file(make_raw("disk.raw"))));
}

TEST_F(VmdkStreamTest, AnEmptyDiskOf8TiBIsNothingToRead) {
  const auto image =
      make_image("8t.vmdk", "vmdk", std::uint64_t(8) << 40, {"-o", "subformat=streamOptimized"});
  const auto stream = VmdkStream::open(file(image, "vmdk"));
  ASSERT_TRUE(stream);
  EXPECT_EQ(stream->size(), std::uint64_t(8) << 40);
  core::GrainCursor cursor(*stream);
  EXPECT_TRUE(cursor.next(core::Cancellation()).empty());
}

}  // namespace
}  // namespace v2v::test
