// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Whether the networks and bridges that a guest hangs on are there. A guest without them can be
// defined, so that they are only warned about.
#pragma once

#include <v2v/libvirt_client/connection.hpp>
#include <v2v/values.hpp>

#include <string>
#include <vector>

namespace v2v::output_libvirt {

/// @param remote  bridges are another machine's, and are asked of libvirt
/// @return warnings, one for each that is missing or not started
std::vector<std::string> missing_networks(const libvirt_client::Connection &connection,
                                          const std::vector<Nic> &nics, bool remote);

}  // namespace v2v::output_libvirt
