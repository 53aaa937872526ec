// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// libvirt's file of user names and passwords (its page "Connection authentication"): a section
// [auth-esx-SERVER] names credentials, and a section [credentials-NAME] has username and password.
// Who has one for virsh need not write another for v2v.
#pragma once

#include "vpx_uri.hpp"

#include <functional>
#include <string>

namespace v2v::input_vpx {

struct Credentials {
  std::string user, password;  ///< empty: not there
};

/// The credentials for this server in the text of such a file. Sections are looked for with libvirt's
/// service names, "esx" and "vpx", by the server's name and then by "default".
Credentials credentials_in(const std::string &text, const VpxUri &uri);

/// The file that holds: the URI's authfile=, then LIBVIRT_AUTH_FILE, then the first that is there of
/// $XDG_CONFIG_HOME/libvirt/auth.conf (~/.config) and /etc/libvirt/auth.conf; empty if there is none.
/// @param environment  the value of a variable, or empty
std::string auth_file(const VpxUri &uri,
                      const std::function<std::string(const char *)> &environment);

/// Reads the file; a name that is empty gives none.
/// @throws Error(not_found), Error(access) if it cannot be read
Credentials read_credentials(const std::string &file, const VpxUri &uri);

}  // namespace v2v::input_vpx
