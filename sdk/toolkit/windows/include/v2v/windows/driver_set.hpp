// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The drivers that a guest gets, taken out of virtio-win into a directory of the host and checked there: no
// driver goes into a guest of which a file is missing or that is for another processor. Windows would
// refuse it, at best; a boot driver that does not load is a guest that does not boot.
//
// Not thread-safe on one directory.
#pragma once

#include <v2v/text/log.hpp>
#include <v2v/windows/virtio_win.hpp>

#include <string>
#include <vector>

namespace v2v::windows {

/// Whom the drivers are for.
struct DriverWishes {
  std::string osinfo = {};   ///< "win2k22"
  std::string arch = {};     ///< "x86_64", "i386"
  bool prefer_scsi = false;  ///< the disks are to be on virtio-scsi, if there is a driver
};

/// One driver, as Windows installs it.
struct DriverPackage {
  std::string inf;
  std::vector<std::string> files = {};  ///< what the INF names, sorted
  bool required = false;                ///< the guest has no disk or no network without it
};

/// All names are of files in the directory, in small letters.
struct DriverSet {
  std::vector<std::string> files = {};       ///< all that the directory holds, sorted
  std::vector<DriverPackage> packages = {};  ///< required ones first
  std::string block =
      {};  ///< the block driver's service, "viostor"; its file is block + ".sys"; "": none
  std::string net = {};  ///< the network driver's INF; "": none
  bool rng = false, balloon = false, pvpanic = false, vsock = false;
  bool balloon_server = false;  ///< there is blnsvr.exe, the balloon's service

  bool empty() const { return files.empty(); }
  bool is_scsi() const { return block == "vioscsi"; }
};

/// Puts the drivers for a guest into `directory`, which exists and is empty. What is missing, or left out, is
/// warned of; if there is no driver at all that is one warning, and the set is empty.
DriverSet gather_drivers(const VirtioWin &virtio_win, const DriverWishes &wishes,
                         const std::string &directory, const text::Log &log);

/// The second half of gather_drivers(): checks what is in `directory`, and removes from it what the guest
/// is not to get. `place` is where the files come from, for messages.
DriverSet survey_drivers(const std::string &directory, const DriverWishes &wishes,
                         const std::string &place, const text::Log &log);

}  // namespace v2v::windows
