// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#pragma once

namespace v2v::core {

/// Removes the socket directories (libguestfsXXXXXX) that a killed libguestfs leaves in /tmp or
/// XDG_RUNTIME_DIR: libguestfs offers no way to put them into the run directory. Only directories
/// of this user whose sockets nobody serves any more are touched.
void remove_appliance_leftovers() noexcept;

}  // namespace v2v::core
