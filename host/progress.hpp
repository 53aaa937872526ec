// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// From reports "so many bytes of this disk are done" to a rate, the time left and a line of text.
// The rate is that of the last ten seconds, so that it follows the storage and still does not
// jump about. Time comes from the caller. Not thread-safe: the reporters that own one lock it.
#pragma once

#include <core/run/reporter.hpp>

#include <chrono>
#include <deque>
#include <map>
#include <optional>
#include <string>

namespace v2v::host {

using Seconds = std::chrono::duration<double>;  ///< since any fixed moment

/// How fast something grows.
class Rate {
 public:
  void add(Seconds now, std::uint64_t done);
  /// Bytes per second over the window; 0 as long as only one moment is known.
  double per_second() const;

 private:
  struct Sample {
    Seconds at;
    std::uint64_t done;
  };
  std::deque<Sample> samples_;  ///< of the window, and the newest one before it
};

/// What can be said of a disk, or of all disks of a phase.
struct ProgressState {
  std::string phase;
  unsigned disk = 0;  ///< from 1; 0: all disks
  unsigned disks = 0;
  std::uint64_t done = 0, total = 0;  ///< bytes; done never exceeds a known total
  double rate = 0;                    ///< bytes per second
  std::optional<std::uint64_t> seconds_left;
  bool finished = false;

  unsigned percent() const;
};

class ProgressTracker {
 public:
  struct Update {
    ProgressState disk;  ///< the disk that was reported
    ProgressState all;   ///< its whole phase
  };
  /// The phase as a whole is the sum of its disks, as far as they have been reported; a caller that
  /// knows all sizes reports every disk once at its beginning. Reports for disk 0 replace the sum.
  Update add(const core::Progress &report, Seconds now);

 private:
  struct Disk {
    std::uint64_t done = 0, total = 0;
    Rate rate;
  };
  struct Phase {
    std::map<unsigned, Disk> disks;
    Rate rate;
  };
  std::map<std::string, Phase> phases_;
};

/// "copy  42% [####----] 1.2 GiB of 2.8 GiB, 120 MiB/s, 0:13 left", at most `width` characters.
std::string progress_bar(const ProgressState &state, unsigned width);
/// The same without a bar, for a log.
std::string progress_line(const ProgressState &state);

}  // namespace v2v::host
