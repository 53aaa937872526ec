// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The text that describes a VMDK: what it is made of, and what it is a snapshot of. It stands in a
// file of its own or inside a sparse file. Everything in it is untrusted. Source: VMware, "Virtual
// Disk Format 5.0", and what ESXi and Workstation write. Pure functions; any thread.
#pragma once

#include <v2v/error.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace v2v::images {

/// A piece of the disk: `RW 4192256 FLAT "disk-f001.vmdk" 0`.
struct VmdkExtent {
  std::string access;         ///< RW, RDONLY, NOACCESS
  std::string type;           ///< FLAT, VMFS, SPARSE, VMFSSPARSE, SESPARSE, ZERO, VMFSRDM …
  std::string file;           ///< UTF-8, as written; empty for ZERO
  std::uint64_t sectors = 0;  ///< of 512 bytes
  std::uint64_t offset = 0;   ///< sectors from the start of the file
};

struct VmdkDescriptor {
  static constexpr std::uint32_t no_parent = 0xffffffff;

  std::string create_type;  ///< monolithicFlat, vmfs, seSparse …
  std::uint32_t cid = no_parent;
  std::uint32_t parent_cid = no_parent;
  std::string parent_hint;  ///< UTF-8, as written; empty: none
  std::vector<VmdkExtent> extents;
  bool encrypted = false;

  bool has_parent() const { return parent_cid != no_parent || !parent_hint.empty(); }
  /// Sum of the extents; at most 2^41.
  std::uint64_t sectors() const;
};

/// The most text a descriptor has; more is no descriptor.
constexpr std::uint64_t largest_vmdk_descriptor = (1 << 20) - 1;

/// @param text  bytes, in the encoding that they name
/// @param name  of the file, for messages
/// @throws Error(corrupt) for numbers that are none and for absurd sizes
VmdkDescriptor parse_vmdk_descriptor(std::string_view text, const std::string &name);

/// True if the text begins like a descriptor.
bool is_vmdk_descriptor(std::string_view text);

}  // namespace v2v::images
