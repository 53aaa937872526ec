// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The walk through directory and tables. Tables that lie side by side are read together; those that
// are holes in the file are not read at all, which is what an empty disk made by qemu-img consists
// of. An image cannot hold more tables or grains than its size allows: so the work is bounded by
// the size of the file, whatever a header says.
#include <core/disk/vmdk_stream.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace v2v::core {
namespace {

constexpr std::size_t window_grains = 1 << 16;  ///< enough of them; the last read may bring as many
constexpr std::uint64_t directory_piece = 64 * 1024;  ///< bytes
/// At once; of usual tables as many as fill a window. 64 disks may be read at the same time.
constexpr std::uint64_t most_entries_at_once = window_grains;
constexpr std::uint64_t tables_between_checks = 1 << 16;  ///< of a user's wish to stop

std::uint32_t entry(std::span<const std::byte> table, std::uint64_t index) {
  std::uint32_t value = 0;
  for (auto i = 4; i-- > 0;)
    value =
        value << 8 | std::to_integer<std::uint32_t>(table[index * 4 + static_cast<unsigned>(i)]);
  return value;
}

}  // namespace

GrainCursor::GrainCursor(const VmdkStream &stream) : stream_(stream), header_(stream.header()) {}

std::uint64_t GrainCursor::directory_entry(std::uint64_t index) {
  if (directory_.empty() || index - directory_first_ >= directory_.size() / 4) {
    const auto bytes = std::min(directory_piece, (header_.tables - index) * 4);
    directory_.resize(bytes);
    stream_.read(directory_, header_.directory + index * 4);
    directory_first_ = index;
  }
  return entry(directory_, index - directory_first_);
}

const std::vector<Grain> &GrainCursor::next(const Cancellation &cancellation) {
  const auto most_tables = most_entries_at_once / header_.table_entries;
  window_.clear();
  while (next_table_ < header_.tables && window_.size() < window_grains) {
    if (next_table_ % tables_between_checks == 0) cancellation.check();
    const auto at = directory_entry(next_table_) * vmdk_sector;
    if (at == 0) {
      ++next_table_;
      continue;
    }
    cancellation.check();
    std::uint64_t count = 1;
    while (count < most_tables && next_table_ + count < header_.tables &&
           directory_entry(next_table_ + count) * vmdk_sector == at + count * header_.table_size())
      ++count;
    read_tables(count, at);
    next_table_ += count;
  }
  std::sort(window_.begin(), window_.end(),
            [](const Grain &a, const Grain &b) { return a.place < b.place; });
  return window_;
}

void GrainCursor::read_tables(std::uint64_t count, std::uint64_t at) {
  const auto &reader = stream_.reader();
  const auto bytes = count * header_.table_size();
  if (!reader.holds(at, bytes))
    vmdk_damaged(reader, header_.directory + next_table_ * 4,
                 fmt::format("a grain table at byte {} is not inside the image", at));
  tables_seen_ += count;
  if (tables_seen_ > reader.size() / header_.table_size())
    vmdk_damaged(reader, header_.directory, "the directory names a grain table more than once");
  if (stream_.is_hole(at, bytes)) return;
  tables_.resize(bytes);
  stream_.read(tables_, at);
  for (std::uint64_t i = 0; i < count; ++i)
    take_table(next_table_ + i,
               std::span(tables_).subspan(i * header_.table_size(), header_.table_size()));
}

void GrainCursor::take_table(std::uint64_t table, std::span<const std::byte> entries) {
  const auto first = table * header_.table_entries;
  const auto grains = (header_.capacity + header_.grain_size - 1) / header_.grain_size;
  const auto count = std::min(header_.table_entries, grains - first);
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto sector = entry(entries, i);
    if (stream_.holds_data(sector)) add(first + i, sector);
  }
}

void GrainCursor::add(std::uint64_t index, std::uint64_t sector) {
  const auto &reader = stream_.reader();
  const auto grain = stream_.checked_grain(index, sector);
  // Only the last grain may be shorter than the others.
  const auto each = header_.compressed ? vmdk_sector : header_.grain_size;
  if (++grains_seen_ > reader.size() / each + 1)
    vmdk_damaged(reader, grain.place, "more grains are named than the image can hold");
  window_.push_back(grain);
}

}  // namespace v2v::core
