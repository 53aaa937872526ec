// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Which Linux this is, by its os-release(5). The names are those of guestfs(3),
// guestfs_inspect_get_distro, and libosinfo's; a distribution that libguestfs has no name for has the
// one of its own ID, or of what its ID_LIKE says that it is made from.
#pragma once

#include <v2v/values.hpp>

#include <string>
#include <string_view>

namespace v2v::core {

/// Fills in distro, version, product name, osinfo, package format and management.
/// @param os_release  the content of /etc/os-release
/// @param release     the first line of /etc/debian_version, /etc/centos-release or the like, where
///                    there is one: os-release has no minor version in some
/// @return false if it is not known well enough
bool identify_linux(std::string_view os_release, std::string_view release, Inspection &inspection);

/// The file that has the minor version that this os-release leaves out; empty if there is none.
std::string release_file(std::string_view os_release);

/// The architecture by the start of a program (20 bytes of an ELF file), in libguestfs's words; empty if
/// it is not one of those.
std::string architecture_of(std::string_view program);

}  // namespace v2v::core
