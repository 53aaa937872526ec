// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// xen+ssh://[USER@]HOST[:PORT][/]. The form is libvirt's. Pure functions.
#pragma once

#include <v2v/nbd/ssh_server.hpp>

#include <string>

namespace v2v::input_xen {

/// Host, port and user of the URI, and the key that its keyfile= names.
/// @throws Error(usage) that says what is wrong and how to write it
nbd::SshAccess parse_xen_uri(const std::string &text);

}  // namespace v2v::input_xen
