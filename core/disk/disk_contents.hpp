// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// How much of a disk holds data: found out once, by walking the tables of its images, for both the
// estimate that the output gets and the copy.
#pragma once

#include <core/run/cancellation.hpp>
#include <v2v/values.hpp>

#include <cstdint>
#include <memory>
#include <optional>

namespace v2v::core {

class LayeredDisk;

struct DiskContents {
  std::uint64_t size = 0;      ///< bytes the guest sees
  std::uint64_t data = 0;      ///< bytes that hold data: what a copy has to look at
  std::uint64_t clusters = 0;  ///< of 64 KiB that hold data: what a qcow2 target has to have
  std::shared_ptr<const LayeredDisk> layers;  ///< null: only qemu can read the disk
};

/// Good as long as nobody writes to the image.
/// @param base  what the image is an overlay over; not given: it is none
/// @throws qemu_img_error; Error(corrupt), Error(io) about the base; Error(cancelled)
DiskContents contents_of(const Location &image, const std::optional<Location> &base,
                         const Cancellation &cancellation);

/// Bytes a qcow2 target needs for them, metadata included.
std::uint64_t measured_size(const DiskContents &contents, const Cancellation &cancellation);

}  // namespace v2v::core
