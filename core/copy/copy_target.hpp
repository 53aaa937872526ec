// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A target that v2v writes by itself, at any place and from several threads at once. It reads as
// zeroes from the moment it is open, so zeroes need no writing.
#pragma once

#include <core/copy/copy_method.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

namespace v2v::core {

class CopyTarget {
 public:
  virtual ~CopyTarget() = default;
  /// Any thread. @throws Error(no_space), Error(io)
  virtual void write(std::uint64_t at, std::span<const std::byte> bytes) = 0;
  /// Any thread. Shares bytes of another file instead of writing them (reflink).
  /// @return false: it cannot
  virtual bool clone(std::uint64_t at, std::uint64_t length, int fd, std::uint64_t place) = 0;
  /// After the last write: completes what the format needs. The engine flushes files.
  virtual void finish() = 0;
};

/// How a target of this job would be written, for -v; nothing: only qemu-img can.
std::optional<std::string> target_fits(const CopyJob &job);

/// Opens the target of a task that fits, and makes it read as zeroes.
/// @throws Error(io) that names the target, also if it is smaller than the disk; Error(cancelled)
std::unique_ptr<CopyTarget> open_target(const CopyTask &task, const Cancellation &cancellation);

}  // namespace v2v::core
