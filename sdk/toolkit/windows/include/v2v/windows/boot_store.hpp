// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Boot Configuration Data: the hive in which the boot manager of Windows Vista and later keeps its
// entries. The numbers of objects and elements are those of Microsoft's BCD WMI reference.
//
// Not thread-safe: as the hive.
#pragma once

#include <v2v/windows/hive.hpp>

namespace v2v::windows {

/// Removes "graphicsmodedisabled" from the default entry: with it Windows stays black on UEFI. True if
/// it was there; then the hive is to be committed. A store without a default entry is left as it is.
bool allow_graphics(Hive &bcd);

}  // namespace v2v::windows
