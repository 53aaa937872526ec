// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// VPC, better known as VHD: a footer in the last sector, copied to the first if the disk is
// dynamic. Big-endian. Source: Microsoft, "Virtual Hard Disk Image Format Specification 1.0".
#include "formats.hpp"

#include <fmt/format.h>

namespace v2v::images {
namespace {

constexpr std::uint32_t vhd_fixed = 2, vhd_dynamic = 3, vhd_differencing = 4;

/// The one's complement of the sum of all bytes, with the field itself taken as zero.
bool checksum_fits(const Bytes &footer) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < sector; ++i)
    if (i < 64 || i >= 68) sum += static_cast<unsigned char>(footer.all()[i]);
  return ~sum == footer.be32(64);
}

/// The block allocation table of a dynamic disk, and the blocks it points to.
void check_blocks(const ImageReader &reader, const Bytes &footer, std::uint64_t virtual_size) {
  const auto at = footer.be64(16);
  if (!reader.holds(at, 1024))
    damaged(reader, "the image is cut off: its second header is missing");
  const auto head = reader.read(at, 1024);
  if (head.text(0, 8) != "cxsparse") damaged(reader, "its second header is damaged");
  const auto table_at = head.be64(16);
  const std::uint64_t entries = head.be32(28), block = head.be32(32);
  if (block < sector || (block & (block - 1)) != 0 || entries * block < virtual_size)
    damaged(reader,
            fmt::format("its header has impossible blocks ({} of {} bytes)", entries, block));
  const auto table = reader.read(table_at, entries * 4);
  for (std::size_t i = 0; i < entries; ++i) {
    const auto where = std::uint64_t(table.be32(i * 4)) * sector;
    if (table.be32(i * 4) != 0xffffffff) check_inside(reader, where, block);
  }
}

}  // namespace

bool has_vpc_footer(const ImageReader &reader) {
  if (reader.size() < 2 * sector) return false;
  const auto footer = reader.read(reader.size() - sector, sector);
  // A raw disk could end in a word that looks like a cookie; all of this it has only if it is one.
  return footer.text(0, 8) == "conectix" && footer.be32(60) == vhd_fixed && checksum_fits(footer) &&
         footer.be64(48) <= reader.size() - sector;
}

ImageHeader read_vpc(const ImageReader &reader) {
  if (reader.size() < sector) damaged(reader, "this is not a VPC (VHD) image");
  auto footer = reader.read(0, sector);
  if (footer.text(0, 8) != "conectix") footer = reader.read(reader.size() - sector, sector);
  if (footer.text(0, 8) != "conectix") damaged(reader, "this is not a VPC (VHD) image");
  if (!checksum_fits(footer)) damaged(reader, "the checksum of its footer does not fit");

  const auto type = footer.be32(60);
  if (type == vhd_differencing)
    throw Error(Code::unsupported, "this is a differencing image, which needs its parent",
                reader.name(), "join them in Hyper-V (Edit Disk, Merge), or with Merge-VHD");
  if (type != vhd_fixed && type != vhd_dynamic)
    damaged(reader, fmt::format("its footer has the unknown disk type {}", type));

  ImageHeader header;
  header.format = "vpc";
  header.subformat = type == vhd_fixed ? "fixed" : "dynamic";
  header.virtual_size = footer.be64(48);
  check_virtual_size(reader, header.virtual_size);
  if (type == vhd_dynamic)
    check_blocks(reader, footer, header.virtual_size);
  else if (!reader.holds(0, header.virtual_size))
    damaged(reader, fmt::format("the image is cut off: the disk has {} bytes, the file {}",
                                header.virtual_size, reader.size()));
  return header;
}

}  // namespace v2v::images
