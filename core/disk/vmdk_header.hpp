// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The header of a VMDK that holds its data itself (streamOptimized, monolithicSparse): where its
// tables are, and what they mean. Every number has been checked against the size of the image and
// sane limits. Source: VMware, "Virtual Disk Format 5.0".
#pragma once

#include <v2v/images/image_reader.hpp>

#include <cstdint>
#include <optional>

namespace v2v::core {

constexpr std::uint64_t vmdk_sector = 512;
/// Before each compressed grain: its first sector in the disk (64 bits), its bytes (32 bits).
constexpr std::uint64_t vmdk_marker = 12;

/// All in bytes. A grain is the unit that is stored, or not: 64 KiB by default.
struct VmdkHeader {
  std::uint64_t capacity = 0;       ///< what the guest sees; need not be a multiple of a grain
  std::uint64_t grain_size = 0;     ///< a power of two
  std::uint64_t table_entries = 0;  ///< grains to a grain table
  std::uint64_t tables = 0;         ///< grain tables, as many as the directory has entries
  std::uint64_t directory = 0;      ///< place of the grain directory: sectors of tables, 32 bits
  bool compressed = false;          ///< each grain is a marker and a zlib stream
  bool zero_grains = false;         ///< entry 1 means a grain of zeroes

  std::uint64_t table_size() const { return table_entries * 4; }
};

/// Reads the header, or the footer that replaces it.
/// @return nothing for a VMDK of another kind, which is qemu's to read: a text descriptor, one with
///         a parent, grains of more than 1 MiB, features that are not known here
/// @throws Error(corrupt) with place and reason, Error(unsupported), Error(io)
std::optional<VmdkHeader> read_vmdk_header(const images::ImageReader &reader);

/// The error for an image that is not what it says: what, at which byte.
[[noreturn]] void vmdk_damaged(const images::ImageReader &reader, std::uint64_t at,
                               const std::string &what);

}  // namespace v2v::core
