// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What is done with the guest in the appliance before a converter changes it, and afterwards: everything
// is asked about it once, and in the end it is left as small and as whole as it can be.
#pragma once

#include <core/convert/context.hpp>
#include <core/guest/report.hpp>
#include <v2v/values.hpp>

#include <guestfs.h>

#include <vector>

namespace v2v::core {

struct Examination {
  Inspection inspection;
  std::vector<Filesystem> devices;  ///< those that hold other devices included
  std::vector<ReportedFilesystem>
      reported;           ///< what a report needs of the appliance, if there is one
  WindowsPlaces windows;  ///< likewise
};

/// Unlocks and checks the disks, finds the system and what it boots with. Its file systems are mounted
/// afterwards.
/// @throws Error(corrupt) for a damaged file system; Error(unsupported) if there is no system to convert
Examination examine(guestfs_h *g, const Source &source, const ConversionContext &context);

/// Trims the file systems, unless that is not wanted, checks them, and stops the RAIDs. Nothing may be
/// mounted.
/// @throws Error(corrupt) for a damaged file system
void tidy_up(guestfs_h *g, const Examination &guest, const ConversionContext &context);

}  // namespace v2v::core
