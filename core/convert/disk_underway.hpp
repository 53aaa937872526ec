// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// One disk on its way through a conversion: each step adds what it finds out.
#pragma once

#include <core/disk/overlay.hpp>
#include <v2v/values.hpp>

#include <cstdint>
#include <optional>

namespace v2v::core {

struct DiskUnderway {
  std::uint64_t source_size = 0;   ///< what the guest sees of the source, bytes
  std::optional<Overlay> overlay;  ///< from the launch of the appliance on
  DiskContents contents;           ///< of the overlay, once the appliance has ended
  TargetDisk wanted;               ///< what the output is asked for
  Target target;                   ///< as the output prepared it
};

}  // namespace v2v::core
