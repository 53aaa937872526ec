// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Brings the converted disks to the targets that the output has prepared, each in the way the
// output chose for it.
#pragma once

#include <core/convert/plugin_instances.hpp>
#include <core/disk/overlay.hpp>

#include <vector>

namespace v2v::core {

struct CopyPlan {
  const Metadata &metadata;  ///< its disks are the ones to copy
  const std::vector<Overlay> &overlays;
  const std::vector<DiskContents> &contents;  ///< of the overlays
  const std::vector<Target> &targets;
  unsigned parallel = 1;  ///< disks at once
};

/// @throws whatever fails first. Copies by the engine are then stopped; what the plugin is doing to
///         other disks comes to its end.
void copy_to_targets(const CopyPlan &plan, OutputInstance &output, PluginEnvironment &environment);

}  // namespace v2v::core
