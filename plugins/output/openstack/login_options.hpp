// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The login as virt-v2v takes it, -oo os-… and -oc, on top of what the environment says. A password
// has no such option: it comes from a file, clouds.yaml or the environment.
#pragma once

#include <v2v/openstack/settings.hpp>
#include <v2v/plugin.hpp>

#include <vector>

namespace v2v::output_openstack {

/// The declared options that settings_of() reads.
std::vector<Option> login_options();

/// @param host  is asked for the password
openstack::Settings settings_of(const OutputRequest &request, const Host &host,
                                const openstack::Environment &environment);

/// For a record, which has the name of the password's file only.
/// @throws Error(not_found) if the file is gone
void read_password_file(openstack::Settings &settings);

}  // namespace v2v::output_openstack
