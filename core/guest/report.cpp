// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/guest/report.hpp>

#include <core/guest/guestfs.hpp>
#include <v2v/windows/policy.hpp>

#include <fmt/format.h>

namespace v2v::core {
namespace {

// Up to the superblock's sb_versionnum, which is in big-endian order: Linux, fs/xfs/libxfs/xfs_format.h.
constexpr std::size_t xfs_version_at = 100, xfs_start = xfs_version_at + 2;
constexpr unsigned xfs_version_mask = 0x0f;

/// Bytes; those of a Windows with many programs have some 100 MiB.
constexpr std::int64_t largest_hive = std::int64_t{1} << 30;

std::string version_of(guestfs_h *g, const Filesystem &filesystem) {
  if (filesystem.type != "xfs") return {};
  std::size_t size = 0;
  char *bytes = guestfs_pread_device(g, filesystem.device.c_str(), xfs_start, 0, &size);
  const std::string start(bytes ? bytes : "", bytes ? size : 0);
  std::free(bytes);
  return xfs_version(start);
}

}  // namespace

std::string xfs_version(std::string_view superblock) {
  if (superblock.size() < xfs_start || superblock.substr(0, 4) != "XFSB") return {};
  const unsigned version =
      static_cast<unsigned char>(superblock[xfs_version_at + 1]) & xfs_version_mask;
  return version == 4 || version == 5 ? std::to_string(version) : "";
}

std::vector<ReportedFilesystem> describe_filesystems(guestfs_h *g,
                                                     const std::vector<Filesystem> &filesystems) {
  std::vector<ReportedFilesystem> described;
  for (const auto &filesystem : filesystems) {
    const char *device = filesystem.device.c_str();
    described.push_back({filesystem.device, filesystem.type,
                         take_text(guestfs_vfs_label(g, device)),
                         take_text(guestfs_vfs_uuid(g, device)), version_of(g, filesystem)});
  }
  return described;
}

WindowsPlaces find_windows_places(guestfs_h *g, const std::string &root) {
  take_list(guestfs_inspect_os(g));
  const auto *name = root.c_str();
  return {take_text(guestfs_inspect_get_windows_systemroot(g, name)),
          take_text(guestfs_inspect_get_windows_software_hive(g, name)),
          take_text(guestfs_inspect_get_windows_system_hive(g, name)),
          take_text(guestfs_inspect_get_windows_current_control_set(g, name)),
          false,
          false};
}

void find_windows_policy(guestfs_h *g, WindowsPlaces &places,
                         const std::filesystem::path &directory, Reporter &reporter) {
  const auto copy = directory / "report-software";
  try {
    const auto size = guestfs_filesize(g, places.software_hive.c_str());
    if (size < 0 || size > largest_hive ||
        guestfs_download(g, places.software_hive.c_str(), copy.c_str()) != 0)
      throw_guestfs(g, "cannot read it", places.software_hive);
    const windows::Hive software(copy.string(), "SOFTWARE", windows::Hive::Access::read);
    places.group_policy = windows::has_group_policy(software);
    places.antivirus = !windows::antivirus(software).empty();
  } catch (const Error &error) {
    reporter.warning(
        fmt::format("the report says nothing of policies and scanners: {}", error.what()));
  }
  std::error_code ignored;
  std::filesystem::remove(copy, ignored);
}

}  // namespace v2v::core
