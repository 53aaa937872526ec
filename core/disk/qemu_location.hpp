// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A Location as qemu's block layer wants it. Every level names its driver, so qemu probes nothing,
// and it is passed as JSON, so no name is ever parsed: a file may be called "nbd:x", "json:{}" or
// "a,b c". Where an image must not name other files its backing is set to null, whatever its header
// says by the time qemu reads it.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <v2v/values.hpp>

#include <string>

namespace v2v::core {

enum class Access { read_only, read_write };

/// The node for -blockdev or a json: file name. Looks at the file system only to tell a file from a
/// block device.
/// @throws Error(unsupported) for paths that are not UTF-8, since JSON cannot express them;
///         Error(usage) for URIs that are wrong; Error(not_found), Error(access) for files
nlohmann::json qemu_node(const Location &location, Access access);

/// The same as one argument for qemu-img: "json:{…}".
std::string qemu_filename(const Location &location, Access access = Access::read_only);

/// What a message calls it: the path, or the URI.
std::string display_name(const Location &location);

}  // namespace v2v::core
