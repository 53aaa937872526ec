// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// --collect: files and directories of the guest as they were before its conversion, in a tar.xz.
#pragma once

#include <core/run/cancellation.hpp>
#include <core/run/new_file.hpp>
#include <core/run/reporter.hpp>

#include <guestfs.h>

#include <memory>
#include <string>
#include <vector>

namespace v2v::core {

struct CollectedPath {
  std::string guest;  ///< absolute path in the guest
  std::string local;  ///< name in the archive: relative, without ".."
};

struct Collection {
  std::vector<CollectedPath> paths;
  std::shared_ptr<NewFile> file;  ///< what they go into; null: nothing is collected
};

/// What the guest does not have is left out, and said. The guest must be mounted.
/// @param any_case  names are found in whatever case they are written: a Windows
/// @throws Error about the guest's file or the archive; Error(cancelled)
void collect_files(guestfs_h *g, const Collection &wanted, bool any_case, Reporter &reporter,
                   const Cancellation &cancellation);

}  // namespace v2v::core
