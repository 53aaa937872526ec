// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Where disks and removable drives go on the new machine. Pure.
#pragma once

#include <v2v/values.hpp>

#include <string>
#include <vector>

namespace v2v::core {

struct BusAssignment {
  Buses buses;
  std::vector<std::string> warnings;  ///< drives that had to move to another slot
};

/// Disks in order on the guest's block bus, then removables with a known slot, then the others.
BusAssignment assign_buses(const Source &source, const GuestCaps &caps);

/// For -v: each bus with its slots.
std::string describe_buses(const Buses &buses);

}  // namespace v2v::core
