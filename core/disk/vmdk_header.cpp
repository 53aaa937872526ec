// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What counts is what qemu's vmdk driver goes by, since the conversion saw the disk through it: the
// compression field and the marker flag, not the descriptor's createType.
#include <core/disk/vmdk_header.hpp>

#include <v2v/error.hpp>
#include <v2v/images/image.hpp>

#include <fmt/format.h>

#include <bit>

namespace v2v::core {
namespace {

using images::Bytes;
using images::ImageReader;

constexpr std::uint32_t flag_zero_grains = 1 << 2, flag_markers = 1 << 17;
constexpr std::uint64_t at_end = ~std::uint64_t(0);
constexpr std::uint32_t footer_marker = 3;
constexpr std::uint64_t largest_disk = std::uint64_t(1) << 50;
/// Larger grains are possible and never seen; the memory of the copy depends on this.
constexpr std::uint64_t largest_grain = std::uint64_t(1) << 20;
constexpr std::uint64_t most_entries = 512;

/// The three sectors at the end of a file that was written in one go: marker, footer, end marker.
Bytes read_footer(const ImageReader &reader) {
  constexpr std::uint64_t length = 3 * vmdk_sector;
  const auto at = reader.size() < length ? 0 : reader.size() - length;
  const auto end = reader.read_up_to(at, length);
  const bool whole = end.size() == length && end.le32(8) == 0 && end.le32(12) == footer_marker &&
                     end.text(vmdk_sector, 4) == "KDMV" && end.le64(2 * vmdk_sector) == 0 &&
                     end.le32(2 * vmdk_sector + 8) == 0 && end.le32(2 * vmdk_sector + 12) == 0;
  if (!whole) vmdk_damaged(reader, at, "the image is cut off: there should be a footer");
  return Bytes(std::string(end.text(vmdk_sector, vmdk_sector)));
}

void check_tables(const ImageReader &reader, std::uint64_t directory_sector, VmdkHeader &header) {
  const auto per_table = header.grain_size * header.table_entries;
  header.tables = (header.capacity + per_table - 1) / per_table;
  if (directory_sector == 0 || directory_sector > reader.size() / vmdk_sector)
    vmdk_damaged(reader, 0, fmt::format("its grain directory is at sector {}", directory_sector));
  header.directory = directory_sector * vmdk_sector;
  if (!reader.holds(header.directory, header.tables * 4))
    vmdk_damaged(reader, header.directory,
                 fmt::format("the grain directory of {} bytes does not end inside the image",
                             header.tables * 4));
}

}  // namespace

void vmdk_damaged(const ImageReader &reader, std::uint64_t at, const std::string &what) {
  throw Error(Code::corrupt,
              fmt::format("the VMDK is damaged: {} (byte {} of {})", what, at, reader.size()),
              reader.name(), "copy or export the disk again");
}

std::optional<VmdkHeader> read_vmdk_header(const ImageReader &reader) {
  const auto first = reader.read_up_to(0, vmdk_sector);
  if (first.size() < vmdk_sector || first.text(0, 4) != "KDMV" || first.le64(12) == 0)
    return std::nullopt;
  const auto head = first.le64(56) == at_end ? read_footer(reader) : first;
  const auto version = head.le32(4), flags = head.le32(8);
  const auto capacity = head.le64(12), grain = head.le64(20);
  const auto compression = head.le16(77);
  const bool markers = (flags & flag_markers) != 0;
  if (version < 1 || version > 3 || compression > 1 || markers != (compression == 1))
    return std::nullopt;
  if (grain > largest_grain / vmdk_sector) return std::nullopt;
  // The toolkit knows where a parent can be named.
  if (images::vmdk_has_parent(reader)) return std::nullopt;

  VmdkHeader header;
  header.compressed = compression == 1;
  header.zero_grains = (flags & flag_zero_grains) != 0;
  header.table_entries = head.le32(44);
  if (capacity == 0 || capacity > largest_disk / vmdk_sector)
    vmdk_damaged(reader, 12, fmt::format("its capacity is {} sectors", capacity));
  if (!std::has_single_bit(grain))
    vmdk_damaged(reader, 20, fmt::format("its grains are {} sectors", grain));
  if (header.table_entries == 0 || header.table_entries > most_entries)
    vmdk_damaged(reader, 44, fmt::format("its tables have {} entries", header.table_entries));
  header.capacity = capacity * vmdk_sector;
  header.grain_size = grain * vmdk_sector;
  if (head.le64(64) > reader.size() / vmdk_sector)
    vmdk_damaged(reader, 64, fmt::format("its data begins at sector {}", head.le64(64)));
  check_tables(reader, head.le64(56), header);
  return header;
}

}  // namespace v2v::core
