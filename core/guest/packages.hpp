// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The list of what is installed in a guest.
#pragma once

#include <v2v/values.hpp>

#include <guestfs.h>

#include <string_view>
#include <vector>

namespace v2v::core {

/// The installed packages (Linux) or programs (Windows) of the mounted guest. rpm's database is read by
/// the guest's own rpm, whose format it has; one that is damaged is rebuilt from its packages.
/// @throws Error(io) if there is no list
std::vector<Application> list_applications(guestfs_h *g, const Inspection &inspection);

/// The installed packages of dpkg's status file, or of rpm's output for rpm_query.
std::vector<Application> parse_dpkg_status(std::string_view text);
std::vector<Application> parse_rpm_list(std::string_view text);

}  // namespace v2v::core
