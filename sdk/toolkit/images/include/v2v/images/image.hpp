// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What the header of a disk image says, read on the host before qemu opens the image.
//
// WHY. An image can name other files: a backing file, an external data file, extents. Whoever made
// the image could so have /etc/shadow or another customer's disk copied into a guest. And a guest
// can write whatever it likes into its raw disk, also a qcow2 header that names a file; a program
// that guesses formats then follows it. So:
//
//   - The format is decided once, here, from fixed magic numbers or by the user, and is explicit in
//     everything that follows. qemu never probes.
//   - An image that names other files is refused, unless the user gives the format AND says that
//     references are wanted. A guest that writes a foreign header into its raw disk gains
//     nothing: at worst its own disk is read in a way that it chose, and references are refused.
//   - Every number in a header is checked against the size of the file and against sane limits
//     before it is used.
//
// The functions keep no state and may be called from any thread.
#pragma once

#include <v2v/error.hpp>
#include <v2v/images/image_reader.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace v2v::images {

/// The formats that are read, by qemu's names: raw, qcow2, vmdk, vdi, vpc, vhdx.
const std::vector<std::string> &image_formats();

/// The name in image_formats() for what a user writes ("VHD" is vpc, "img" is raw).
/// @throws Error(usage) that lists the formats
std::string canonical_format(const std::string &name);

/// Another file that the image needs.
struct ImageReference {
  std::string role;  ///< "backing file", "external data file", "extent"
  std::string name;  ///< as in the header: untrusted; printable() before showing it
};

struct ImageHeader {
  std::string format;
  /// Bytes, as the header says. Drivers may round it; ask qemu for the size that counts.
  std::uint64_t virtual_size = 0;
  std::string subformat;  ///< VMDK: its createType; VPC and VDI: dynamic or fixed; else empty
  std::vector<ImageReference> references;
  bool encrypted = false;
};

/// The format by magic numbers; raw if there is none. Reads a few sectors.
/// @throws Error(unsupported) for files that are no disk at all (archives, compressed files) or a
///         format that is not read, with the way to convert it
std::string detect_format(const ImageReader &reader);

/// Reads and checks the header of an image of this format, a name of image_formats().
/// @throws Error(corrupt) if it is not of this format, damaged or cut off; Error(unsupported) if
///         it cannot be read at all (differencing images whose parent is named by id)
ImageHeader read_header(const ImageReader &reader, const std::string &format);

/// True if a VMDK that holds its data itself ("KDMV") is a snapshot over another image. Reads only
/// its descriptor.
/// @throws as read_header
bool vmdk_has_parent(const ImageReader &reader);

/// The policy above: decides the format, reads the header, refuses what is not to be trusted.
/// @param format            what the user gave, or empty: by magic numbers
/// @param allow_references  the user wants images that name other files; needs `format` as well
/// @throws as read_header; Error(unsupported) for references and for encrypted images
ImageHeader examine_image(const ImageReader &reader, const std::string &format,
                          bool allow_references);

}  // namespace v2v::images
