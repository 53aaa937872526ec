// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A disk of a guest whose hypervisor is another machine, as it can be read over ssh. Pure functions.
#pragma once

#include <v2v/libvirt/domain.hpp>
#include <v2v/nbd/ssh_disks.hpp>

#include <string>

namespace v2v::libvirt {

/// @param disk      a file or device of that machine
/// @param fallback  the format, if the XML names none; may be empty
/// @throws Error(unsupported), Error(corrupt) if it cannot be read so, with another way to read it
nbd::SshDisk remote_disk(const DomainDisk &disk, const std::string &fallback);

}  // namespace v2v::libvirt
