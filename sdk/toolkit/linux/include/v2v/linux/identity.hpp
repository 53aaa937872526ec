// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Secrets and identities that two machines must not share: the copy gets a
// random seed of its own; an empty machine ID is filled in. An ID that is there stays, since the
// converted guest replaces the source.
#pragma once

#include <v2v/linux/guest.hpp>
#include <v2v/linux/log.hpp>

namespace v2v::linux {

/// Overwrites every random seed the guest keeps; makes one only for Debian before systemd.
void renew_random_seed(Guest &guest, const Log &log);
/// Writes /etc/machine-id if it is an empty file.
void fill_machine_id(Guest &guest, const Log &log);

}  // namespace v2v::linux
