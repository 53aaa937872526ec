// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Where Windows looks for drivers of new devices: DevicePath in SOFTWARE, a list with semicolons.
//
// Not thread-safe: as the hive.
#pragma once

#include <v2v/text/log.hpp>
#include <v2v/windows/hive.hpp>

namespace v2v::windows {

/// Adds %SystemRoot%\Drivers\VirtIO, where a converter puts the virtio drivers, once. A Windows that has no
/// such list stays without one: the firstboot scripts install the drivers anyway, and a SOFTWARE without
/// the key it belongs to is a warning.
void add_driver_directory(Hive &software, const text::Log &log);

}  // namespace v2v::windows
