// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "vmdk_extent.hpp"

#include "formats.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

namespace v2v::images {
namespace {

constexpr std::uint64_t se_sparse_magic = 0xcafebabe;
constexpr std::uint64_t se_sparse_volatile_magic = 0xcafecafe;
constexpr const char *consolidate =
    "consolidate the guest's snapshots in VMware and copy or export it again";

SparseExtent check_hosted(const ImageReader &reader) {
  const auto head = reader.read(0, sector);
  if (head.le64(12) == 0) damaged(reader, "its header says that the extent has no bytes");
  read_vmdk(reader);
  return {head.le64(12), head.le64(20)};
}

SparseExtent check_esx(const ImageReader &reader) {
  constexpr std::uint64_t entries = 4096;
  const auto head = reader.read(0, sector);
  const std::uint64_t capacity = head.le32(12), grain = head.le32(16), tables = head.le32(24);
  if (head.le32(4) != 1)
    throw Error(Code::unsupported,
                fmt::format("version {} of an ESX snapshot is not supported", head.le32(4)),
                reader.name(), consolidate);
  check_virtual_size(reader, capacity * sector);
  check_grain_tables(reader, {capacity, grain, entries, head.le32(20), entries}, true);
  if (tables < (capacity + grain * entries - 1) / (grain * entries))
    damaged(reader, fmt::format("its grain directory of {} tables is too small", tables));
  return {capacity, grain};
}

SparseExtent check_se_sparse(const ImageReader &reader) {
  const auto head = reader.read(0, sector);
  const auto capacity = head.le64(16), grain = head.le64(24), table = head.le64(32);
  const auto state_at = head.le64(80), directory = head.le64(128), directory_size = head.le64(136);
  if (head.le64(8) != 0x200000001 || grain != 8 || table != 64 || head.le64(40) != 0)
    throw Error(
        Code::unsupported,
        fmt::format("this kind of seSparse snapshot is not supported (version {:#x}, grains "
                    "of {} sectors, tables of {}, flags {:#x})",
                    head.le64(8), grain, table, head.le64(40)),
        reader.name(), consolidate);
  check_virtual_size(reader, std::min(capacity, largest_disk / sector + 1) * sector);
  const auto inside = [&](std::uint64_t at, std::uint64_t count) {
    const auto most = reader.size() / sector;
    if (at > most || count > most - at)
      damaged(reader, fmt::format("the image is cut off: it refers to sector {}, but has only {}",
                                  at, most));
  };
  inside(state_at, 1);
  inside(directory, directory_size);
  inside(head.le64(144), head.le64(152));  // grain tables
  inside(head.le64(192), 0);               // grains
  const auto state = reader.read(state_at * sector, sector);
  if (state.le64(0) != se_sparse_volatile_magic) damaged(reader, "its second header is missing");
  if (state.le64(24) != 0)
    throw Error(Code::unsupported, "the seSparse snapshot was being written when it was copied",
                reader.name(), "shut the guest down and copy its files again");
  const auto entries = table * sector / 8;
  if (directory_size * sector / 8 < (capacity + grain * entries - 1) / (grain * entries))
    damaged(reader, fmt::format("its grain directory of {} sectors is too small", directory_size));
  return {capacity, grain};
}

}  // namespace

void check_grain_tables(const ImageReader &reader, const GrainTables &tables, bool grains_too) {
  const auto grain = tables.grain, entries = tables.entries;
  const bool grain_is_power = grain != 0 && (grain & (grain - 1)) == 0;
  if (!grain_is_power || grain > (1 << 20) || entries == 0 || entries > tables.most_entries)
    damaged(reader, fmt::format("its header has impossible grains ({} sectors, {} to a table)",
                                grain, entries));
  const auto count = (tables.capacity + grain * entries - 1) / (grain * entries);
  if (tables.directory > reader.size() / sector)
    damaged(reader,
            fmt::format("the image is cut off: its directory is at sector {}", tables.directory));
  const auto directory = reader.read(tables.directory * sector, count * 4);
  // A hostile directory may name one table a million times.
  std::unordered_set<std::uint64_t> seen;
  for (std::size_t i = 0; i < count; ++i) {
    const auto at = std::uint64_t(directory.le32(i * 4)) * sector;
    check_inside(reader, at, entries * 4);
    if (at == 0 || !grains_too || !seen.insert(at).second) continue;
    const auto grains = reader.read(at, entries * 4);
    for (std::size_t j = 0; j < entries; ++j)
      check_inside(reader, std::uint64_t(grains.le32(j * 4)) * sector, 1);
  }
}

SparseKind sparse_kind(const ImageReader &reader) {
  const auto head = reader.read_up_to(0, sector);
  if (head.size() < sector) return SparseKind::none;
  if (head.text(0, 4) == "KDMV")
    return head.le64(56) == directory_at_end || head.text(77, 2) == std::string_view("\1\0", 2)
               ? SparseKind::stream_optimized
               : SparseKind::hosted;
  if (head.text(0, 4) == "COWD") return SparseKind::esx;
  return head.le64(0) == se_sparse_magic ? SparseKind::se_sparse : SparseKind::none;
}

SparseExtent check_sparse_extent(const ImageReader &reader, SparseKind kind) {
  switch (kind) {
    case SparseKind::hosted:
    case SparseKind::stream_optimized:
      return check_hosted(reader);
    case SparseKind::esx:
      return check_esx(reader);
    case SparseKind::se_sparse:
      return check_se_sparse(reader);
    case SparseKind::none:
      break;
  }
  damaged(reader, "this is no sparse part of a VMDK");
}

}  // namespace v2v::images
