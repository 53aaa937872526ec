// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The checksum that a management tool may have put into the XML of a disk, checked before anything else
// is done with the disk: what it holds as the guest sees it, whatever its format. Source:
// virt-v2v-in-place(1), "Disk checksum".
#pragma once

#include <v2v/host.hpp>
#include <v2v/libvirt/domain.hpp>
#include <v2v/values.hpp>

#include <vector>

namespace v2v::input_libvirt {

/// Reads each disk that has one from start to end, showing progress.
/// @param disks  those of the XML, in the order of the source's
/// @param allow_references  an image's backing file is part of what it holds
/// @throws Error(corrupt) with both sums if one differs and the XML wants an error; Error(usage) for an
///         algorithm that is not known; Error(io), Error(cancelled)
void check_disk_checksums(const Host &host, const std::vector<libvirt::DomainDisk> &disks,
                          const std::vector<Disk> &source, bool allow_references);

}  // namespace v2v::input_libvirt
