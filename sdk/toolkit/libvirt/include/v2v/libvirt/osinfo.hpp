// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// libosinfo knows an operating system by a short id (debian12), which inspection finds, and by a
// URI, which libvirt wants. Pure; any thread.
#pragma once

#include <string>

namespace v2v::libvirt {

/// The libosinfo URI of a short id; empty if none is known. By rules and not by the database of
/// the machine, so that a new release of a distribution needs no new database.
std::string osinfo_uri(const std::string &short_id);

}  // namespace v2v::libvirt
