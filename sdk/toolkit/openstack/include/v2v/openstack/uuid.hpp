// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace v2v::openstack {

/// A random UUID (RFC 4122, version 4).
std::string new_uuid();

}  // namespace v2v::openstack
