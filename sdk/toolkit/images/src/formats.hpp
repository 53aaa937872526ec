// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Private to this toolkit: the reader of each format, and the errors they share.
#pragma once

#include <v2v/images/image.hpp>

#include <fmt/format.h>

#include <string_view>

namespace v2v::images {

constexpr std::uint64_t sector = 512;  ///< bytes
/// In the place of a VMDK's grain directory: it is in the footer, the file being streamOptimized.
constexpr std::uint64_t directory_at_end = ~std::uint64_t(0);

ImageHeader read_qcow2(const ImageReader &reader);
ImageHeader read_vmdk(const ImageReader &reader);
ImageHeader read_vdi(const ImageReader &reader);
ImageHeader read_vpc(const ImageReader &reader);
ImageHeader read_vhdx(const ImageReader &reader);

/// True for a valid footer of a fixed VHD in the last sector.
bool has_vpc_footer(const ImageReader &reader);

[[noreturn]] inline void damaged(const ImageReader &reader, const std::string &what) {
  throw Error(Code::corrupt, what, reader.name(), "copy or download the image again");
}

/// Where a table points must be inside the file. It finds images that are cut off, which drivers
/// read as if zeroes followed.
inline void check_inside(const ImageReader &reader, std::uint64_t at, std::uint64_t count) {
  if (!reader.holds(at, count))
    damaged(reader, fmt::format("the image is cut off: it refers to byte {}, but has only {}", at,
                                reader.size()));
}

/// More than any disk has (VMware and VHDX end at 64 TiB): such a header is damaged or hostile.
constexpr std::uint64_t largest_disk = std::uint64_t(1) << 50;

/// Where a sparse VMDK extent keeps its grains: a directory of tables, numbers of 32 bits that are
/// sectors in the file. Hosted (KDMV) and ESX (COWD) extents differ only in these.
struct GrainTables {
  std::uint64_t capacity;      ///< sectors of the disk
  std::uint64_t grain;         ///< sectors of a grain
  std::uint64_t entries;       ///< of one table
  std::uint64_t directory;     ///< sector of the directory
  std::uint64_t most_entries;  ///< that the format allows
};

/// Every grain table is inside the file, and every grain that it points to.
/// @param grains_too  false for a streamOptimized file: it ends with its footer, which was found, so
///                    its grains are there
/// @throws Error(corrupt)
void check_grain_tables(const ImageReader &reader, const GrainTables &tables, bool grains_too);

/// @throws Error(corrupt) for no size at all or an absurd one
void check_virtual_size(const ImageReader &reader, std::uint64_t bytes);

}  // namespace v2v::images
