// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A local raw file or block device as a target.
#pragma once

#include <core/copy/copy_target.hpp>
#include <core/run/file_descriptor.hpp>

#include <atomic>

namespace v2v::core {

class RawTarget : public CopyTarget {
 public:
  /// Makes it read as zeroes if it does not yet.
  /// @throws Error(io) if it is too small or cannot be written; Error(cancelled)
  RawTarget(const CopyTask &task, const Cancellation &cancellation);

  void write(std::uint64_t at, std::span<const std::byte> bytes) override;
  bool clone(std::uint64_t at, std::uint64_t length, int fd, std::uint64_t place) override;
  void finish() override {}

 private:
  void zero(std::uint64_t size, bool preallocated, const Cancellation &cancellation) const;

  std::string name_;
  FileDescriptor file_;
  std::atomic<bool> may_clone_;
};

}  // namespace v2v::core
