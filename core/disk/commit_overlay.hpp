// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Writes what an overlay changed into the disk below it, and nowhere deeper: a disk that is itself an
// overlay keeps its base. May be done again after it was cut short, as often as need be: the overlay is
// only read.
#pragma once

#include <v2v/values.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>

namespace v2v::core {

/// The caller keeps others away from the disk (ImageLock). On disk when this returns.
/// @param progress  told the part that is done, from 0 to 1
/// @throws qemu_img_error; Error(no_space), Error(io): the disk is then neither old nor new
void commit_overlay(const std::filesystem::path &overlay, const Location &disk,
                    const std::function<void(double)> &progress);

/// Bytes that writing the overlay's data may take on the disk's file system at most.
std::uint64_t room_for_commit(const Location &disk, std::uint64_t data, std::uint64_t size);

}  // namespace v2v::core
