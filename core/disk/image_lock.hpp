// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Keeps virtual machines away from a disk that is changed, as qemu does it itself: with locks on single
// bytes of the image (qemu, block/file-posix.c), which every qemu since 2.10 respects. They end with this
// object, or its process.
#pragma once

#include <core/run/file_descriptor.hpp>

#include <chrono>
#include <string>

namespace v2v::core {

class ImageLock {
 public:
  /// From now on nobody else begins to write to it; reading goes on. A block device can no longer be
  /// mounted either.
  /// @throws Error(access) if it may not be written to, somebody else does, or keeps it from being
  ///         written to; Error(not_found), Error(io)
  explicit ImageLock(const std::string &disk);

  /// From now on no virtual machine begins to read it either, nor an image that is based on it: it is
  /// about to be written to.
  /// @throws Error(access) if one does already
  void begin_writing() const;

 private:
  std::string disk_;
  FileDescriptor file_;
};

/// Waits until no qemu holds a lock on an image any more, or for so long. One that was killed a moment ago
/// holds its own until its last writes have ended.
void await_unlocked(const std::string &image, std::chrono::seconds most);

}  // namespace v2v::core
