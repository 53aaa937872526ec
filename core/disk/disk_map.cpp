// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/disk/disk_map.hpp>

#include <core/disk/layered_disk.hpp>

#include <algorithm>

namespace v2v::core {
namespace {

constexpr std::size_t cells_shown = 1024;
constexpr std::uint64_t smallest_cell = 64 * 1024;

/// Bytes of one kind in each cell.
class Counter {
 public:
  Counter(std::uint64_t cell, std::size_t cells) : cell_(cell), bytes_(cells) {}

  void add(std::uint64_t start, std::uint64_t length) {
    total_ += length;
    for (const auto end = start + length; start < end;) {
      const auto index = start / cell_;
      const auto part = std::min(end, (index + 1) * cell_) - start;
      if (index < bytes_.size()) bytes_[index] += part;
      start += part;
    }
  }
  std::uint64_t total() const { return total_; }
  std::uint64_t at(std::size_t index) const { return bytes_[index]; }

 private:
  std::uint64_t cell_;
  std::vector<std::uint64_t> bytes_;
  std::uint64_t total_ = 0;
};

/// Also a little of something is to be seen.
unsigned percent(std::uint64_t part, std::uint64_t whole) {
  return part == 0 ? 0 : std::max(1u, static_cast<unsigned>(part * 100 / whole));
}

std::vector<Extent> source_data(const Overlay &overlay, const DiskContents &contents,
                                const Cancellation &cancellation) {
  if (!contents.layers) {
    auto extents = map_extents(overlay.source(), cancellation);
    std::erase_if(extents, [](const Extent &extent) { return extent.zero; });
    return extents;
  }
  std::vector<Extent> data;
  const auto walk = contents.layers->base().walk();
  const Changes nothing{contents.size, {}};
  for (auto batch = walk->next(nothing, cancellation); !batch.empty();
       batch = walk->next(nothing, cancellation))
    for (const auto &piece : batch) {
      if (!data.empty() && data.back().start + data.back().length == piece.start)
        data.back().length += piece.length;
      else
        data.push_back({piece.start, piece.length});
    }
  return data;
}

}  // namespace

DiskMap map_disk(const std::vector<Extent> &base, const Changes &changes, std::size_t cells) {
  DiskMap map;
  map.size = changes.size;
  if (map.size == 0) return map;
  const auto cell = std::max(smallest_cell, (map.size + cells - 1) / cells);
  const auto count = static_cast<std::size_t>((map.size + cell - 1) / cell);
  Changes zeroes{changes.size, {}};
  Counter kept(cell, count), written(cell, count), had(cell, count), not_zeroed(cell, count);
  for (const auto &change : changes.changes) {
    if (change.zero)
      zeroes.changes.push_back(change);
    else
      written.add(change.start, change.length);
  }
  const auto add_to = [](Counter &counter) {
    return [&counter](std::uint64_t start, std::uint64_t length) { counter.add(start, length); };
  };
  for (const auto &data : base) {
    if (data.start >= map.size) break;
    const auto length = std::min(data.length, map.size - data.start);
    had.add(data.start, length);
    for_unchanged(changes, data.start, length, add_to(kept));
    for_unchanged(zeroes, data.start, length, add_to(not_zeroed));
  }
  map.kept = kept.total();
  map.written = written.total();
  map.trimmed = had.total() - not_zeroed.total();
  for (std::size_t i = 0; i < count; ++i) {
    const auto whole = std::min(cell, map.size - i * cell);
    map.cells.push_back({percent(kept.at(i), whole), percent(written.at(i), whole),
                         percent(had.at(i) - not_zeroed.at(i), whole)});
  }
  return map;
}

DiskMap map_disk(const Overlay &overlay, const DiskContents &contents,
                 const Cancellation &cancellation) {
  auto changes = contents.layers ? std::optional(contents.layers->changes())
                                 : map_changes(overlay.location(), cancellation);
  // Where nobody can tell what the overlay changed, it counts as the source's.
  if (!changes) changes = Changes{contents.size, {}};
  return map_disk(source_data(overlay, contents, cancellation), *changes, cells_shown);
}

}  // namespace v2v::core
