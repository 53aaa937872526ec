// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Where the files of an uncompressed tar are. libarchive reads tars well but does not tell at which
// byte a file's data begin once long names or pax headers stand before it, and that byte is what
// reading a disk in place needs. So the headers are walked here, strictly: checksums must be
// right, every file must be inside the archive, and what an OVA has no use for (sparse files,
// several volumes) is refused. Formats: v7, ustar, GNU (long names, base-256 numbers), pax (path,
// size). Source: POSIX.1-2017 "pax", and the GNU tar manual, "Basic Tar Format".
#pragma once

#include "members.hpp"

#include <v2v/images/image_reader.hpp>

namespace v2v::input_ova {

/// True if these first 512 bytes of a file are a tar header: its checksum is right, which also
/// finds the tars from before POSIX that have no magic number.
bool is_tar_header(std::string_view block);

/// Adds every file of the archive that is neither a directory nor a label.
/// @param reader  the whole archive
/// @param file    its absolute path, for Member::file
/// @throws Error(corrupt) for a damaged or cut-off archive, or a name MemberList refuses;
///         Error(unsupported) for what no OVA has
void walk_tar(const images::ImageReader &reader, const std::string &file, MemberList &members);

}  // namespace v2v::input_ova
