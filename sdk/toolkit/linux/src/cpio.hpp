// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The cpio format of an initramfs ("newc", Documentation/driver-api/early-userspace/buffer-format
// in the kernel). It is read by hand, because libarchive's reader copies each content where a view
// will do, and does not say where an archive ends; it is written with libarchive.
//
// Pure functions; thread-safe. Private to the toolkit.
#pragma once

#include <v2v/linux/initramfs_archive.hpp>

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace v2v::linux {

/// What is wrong with an archive, and where.
struct CpioFailure {
  std::size_t offset = 0;  ///< bytes from the beginning of the data
  std::string reason;
};

/// Whether the data begins with a header of a cpio archive.
bool begins_cpio(std::string_view data);

/// Reads one archive at the beginning of `data` up to its trailer, and puts what is in it into
/// `entries`, over what is there. Contents are views into `data`.
/// @return bytes of `data` that belong to the archive
/// @throws CpioFailure
std::size_t read_cpio(std::string_view data, std::map<std::string, InitramfsEntry> &entries);

/// An entry to be written.
struct CpioFile {
  std::string path;  ///< relative, ASCII
  InitramfsEntry::Type type = InitramfsEntry::Type::file;
  std::string content = {};
  std::uint32_t mode = 0644;
};

/// One archive with these entries, in this order, and a trailer.
std::string write_cpio(const std::vector<CpioFile> &files);

}  // namespace v2v::linux
