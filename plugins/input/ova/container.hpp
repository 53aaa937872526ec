// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What the argument of -i ova is, by its magic number: the name says nothing. Sources:
// POSIX.1-2017 pax (ustar); PKWARE APPNOTE.TXT 4.3; RFC 1952 (gzip), RFC 8878 (zstd); The .xz File
// Format 2.1.1.1; bzip2 begins with "BZh". Keeps no state.
#pragma once

#include <string>
#include <string_view>

namespace v2v::input_ova {

enum class Container {
  directory,
  tar,             ///< read in place
  compressed_tar,  ///< gzip, xz, bzip2, zstd; whether a tar is inside shows when it is read
  zip,
  ovf,  ///< the OVF itself; its disks lie beside it
};

/// @param path  absolute
/// @throws Error(not_found, access, io); Error(unsupported) if it is none of these
Container container_of(const std::string &path);

/// The container by the first 512 bytes of a file.
/// @throws Error(unsupported)
Container container_by_magic(std::string_view start, const std::string &name);

}  // namespace v2v::input_ova
