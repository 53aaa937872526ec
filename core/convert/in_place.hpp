// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A guest that is converted on its own disks. As in every conversion the changes go to overlays; only
// when the guest is converted and verified are they written to the disks. From then on nothing can go
// back, so that step is one that can be finished: first the overlays and an entry in the registry are
// made durable, then everything is written, then the entry goes. A crash before the entry leaves the
// disks as they were; one after it leaves them to the next start, which writes everything again.
#pragma once

#include <core/convert/disk_underway.hpp>
#include <core/convert/plugin_host.hpp>
#include <core/disk/image_lock.hpp>
#include <core/run/commit_registry.hpp>
#include <v2v/values.hpp>

#include <vector>

namespace v2v::core {

enum class InPlace {
  no,
  overlay,  ///< by way of an overlay
  direct,   ///< each change at once: no room is needed, and there is no way back
};

/// The guest's own disks, which nobody else writes to as long as this lives.
class OwnDisks {
 public:
  /// @throws Error(unsupported) for a disk that cannot be changed in place; Error(access) for one in
  ///         use; as ImageLock
  OwnDisks(const Source &source, InPlace how);

  /// Before anything is written to the disks: a virtual machine that is based on one is found out.
  /// @throws Error(access); Error(no_space) if the file systems of the disks have no room
  void begin_writing(const std::vector<DiskUnderway> &disks) const;

 private:
  std::vector<ImageLock> locks_;
};

/// What is to be written where.
/// @throws Error(unsupported) if the run directory does not outlive a crash of the machine
Commit planned_commit(const Source &source, const std::filesystem::path &run_directory);

/// The whole commit, to the end of which the caller holds the disks' locks.
/// @throws Error: the disks are as they were if the registry has no entry of it, else half written
void commit_in_place(const Commit &commit, const CommitRegistry &registry, Reporter &reporter);

/// Finishes the commit that was cut short and that a disk of this source belongs to.
/// @return false if there is none
/// @throws Error as commit_in_place; Error(corrupt) if its run directory is gone, or a disk replaced
bool finish_commit(const Source &source, const CommitRegistry &registry, Reporter &reporter);

/// @throws Error(corrupt) if a disk of this source is half written
void refuse_half_written(const Source &source, const CommitRegistry &registry);

/// A disk that a conversion in place left half written can be finished, and nothing else.
/// @return true: that was done
/// @throws Error as finish_commit in place, else as refuse_half_written
bool is_finished(const Source &source, InPlace how, Reporter &reporter);

}  // namespace v2v::core
