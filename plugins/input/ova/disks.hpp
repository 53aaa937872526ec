// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// From a disk of the OVF to the place of its bytes: in place where that is possible, else unpacked.
// Every image is examined before anything else opens it. It may name no other file, but for a VMDK
// in a directory: an extent or a snapshot's parent in that directory is as good as the VMDK itself.
#pragma once

#include "href.hpp"
#include "members.hpp"
#include "ovf.hpp"

#include <v2v/host.hpp>
#include <v2v/values.hpp>

namespace v2v::input_ova {

/// Where the files of the OVA are.
struct Layout {
  const MemberList &members;
  std::string folder;     ///< of the OVF in the OVA, as folder_of() gives it
  std::string directory;  ///< that the OVA was unpacked into, where VMDKs may name each other; or
                          ///< empty: in an archive a disk is one file
};

/// @param number  of the disk, from 0
/// @throws Error for a disk that is not there, damaged, hostile or not readable here
Disk locate_disk(const Host &host, const Layout &layout, const OvfDisk &disk, unsigned number);

}  // namespace v2v::input_ova
