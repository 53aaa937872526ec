// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The appliance with the guest's disks, not yet launched: over overlays that take every change, or on the
// disks themselves.
#pragma once

#include <core/convert/context.hpp>
#include <core/convert/disk_underway.hpp>
#include <core/guest/appliance.hpp>
#include <v2v/values.hpp>

#include <memory>
#include <vector>

namespace v2v::core {

/// Makes the overlays, in the run directory.
std::unique_ptr<Appliance> appliance_over(const Source &source, std::vector<DiskUnderway> &disks,
                                          const ConversionContext &context);

/// For --in-place=direct.
std::unique_ptr<Appliance> appliance_on(const Source &source, const ConversionContext &context);

}  // namespace v2v::core
