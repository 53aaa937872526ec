// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The overlay: a qcow2 file in the run directory that takes every change made to a disk, so that
// the source is only ever read. A value; the file goes away with the run directory.
#pragma once

#include <core/disk/disk_contents.hpp>
#include <core/disk/image_size.hpp>

#include <filesystem>
#include <optional>
#include <string>

namespace v2v::core {

/// The name in the run directory of the overlay over a disk, counted from 0.
std::string overlay_name(unsigned disk);

class Overlay {
 public:
  /// Makes `path` over `source`, which the file refers to by explicit drivers all the way down.
  /// @param path  in the run directory; a link beside it is made if the source's path is too long
  /// @param size  what virtual_size has said of the source; not given: it is asked
  /// @throws as virtual_size; Error(no_space) if there is no room in the run directory
  static Overlay create(const Location &source, const std::filesystem::path &path,
                        const Cancellation &cancellation, std::optional<std::uint64_t> size = {});

  /// A qcow2 image, for libguestfs.
  const std::filesystem::path &path() const { return path_; }
  /// The same for reading: what the guest looks like now.
  Location location() const;
  /// What it lies over.
  const Location &source() const { return source_; }
  std::uint64_t virtual_size() const { return virtual_size_; }
  /// What a copy has to move: as contents_of location() over source().
  DiskContents contents(const Cancellation &cancellation) const;

 private:
  Overlay(std::filesystem::path path, Location source, std::uint64_t size)
      : path_(std::move(path)), source_(std::move(source)), virtual_size_(size) {}

  std::filesystem::path path_;
  Location source_;
  std::uint64_t virtual_size_;
};

}  // namespace v2v::core
