// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What a conversion knows of its guest, before and after, in the words of the chronicle.
#pragma once

#include <core/convert/conversion.hpp>
#include <core/convert/disk_underway.hpp>
#include <core/run/chronicle.hpp>
#include <v2v/values.hpp>

#include <vector>

namespace v2v::core {

/// What is empty is not known, or not yet.
struct Known {
  const ConversionSettings &settings;
  const Source &before;             ///< as the input gave it
  const Source &source;             ///< with the networks that the user wants
  const OutputDescription *target;  ///< null: there is none
  Firmware firmware = Firmware::unknown;
  const Inspection &inspection;
  const GuestCaps &caps;
  const Buses &buses;
  const std::vector<DiskUnderway> &disks;  ///< none, or one for each of the source
};

GuestFacts facts_of(const Known &known);

/// Makes the maps of those disks whose contents are known. One that cannot be made is no reason to stop.
/// @throws Error(cancelled)
void map_disks(std::vector<DiskUnderway> &disks, const Cancellation &cancellation,
               Reporter &reporter);

}  // namespace v2v::core
