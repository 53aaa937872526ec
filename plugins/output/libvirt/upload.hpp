// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Bytes to a volume through libvirt's connection, for pools on another machine. Holes are told and not
// sent. Volumes of one connection may be filled in several threads at once.
#pragma once

#include <v2v/libvirt_client/connection.hpp>

#include <cstdint>
#include <functional>
#include <string>

namespace v2v::output_libvirt {

/// Called with the bytes done so far, at least once a second; may throw to end the upload.
using Progress = std::function<void(std::uint64_t done, std::uint64_t total)>;

/// What an NBD server serves, raw.
/// @throws Error(io), Error(no_space); what `progress` throws
void upload_from_nbd(const libvirt_client::Connection &connection, virStorageVolPtr volume,
                     const std::string &uri, const Progress &progress);
/// The file as it is, whatever its format.
void upload_file(const libvirt_client::Connection &connection, virStorageVolPtr volume,
                 const std::string &path, const Progress &progress);

}  // namespace v2v::output_libvirt
