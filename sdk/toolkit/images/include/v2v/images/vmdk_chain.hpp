// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A VMDK as VMware stores it: a descriptor with one or many extents, and below it, if it is a
// snapshot, the disks that it is the difference to.
//
// HOW. read_vmdk_chain follows the names from the file that the guest uses now down to the base. It
// looks at every file: is it there, may it be named (Confinement), is it of the kind and size that
// the descriptor says, is the parent the one that the snapshot was made of (CID), does the chain end.
// vmdk_location then says how to read it. What is one flat file is read as raw; what is one sparse
// file is read as it is. For the rest qemu must follow names, and it reads descriptors in its own
// way. So it never sees the guest's: it gets descriptors written here, which name only files that
// were checked, by symbolic links with names of our own.
//
// Values without state; any thread.
#pragma once

#include <v2v/images/confinement.hpp>
#include <v2v/images/vmdk_descriptor.hpp>
#include <v2v/values.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace v2v::images {

/// A checked piece of a layer.
struct VmdkPiece {
  enum class Kind {
    zero,    ///< no file: reads as zeroes
    flat,    ///< the bytes of the disk
    sparse,  ///< with grain tables: KDMV or COWD
    se_sparse,
    stream_optimized,  ///< only ever alone
  };
  Kind kind = Kind::flat;
  std::string path;  ///< real path; empty for zero
  std::uint64_t sectors = 0;
  std::uint64_t offset = 0;     ///< flat: sectors from the start of the file
  std::uint64_t file_size = 0;  ///< bytes
};

/// A disk, or the difference that a snapshot is.
struct VmdkLayer {
  std::string path;  ///< real path of the descriptor, or of the sparse file that has one inside
  std::string create_type;
  std::vector<VmdkPiece> pieces;
};

/// From the current state to the base; never empty.
struct VmdkChain {
  std::vector<VmdkLayer> layers;
};

/// @param path  real path of a regular file that may be named
/// @throws Error that says which file is missing, damaged, in another state or not supported
VmdkChain read_vmdk_chain(const std::string &path, const Confinement &confinement);

/// How to read the current state. The location has `references` only if it is a descriptor written
/// here.
/// @param staging  a directory that is made if descriptors and links are needed, and that must stay
///                 as long as the disk is read
/// @throws Error(io), Error(no_space) if they cannot be written
Location vmdk_location(const VmdkChain &chain, const std::filesystem::path &staging);

}  // namespace v2v::images
