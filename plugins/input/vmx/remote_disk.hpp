// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Which file of another machine holds the bytes of a disk. Only what is one flat extent can be read
// over ssh: that is what every disk on ESXi without snapshots is. Pure functions.
#pragma once

#include <v2v/error.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace v2v::input_vmx {

/// A piece of a file that has the disk's bytes as they are.
struct RemoteExtent {
  std::string path;          ///< absolute
  std::uint64_t offset = 0;  ///< bytes
  std::uint64_t length = 0;  ///< bytes
};

/// The absolute path of what a file in `directory` names.
/// @param anywhere  the user said --allow-references: it need not be below the guest's directory
/// @throws Error(unsupported) if it is elsewhere or a path on Windows; Error(corrupt) for no name
std::string remote_path(const std::string &name, const std::string &directory,
                        const std::string &guest_directory, bool anywhere,
                        const std::string &namer);

/// @param path  of the descriptor on the other machine
/// @param text  its bytes, at least the first 1 MiB
/// @throws Error(unsupported) for snapshots, sparse and split disks, with the way to read them
RemoteExtent remote_extent(const std::string &path, std::string_view text,
                           const std::string &guest_directory, bool anywhere);

}  // namespace v2v::input_vmx
