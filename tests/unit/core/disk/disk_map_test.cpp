// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/disk/disk_map.hpp>

#include <gmock/gmock.h>

namespace v2v::core {
namespace {

using testing::ElementsAre;
using Cell = DiskMap::Cell;

constexpr std::uint64_t MiB = 1 << 20;

bool same(const Cell &cell, unsigned kept, unsigned written, unsigned trimmed) {
  return cell == Cell{kept, written, trimmed};
}

TEST(DiskMap, TellsWhatIsKeptWrittenTrimmedAndAHole) {
  // Data from 0 to 4 MiB; of it 1 MiB is overwritten and 2 are trimmed; 1 MiB is new in a hole, and what is
  // trimmed in a hole was one before.
  const Changes changes{
      8 * MiB, {{1 * MiB, MiB, false, 0}, {2 * MiB, 3 * MiB, true, 0}, {6 * MiB, MiB, false, MiB}}};
  const auto map = map_disk({{0, 4 * MiB}}, changes, 8);
  EXPECT_EQ(map.size, 8 * MiB);
  EXPECT_EQ(map.kept, 1 * MiB);
  EXPECT_EQ(map.written, 2 * MiB);
  EXPECT_EQ(map.trimmed, 2 * MiB);
  EXPECT_THAT(map.cells, ElementsAre(Cell{100, 0, 0}, Cell{0, 100, 0}, Cell{0, 0, 100},
                                     Cell{0, 0, 100}, Cell{}, Cell{}, Cell{0, 100, 0}, Cell{}));
}

TEST(DiskMap, SharesACellAndShowsALittleToo) {
  const Changes changes{2 * MiB, {{MiB / 2, MiB / 4, false, 0}, {MiB, 4096, false, 0}}};
  const auto map = map_disk({{0, MiB / 2}}, changes, 2);
  ASSERT_EQ(map.cells.size(), 2u);
  EXPECT_TRUE(same(map.cells[0], 50, 25, 0));
  EXPECT_TRUE(same(map.cells[1], 0, 1, 0));
}

TEST(DiskMap, ASmallDiskHasFewCellsAndTheLastMayBeShort) {
  const auto map = map_disk({{0, 160 * 1024}}, Changes{160 * 1024, {}}, 1000);
  EXPECT_THAT(map.cells, ElementsAre(Cell{100, 0, 0}, Cell{100, 0, 0}, Cell{100, 0, 0}));
}

TEST(DiskMap, DataBehindTheEndOfTheDiskIsNone) {
  const auto map = map_disk({{0, 3 * MiB}, {5 * MiB, MiB}}, Changes{2 * MiB, {}}, 2);
  EXPECT_EQ(map.kept, 2 * MiB);
  EXPECT_TRUE(map_disk({}, Changes{0, {}}, 10).cells.empty());
}

}  // namespace
}  // namespace v2v::core
