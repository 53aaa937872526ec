// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What the journal says before the first volume is created. Cinder chooses the ids, so volumes
// carry the id of their conversion in their metadata, and are found by that. One line of JSON,
// without a secret:
//   {"conversion":UUID,"server":UUID,"settings":{…}}
#pragma once

#include <v2v/http/client.hpp>
#include <v2v/openstack/settings.hpp>

#include <string>
#include <vector>

namespace v2v::output_openstack {

/// The key of a volume's metadata that has the id of its conversion.
constexpr const char *conversion_key = "v2v_conversion";

std::string volume_record(const std::string &conversion, const std::string &server,
                          const openstack::Settings &settings);

/// Detaches and removes the volumes of the conversions that the records name.
/// @throws the first Error, after all have been tried
void remove_recorded(const std::vector<std::string> &records,
                     const openstack::Environment &environment, const http::Hooks &hooks);

}  // namespace v2v::output_openstack
