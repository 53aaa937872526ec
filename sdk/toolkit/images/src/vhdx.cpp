// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// VHDX, Hyper-V's format. Little-endian; a region table at 192 KiB (a copy at 256 KiB) says where
// the metadata is, and that says how large the disk is. Source: Microsoft, MS-VHDX.
#include "formats.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace v2v::images {
namespace {

using namespace std::string_view_literals;

// GUIDs as they lie in the file: the first three fields little-endian.
constexpr auto guid_metadata = "\x06\xa2\x7c\x8b\x90\x47\x9a\x4b\xb8\xfe\x57\x5f\x05\x0f\x88\x6e"sv;
constexpr auto guid_block_map =
    "\x66\x77\xc2\x2d\x23\xf6\x00\x42\x9d\x64\x11\x5e\x9b\xfd\x4a\x08"sv;
constexpr auto guid_file_parameters =
    "\x37\x67\xa1\xca\x36\xfa\x43\x4d\xb3\xb6\x33\xf0\xaa\x44\xe7\x6b"sv;
constexpr auto guid_disk_size =
    "\x24\x42\xa5\x2f\x1b\xcd\x76\x48\xb2\x11\x5d\xbe\xd8\x3b\xf4\xb8"sv;

constexpr std::uint64_t table_size = 64 * 1024;
constexpr std::uint32_t flag_has_parent = 2;
constexpr std::uint64_t block_present = 6, block_partly_present = 7;

struct Region {
  std::uint64_t offset, length;
};

std::optional<Region> find_region(const Bytes &table, std::string_view guid) {
  const auto count = std::min<std::uint32_t>(table.le32(8), 2047);
  for (std::size_t at = 16; at < 16 + count * std::size_t(32); at += 32)
    if (table.text(at, 16) == guid) return Region{table.le64(at + 16), table.le32(at + 24)};
  return std::nullopt;
}

Bytes region_table(const ImageReader &reader) {
  for (const std::uint64_t at : {192 * 1024, 256 * 1024}) {
    if (!reader.holds(at, table_size)) break;
    auto table = reader.read(at, table_size);
    if (table.text(0, 4) == "regi") return table;
  }
  damaged(reader, "the image is cut off or damaged: it has no region table");
}

/// Where a metadata item is in the metadata region.
std::uint64_t find_item(const ImageReader &reader, const Bytes &metadata, std::string_view guid,
                        std::size_t bytes) {
  const auto count = std::min<std::uint32_t>(metadata.le16(10), 2047);
  for (std::size_t at = 32; at < 32 + count * std::size_t(32); at += 32) {
    if (metadata.text(at, 16) != guid) continue;
    const auto offset = metadata.le32(at + 16);
    if (offset < table_size || offset > metadata.size() || bytes > metadata.size() - offset) break;
    return offset;
  }
  damaged(reader, "its metadata is damaged");
}

/// The blocks that are there are inside the file.
void check_block_map(const ImageReader &reader, const Region &map) {
  if (!reader.holds(map.offset, map.length))
    damaged(reader, "the image is cut off: its block map is missing");
  for (std::uint64_t done = 0; done < map.length; done += table_size) {
    const auto entries =
        reader.read(map.offset + done, std::min<std::uint64_t>(table_size, map.length - done));
    for (std::size_t at = 0; at + 8 <= entries.size(); at += 8) {
      const auto state = entries.le64(at) & 7;
      const auto where = entries.le64(at) >> 20 << 20;
      if (state == block_present || state == block_partly_present) check_inside(reader, where, 1);
    }
  }
}

}  // namespace

ImageHeader read_vhdx(const ImageReader &reader) {
  if (reader.read_up_to(0, 8).all() != "vhdxfile") damaged(reader, "this is not a VHDX image");
  const auto table = region_table(reader);
  const auto metadata_region = find_region(table, guid_metadata);
  const auto block_map = find_region(table, guid_block_map);
  if (!metadata_region || !block_map) damaged(reader, "its region table is damaged");
  check_block_map(reader, *block_map);
  const auto metadata = reader.read(metadata_region->offset, metadata_region->length);
  if (metadata.size() < table_size || metadata.text(0, 8) != "metadata")
    damaged(reader, "its metadata is damaged");

  const auto flags = metadata.le32(find_item(reader, metadata, guid_file_parameters, 8) + 4);
  if (flags & flag_has_parent)
    throw Error(Code::unsupported, "this is a differencing image, which needs its parent",
                reader.name(), "join them in Hyper-V (Edit Disk, Merge), or with Merge-VHD");
  ImageHeader header;
  header.format = "vhdx";
  header.virtual_size = metadata.le64(find_item(reader, metadata, guid_disk_size, 8));
  check_virtual_size(reader, header.virtual_size);
  return header;
}

}  // namespace v2v::images
