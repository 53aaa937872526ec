// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A local disk that a user or the description of a guest names: checked that it is a readable file or
// block device, its format decided, its header examined. Opened read-only and closed again; nothing
// about it changes.
#pragma once

#include <v2v/host.hpp>
#include <v2v/values.hpp>

#include <sys/types.h>

#include <string>

namespace v2v::images {

struct LocalDisk {
  Location location;
  dev_t device = 0;  ///< of the file, or the block device itself
  ino_t inode = 0;   ///< 0 for a block device

  bool same_as(const LocalDisk &other) const {
    return device == other.device && inode == other.inode;
  }
};

/// @param argument  as written; relative to the working directory
/// @param format    what the user or the description says, or empty: by its magic number
/// @throws Error: not there, no disk, not readable, empty, or what images::examine_image throws
LocalDisk open_local_disk(const Host &host, const std::string &argument, const std::string &format,
                          bool allow_references);

}  // namespace v2v::images
