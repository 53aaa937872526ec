// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Brings the converted disks to the targets that the output has prepared, each in the way the
// output chose for it, and each on its own: no disk waits for a step of another one.
#pragma once

#include <core/convert/disk_underway.hpp>
#include <core/convert/plugin_instances.hpp>

#include <vector>

namespace v2v::core {

struct CopyPlan {
  const Metadata &metadata;
  const std::vector<DiskUnderway> &disks;  ///< with everything known of them
  unsigned parallel = 1;                   ///< disks at once
};

/// @throws whatever fails first. Copies by the engine are then stopped, and the plugin is told to end
///         what it is doing to other disks; Error(no_space) before the first byte if the disks do not
///         fit where they go, or an image that the output takes not into the run directory.
void copy_to_targets(const CopyPlan &plan, OutputInstance &output, PluginEnvironment &environment);

}  // namespace v2v::core
