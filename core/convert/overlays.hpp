// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Overlays, which take every change to the disks, and the appliance over them, or on the disks themselves,
// not yet launched.
#pragma once

#include <core/convert/context.hpp>
#include <core/convert/disk_underway.hpp>
#include <core/guest/appliance.hpp>
#include <v2v/values.hpp>

#include <memory>
#include <vector>

namespace v2v::core {

/// In the run directory.
void make_overlays(const Source &source, std::vector<DiskUnderway> &disks,
                   const PluginEnvironment &environment);

/// What the overlays hold, once nobody writes to them any more.
void find_contents(std::vector<DiskUnderway> &disks, const Cancellation &cancellation);

/// Makes the overlays.
std::unique_ptr<Appliance> appliance_over(const Source &source, std::vector<DiskUnderway> &disks,
                                          const ConversionContext &context);

/// For --in-place=direct.
std::unique_ptr<Appliance> appliance_on(const Source &source, const ConversionContext &context);

}  // namespace v2v::core
