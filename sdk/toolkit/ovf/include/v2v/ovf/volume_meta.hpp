// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The small file beside each volume of a storage domain, and the UUIDs that name things there.
// Any thread. Source: VDSM's volume metadata, version 3 of its domains.
#pragma once

#include <cstdint>
#include <ctime>
#include <string>
#include <v2v/values.hpp>

namespace v2v::ovf {

/// The content of VOLUME.meta.
/// @throws Error(unsupported) if the disk is no multiple of 512 bytes, or neither raw nor qcow2
std::string volume_meta(const std::string &storage_domain, const std::string &image,
                        const TargetDisk &disk, bool preallocated, std::time_t time,
                        const std::string &generator);

/// A random UUID.
std::string new_uuid();

}  // namespace v2v::ovf
