// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Who could have put a plugin's code there? A plugin runs with all the rights of the host, so
// everything on the way to it, from the root directory through every symbolic link to the file,
// must be out of reach of everybody but root and the caller. Reads the file system; any thread.
//
// A check followed by a use is safe here for that very reason: once the check has passed, only
// root and the caller could change what it saw.
#pragma once

#include <sys/types.h>

#include <filesystem>

namespace v2v::core {

/// Follows `file` component by component, as the kernel would. Every directory, link and the file
/// itself must belong to root or to `caller`; directories and the file must not be writable by
/// group or others. A sticky directory such as /tmp may be: nobody can replace somebody else's
/// entry there, and the owner of the entry is checked as well.
///
/// @param caller  the effective user
/// @returns the real path, without links; the one to load
/// @throws Error(access) naming the directory or file, its mode or owner, and the command that
///         puts it right; Error(not_found); Error(corrupt) if it is not a regular file
std::filesystem::path vet(const std::filesystem::path &file, uid_t caller);
std::filesystem::path vet(const std::filesystem::path &file);

}  // namespace v2v::core
