// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The copy engine: moves disks to their targets, each in the way that fits it best
// (copy_method.hpp). Holes and zeroes of the source are never read. Which disk is copied when is the
// scheduler's (chains.hpp).
#pragma once

#include <core/disk/disk_contents.hpp>
#include <core/run/cancellation.hpp>
#include <core/run/reporter.hpp>
#include <v2v/values.hpp>

#include <memory>
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
  std::string target_name;  ///< what messages call the target; empty: its location says it
  /// How to go on elsewhere if there is no room for the target: the end of a sentence.
  std::string elsewhere = "choose another place with -os";
  unsigned connections = 0;         ///< most threads that write to the target; 0: no limit
  std::uint64_t largest_write = 0;  ///< bytes of one write; 0: no limit
  Location target;                  ///< exists, and is at least as large as the source
  bool target_is_zero = false;      ///< it reads as zeroes now, so zeroes need not be written
  bool compressed = false;          ///< qcow2: write compressed clusters
  bool preallocated = false;        ///< every block of it must be there afterwards: no holes
};

struct CopyTask;
class CopyWorkers;

class CopyEngine {
 public:
  /// Reports every disk of `jobs` once, so that is known from the beginning how much there is in all.
  /// @param disks  of the whole conversion, for progress
  /// @throws Error(no_space) if the data of all disks cannot fit; what contents_of throws
  CopyEngine(std::vector<CopyJob> jobs, unsigned disks, Reporter &reporter,
             const Cancellation &cancellation);
  ~CopyEngine();

  /// Copies one of them; returns when every byte is on stable storage. Reports progress in bytes of
  /// data. A target that was begun is left as it is, its owner removes it. Any thread, different
  /// disks at the same time.
  /// @throws Error, no_space with what to do; Error(cancelled)
  void copy(unsigned disk, const Cancellation &stop);

 private:
  void report(const CopyTask &task, std::uint64_t done);

  const std::vector<CopyJob> jobs_;
  const unsigned disks_;
  Reporter &reporter_;
  const std::unique_ptr<CopyWorkers> workers_;
  std::vector<CopyTask> tasks_;  ///< one for each job
};

}  // namespace v2v::core
