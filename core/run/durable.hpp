// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Files that outlive a crash of the machine: when a function returns, what it did is on the disk.
#pragma once

#include <filesystem>
#include <string>

namespace v2v::core {

/// A file, a directory or a block device, and what was written to it.
/// @throws Error(io), Error(no_space)
void sync_path(const std::filesystem::path &path);

/// The directory and those above it that are missing, for this user to write to and all to read.
/// @throws Error(access), Error(io)
void make_directories(const std::filesystem::path &directory);

/// A file that is not there yet, whole or not at all.
/// @throws Error(exists), Error(access), Error(io), Error(no_space)
void write_new_file(const std::filesystem::path &file, const std::string &content);

/// Whether what lies there is lost when the machine stops.
bool is_in_memory(const std::filesystem::path &path);

}  // namespace v2v::core
