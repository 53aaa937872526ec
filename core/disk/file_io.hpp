// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Whole reads and writes at a place in a file, where the system may do a part. No state; the place
// is explicit, so several threads may use one descriptor.
#pragma once

#include <core/run/file_descriptor.hpp>
#include <v2v/values.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace v2v::core {

/// Opens a local location for reading. A descriptor is opened anew, and its creator keeps its own.
/// @throws Error(not_found), Error(access), Error(io), naming it
FileDescriptor open_for_reading(const Location &location);

/// Fills `bytes` from byte `at` of the file.
/// @param name  for messages
/// @throws Error(io) if reading fails, or the file ends before: it became shorter
void read_fully(int fd, std::span<std::byte> bytes, std::uint64_t at, const std::string &name);

/// The same, but zeroes follow the end of the file: qcow2 leaves a last cluster cut off.
void read_or_zero(int fd, std::span<std::byte> bytes, std::uint64_t at, const std::string &name);

/// Lets the system begin to read what will be needed soon.
void will_read(int fd, std::uint64_t at, std::uint64_t length);

/// @throws Error(no_space), Error(io)
void write_fully(int fd, std::span<const std::byte> bytes, std::uint64_t at,
                 const std::string &name);

/// The next bytes that are no hole, from `at` and not beyond `end`; empty: there are none. A file
/// system that knows no holes has one range, all of it.
struct FileRange {
  std::uint64_t begin = 0, end = 0;
  bool empty() const { return begin == end; }
};
FileRange next_data(int fd, std::uint64_t at, std::uint64_t end);

/// True if every byte is zero.
bool is_zero(std::span<const std::byte> bytes);

}  // namespace v2v::core
