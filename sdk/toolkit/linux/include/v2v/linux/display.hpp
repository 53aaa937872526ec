// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// X configurations that name the old hypervisor's graphics driver: xorg.conf(5).
#pragma once

#include <v2v/linux/guest.hpp>
#include <v2v/linux/log.hpp>

namespace v2v::linux {

/// Makes every configured device of X use the driver "modesetting", or "vesa" where X is too old
/// to have it.
void convert_display(Guest &guest, const Log &log);

}  // namespace v2v::linux
