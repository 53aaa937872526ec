// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The name and the time zone of a Linux system that does not run.
#pragma once

#include <v2v/linux/guest.hpp>
#include <v2v/linux/log.hpp>

#include <string>

namespace v2v::linux {

/// Writes the name where this system reads it, and in the place of the old one in /etc/hosts.
/// @param name  with or without a domain
void set_hostname(Guest &guest, const std::string &name, const Log &log);

/// @param zone  "Europe/London"
/// @throws Error(not_found) if the guest does not know it
void check_timezone(Guest &guest, const std::string &zone);
void set_timezone(Guest &guest, const std::string &zone, const Log &log);

}  // namespace v2v::linux
