// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/guest/report.hpp>

#include <core/guest/guestfs.hpp>

namespace v2v::core {

std::vector<ReportedFilesystem> describe_filesystems(guestfs_h *g,
                                                     const std::vector<Filesystem> &filesystems) {
  std::vector<ReportedFilesystem> described;
  for (const auto &[device, type] : filesystems)
    described.push_back({device, type, take_text(guestfs_vfs_label(g, device.c_str())),
                         take_text(guestfs_vfs_uuid(g, device.c_str()))});
  return described;
}

WindowsPlaces find_windows_places(guestfs_h *g, const std::string &root) {
  take_list(guestfs_inspect_os(g));
  const auto *name = root.c_str();
  return {take_text(guestfs_inspect_get_windows_systemroot(g, name)),
          take_text(guestfs_inspect_get_windows_software_hive(g, name)),
          take_text(guestfs_inspect_get_windows_system_hive(g, name)),
          take_text(guestfs_inspect_get_windows_current_control_set(g, name))};
}

}  // namespace v2v::core
