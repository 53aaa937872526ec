// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Private to this toolkit: one file of a VMDK, checked before qemu opens it. Sources: VMware,
// "Virtual Disk Format 5.0" (KDMV and COWD); for seSparse, which VMware does not publish, what
// qemu's driver accepts.
#pragma once

#include <v2v/images/image_reader.hpp>

#include <cstdint>

namespace v2v::images {

enum class SparseKind {
  none,              ///< not a sparse extent: flat, or a descriptor
  hosted,            ///< KDMV: Workstation, Fusion
  stream_optimized,  ///< KDMV, compressed, made for transport
  esx,               ///< COWD: vmfsSparse
  se_sparse,         ///< space-efficient sparse: seSparse
};

/// By its magic number.
SparseKind sparse_kind(const ImageReader &reader);

struct SparseExtent {
  std::uint64_t sectors = 0;  ///< of the disk, as its header says
  std::uint64_t grain = 0;    ///< sectors
};

/// Reads and checks the header and the tables of a sparse extent of this kind.
/// @throws Error(corrupt), Error(unsupported)
SparseExtent check_sparse_extent(const ImageReader &reader, SparseKind kind);

}  // namespace v2v::images
