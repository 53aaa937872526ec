// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/convert/guest_report.hpp>

#include <core/convert/describe.hpp>

namespace v2v::core {

Report report_of(const Source &source, const Examination &guest,
                 const std::vector<DiskUnderway> &disks) {
  Report report;
  report.guest = source.name;
  report.inspection = guest.inspection;
  report.filesystems = guest.reported;
  report.windows = guest.windows;
  const auto boot = guest.inspection.boot_disk.value_or(0);
  for (unsigned i = 0; i < disks.size(); ++i) {
    auto &disk = report.disks.emplace_back();
    disk.name = disk_name(source.disks[i]);
    disk.virtual_size = disks[i].source_size;
    if (disks[i].overlay) disk.allocated = disks[i].contents.data;
    disk.boot_order = i == boot ? 1 : i < boot ? i + 2 : i + 1;
  }
  return report;
}

}  // namespace v2v::core
