// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What -v shows, for people: several lines each, without a final newline. Pure.
#pragma once

#include <core/guest/filesystems.hpp>
#include <v2v/error.hpp>
#include <v2v/values.hpp>

#include <optional>
#include <string>
#include <vector>

namespace v2v::core {

/// What messages call a disk: the source's own name for it, or where it is.
std::string disk_name(const Disk &disk);

/// The error, with that name as its object if it is about a disk that the input serves: nobody knows
/// the socket through which it does.
Error about_disk(const Error &error, const std::vector<Disk> &disks);

std::string describe_source(const Source &source);
std::string describe_inspection(const Inspection &inspection);
std::string describe_space(const std::vector<FilesystemUsage> &usage,
                           const std::vector<TargetDisk> &disks);
std::string describe_caps(const GuestCaps &caps);

/// What to say of --block-driver if the converter put the disks on another bus; else nothing.
std::optional<std::string> unmet_block_driver(BlockBus wanted, BlockBus got);

/// The guest's product name and its libosinfo id: "Debian GNU/Linux 12 (bookworm) (debian12)".
std::string guest_in_words(const Inspection &inspection);

}  // namespace v2v::core
