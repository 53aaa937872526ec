// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What an overlay changed, and what a disk of layers takes, against what qemu says.
#include "../copy/copy_disks.hpp"
#include "layers_fixture.hpp"

#include <core/disk/extents.hpp>
#include <core/disk/image_size.hpp>

namespace v2v::test {
namespace {

using core::Change;
using core::Changes;

class ChangesTest : public LayersTest {
 protected:
  core::Overlay overlay_over(const Location &source, const std::string &name = "overlay") {
    return core::Overlay::create(source, path(name), never_);
  }
};

TEST_F(ChangesTest, OnlyTheOverlayCountsAndItsDataHasAPlace) {
  const auto overlay = overlay_over(file(make_raw("disk.raw")));
  EXPECT_TRUE(core::map_changes(overlay.location(), never_)->changes.empty());
  run({"qemu-io", "-f", "qcow2", "-c", "write -P 7 4M 64k", "-c", "write -P 7 4160k 64k", "-c",
       "write -z -u 1M 512k", overlay.path().string()});
  const auto found = core::map_changes(overlay.location(), never_);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->size, 8 * mebibyte);
  ASSERT_EQ(found->changes.size(), 2u);
  EXPECT_EQ(found->changes[0], (Change{mebibyte, mebibyte / 2, true, 0}));
  const auto &data = found->changes[1];
  EXPECT_EQ(data, (Change{4 * mebibyte, 128 * 1024, false, data.place}));
  EXPECT_EQ(read_file(overlay.path()).substr(data.place, data.length),
            std::string(128 * 1024, '\7'));
}

TEST_F(ChangesTest, CompressedChangesLieNotOpen) {
  const auto overlay = overlay_over(file(make_raw("disk.raw")));
  run({"qemu-io", "-f", "qcow2", "-c", "write -c -P 7 4M 64k", overlay.path().string()});
  EXPECT_FALSE(core::map_changes(overlay.location(), never_));
}

TEST_F(ChangesTest, AQemuImgThatDoesNotTellWhoseTheBlocksAreIsNotGuessedAbout) {
  // As 6.0 and older: a block that the overlay does not have looks like one that was trimmed.
  const auto overlay = overlay_over(file(make_raw("disk.raw")));
  std::filesystem::create_directory(path("bin"));
  write_file(path("bin/qemu-img"),
             "#!/bin/sh\nPATH=${PATH#*:}\nqemu-img \"$@\" | sed 's/\"present\": [a-z]*, //'\n");
  std::filesystem::permissions(path("bin/qemu-img"), std::filesystem::perms::owner_all);
  const std::string before = std::getenv("PATH");
  ::setenv("PATH", (path("bin") + ":" + before).c_str(), 1);
  EXPECT_FALSE(core::map_changes(overlay.location(), never_));
  const auto copy = job(overlay, 0);
  copy_disks({copy}, 1, reporter_, never_);
  ::setenv("PATH", before.c_str(), 1);
  expect_copied(copy);
}

TEST_F(ChangesTest, WhatIsNotChanged) {
  const Changes changes{100, {{10, 10, true, 0}, {20, 5, false, 0}, {50, 10, true, 0}}};
  const auto parts = [&](std::uint64_t start, std::uint64_t length) {
    std::vector<std::pair<std::uint64_t, std::uint64_t>> found;
    core::for_unchanged(changes, start, length,
                        [&](auto at, auto bytes) { found.emplace_back(at, bytes); });
    return found;
  };
  using Parts = std::vector<std::pair<std::uint64_t, std::uint64_t>>;
  EXPECT_EQ(parts(0, 100), (Parts{{0, 10}, {25, 25}, {60, 40}}));
  EXPECT_EQ(parts(12, 3), Parts{});
  EXPECT_EQ(parts(10, 15), Parts{});
  EXPECT_EQ(parts(9, 17), (Parts{{9, 1}, {25, 1}}));
  EXPECT_EQ(parts(30, 5), (Parts{{30, 5}}));
  EXPECT_EQ(parts(45, 5), (Parts{{45, 5}}));
  EXPECT_EQ(parts(55, 10), (Parts{{60, 5}}));
  EXPECT_EQ(parts(90, 50), (Parts{{90, 10}})) << "nothing beyond the disk";
  EXPECT_EQ(parts(120, 5), Parts{});
}

TEST_F(ChangesTest, TheMeasuredSizeIsQemus) {
  for (const std::string format : {"raw", "streamOptimized", "monolithicSparse"}) {
    const auto source = source_of(random_raw("disk." + format, 12 * mebibyte, 3), format);
    const auto overlay = overlay_over(source, "overlay." + format);
    change_randomly(overlay, 4);
    EXPECT_EQ(core::measured_size(overlay.contents(never_), never_),
              measured_by_qemu(overlay.path().string()))
        << format;
  }
}

TEST_F(ChangesTest, AnEmptyDiskOf8TiBIsMeasuredAndCopied) {
  // qemu-img alone walks it for minutes.
  const auto source = file(
      make_image("8t.vmdk", "vmdk", std::uint64_t(8) << 40, {"-o", "subformat=streamOptimized"}),
      "vmdk");
  const auto overlay = overlay_over(source);
  run({"qemu-io", "-f", "qcow2", "-c", "write -P 3 5T 64k", overlay.path().string()});
  EXPECT_LT(core::measured_size(overlay.contents(never_), never_), std::uint64_t(4) << 30);
  const auto copy = job(overlay, 0, "qcow2");
  copy_disks({copy}, 1, reporter_, never_);
  run({"qemu-io", "-r", "-f", "qcow2", "-c", "read -P 3 5T 64k", "-c", "read -P 0 7T 64k",
       copy.target.path});
  EXPECT_LT(core::allocated_size(copy.target), 4 * mebibyte);
}

}  // namespace
}  // namespace v2v::test
