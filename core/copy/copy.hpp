// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The copy engine: moves disks to their targets, several at once, each in the way that fits it best
// (copy_method.hpp). Holes and zeroes of the source are never read.
#pragma once

#include <core/disk/disk_contents.hpp>
#include <core/run/cancellation.hpp>
#include <core/run/reporter.hpp>
#include <v2v/values.hpp>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace v2v::core {

/// One disk to copy. The source may be any location that can be read: an overlay, or later a
/// source itself while its overlay is still being worked on.
struct CopyJob {
  unsigned disk = 0;  ///< from 0, for progress and messages
  Location source;
  std::optional<Location> base;  ///< what the source is an overlay over; not given: it is none
  std::optional<DiskContents> contents;  ///< contents_of the source; not given: it is asked
  std::string target_name;          ///< what messages call the target; empty: its location says it
  unsigned connections = 0;         ///< most threads that write to the target; 0: no limit
  std::uint64_t largest_write = 0;  ///< bytes of one write; 0: no limit
  std::function<void()> written;    ///< told when the disk is on stable storage; may be empty
  Location target;                  ///< exists, and is at least as large as the source
  bool target_is_zero = false;      ///< it reads as zeroes now, so zeroes need not be written
  bool compressed = false;          ///< qcow2: write compressed clusters
  bool preallocated = false;        ///< every block of it must be there afterwards: no holes
};

/// Copies them all; returns when every byte is on stable storage. Reports progress in bytes of
/// data, every disk once at the beginning. At the first failure the other copies are stopped;
/// targets are left as they are, their owner removes them.
/// @param parallel  most disks at once, at least 1
/// @throws Error(no_space) before the first byte if the data cannot fit; the error of the first
///         copy that failed; Error(cancelled)
void copy_disks(const std::vector<CopyJob> &jobs, unsigned parallel, Reporter &reporter,
                const Cancellation &cancellation);

}  // namespace v2v::core
