// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// From a disk of the OVF to the place of its bytes: in place where that is possible, else unpacked.
// Every image is examined before anything else opens it, and may name no other file.
#pragma once

#include "href.hpp"
#include "members.hpp"
#include "ovf.hpp"

#include <v2v/host.hpp>
#include <v2v/values.hpp>

namespace v2v::input_ova {

/// @param folder  of the OVF, as folder_of() gives it
/// @param number  of the disk, from 0
/// @throws Error for a disk that is not there, damaged, hostile or not readable here
Disk locate_disk(const Host &host, const MemberList &members, std::string_view folder,
                 const OvfDisk &disk, unsigned number);

}  // namespace v2v::input_ova
