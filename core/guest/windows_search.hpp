// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Finds a Windows on a mounted file system in few calls to the appliance. Its registry is read there, by
// libguestfs's hivex: SOFTWARE alone can be 100 MiB.
#pragma once

#include <v2v/values.hpp>

#include <guestfs.h>

#include <optional>
#include <string>

namespace v2v::core {

struct WindowsSearch {
  std::optional<Inspection> found;  ///< everything about it but its root and mount points
  /// There may be a Windows, in a directory that is not looked into here or with a registry that cannot
  /// be read.
  bool doubtful = false;
};

/// Looks on the file system that is mounted on /.
WindowsSearch find_windows(guestfs_h *g);

/// What the key Microsoft\Windows NT\CurrentVersion of SOFTWARE says; empty where it says nothing.
struct WindowsVersion {
  std::string product_name;                   ///< ProductName: "Windows Server 2022 Standard"
  std::string variant;                        ///< InstallationType: "Server", "Client" …
  std::string version;                        ///< CurrentVersion: "6.3", also for Windows 10
  std::string build;                          ///< CurrentBuildNumber: "20348"
  std::optional<std::uint32_t> major, minor;  ///< Current…VersionNumber, since Windows 10
};

/// False if there is no version.
bool identify_windows(const WindowsVersion &version, Inspection &inspection);

}  // namespace v2v::core
