// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What the journal says of an image that is about to be created: enough to remove it from another
// process, and no secret. The record is one line of JSON:
//   {"image":UUID,"url":URL,"settings":{…}}
#pragma once

#include <v2v/http/client.hpp>
#include <v2v/openstack/settings.hpp>

#include <string>
#include <vector>

namespace v2v::output_glance {

std::string image_record(const std::string &id, const std::string &url,
                         const openstack::Settings &settings);

/// Removes the images that the records name; what is not there is no error. The login is made as
/// the record says, with the secrets of today's environment or clouds.yaml.
/// @throws the first Error, after all have been tried
void remove_recorded(const std::vector<std::string> &records,
                     const openstack::Environment &environment, const http::Hooks &hooks);

}  // namespace v2v::output_glance
