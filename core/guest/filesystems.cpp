// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/guest/filesystems.hpp>

#include <core/guest/guestfs.hpp>

#include <fmt/format.h>
#include <sys/statvfs.h>

#include <algorithm>

namespace v2v::core {
namespace {

constexpr std::uint64_t megabyte = 1024 * 1024;
constexpr std::uint64_t needed_inodes = 100;

bool is_ext(const std::string &type) {
  return type == "ext2" || type == "ext3" || type == "ext4";
}

[[noreturn]] void throw_damaged(guestfs_h *g, const Filesystem &filesystem) {
  throw Error(Code::corrupt,
              fmt::format("this {} file system is damaged: {}", filesystem.type,
                          guestfs_last_error(g) ? guestfs_last_error(g) : "no reason given"),
              filesystem.device,
              "check it in the source (fsck), shut the guest down cleanly and convert again");
}

void check_ext(guestfs_h *g, const Filesystem &filesystem) {
  // Replays the journal. Without FORCEALL it then looks only at the superblock of a clean one.
  if (guestfs_e2fsck(g, filesystem.device.c_str(), GUESTFS_E2FSCK_CORRECT, 1, -1) != 0)
    throw_damaged(g, filesystem);
}

void check_xfs(guestfs_h *g, const Filesystem &filesystem) {
  const int status = guestfs_xfs_repair(g, filesystem.device.c_str(), GUESTFS_XFS_REPAIR_NOMODIFY,
                                        1, GUESTFS_XFS_REPAIR_NOPREFETCH, 1, -1);
  if (status != 0) throw_damaged(g, filesystem);
}

// Mounting replays the journal of XFS, and verifies the trees of btrfs that matter; a scrub would read
// every byte of the disk.
void mount_and_look(guestfs_h *g, const Filesystem &filesystem, RootSearch *search) {
  const bool mounted = guestfs_mount_ro(g, filesystem.device.c_str(), "/") == 0;
  if (!mounted && filesystem.type == "btrfs") throw_damaged(g, filesystem);
  if (mounted && search)
    search->look(filesystem);
  else if (mounted)
    guestfs_umount_all(g);
}

std::uint64_t needed_bytes(const FilesystemUsage &usage, bool separate_boot, bool windows) {
  // A kernel with its initramfs has to fit where the guest keeps them.
  if (usage.mountpoint == "/boot") return 50 * megabyte;
  if (usage.mountpoint == "/") return (separate_boot || windows ? 100 : 50) * megabyte;
  return 10 * megabyte;
}

// A subvolume of btrfs; its whole file system is in the list as well.
bool is_part_of_another(const std::string &device) {
  return device.rfind("btrfsvol:", 0) == 0;
}

// An ESP or a CD is small or full by nature, and nothing large is written to it.
bool has_room_by_nature(const std::string &type) {
  return type == "vfat" || type == "iso9660" || type == "squashfs";
}

}  // namespace

void check_filesystems(guestfs_h *g, const std::vector<Filesystem> &filesystems,
                       RootSearch *search) {
  for (const auto &filesystem : filesystems) {
    if (is_part_of_another(filesystem.device)) continue;
    const bool ext = is_ext(filesystem.type), xfs = filesystem.type == "xfs";
    if (ext) check_ext(g, filesystem);
    if ((search && (ext || xfs || filesystem.type == "ntfs")) || filesystem.type == "btrfs")
      mount_and_look(g, filesystem, search);
    if (xfs) check_xfs(g, filesystem);
  }
}

std::vector<Filesystem> checked_afterwards(const Inspection &inspection) {
  auto checked = inspection.filesystems;
  const bool release_7 = inspection.type == "linux" && inspection.package_format == "rpm" &&
                         inspection.package_management == "yum" && inspection.major_version == 7;
  if (release_7) std::erase_if(checked, [](const auto &one) { return one.type == "xfs"; });
  return checked;
}

std::vector<FilesystemUsage> filesystem_usage(guestfs_h *g, const Inspection &inspection) {
  std::vector<FilesystemUsage> all;
  for (const auto &[path, device] : inspection.mountpoints) {
    const GuestfsStruct<struct guestfs_statvfs> stat(guestfs_statvfs(g, path.c_str()));
    if (!stat) continue;  // it did not mount, which was a warning
    const auto same = [&device = device](const Filesystem &f) { return f.device == device; };
    const auto known =
        std::find_if(inspection.filesystems.begin(), inspection.filesystems.end(), same);
    const auto unit = static_cast<std::uint64_t>(stat->frsize);
    all.push_back({path, known == inspection.filesystems.end() ? "unknown" : known->type,
                   static_cast<std::uint64_t>(stat->blocks) * unit,
                   static_cast<std::uint64_t>(stat->bfree) * unit,
                   static_cast<std::uint64_t>(stat->files), static_cast<std::uint64_t>(stat->ffree),
                   (static_cast<unsigned long>(stat->flag) & ST_RDONLY) != 0});
  }
  return all;
}

void check_free_space(const std::vector<FilesystemUsage> &usage, bool windows) {
  const bool separate_boot = std::any_of(usage.begin(), usage.end(), [](const auto &filesystem) {
    return filesystem.mountpoint == "/boot";
  });
  for (const auto &filesystem : usage) {
    if (filesystem.mountpoint == "/" && filesystem.read_only && windows)
      throw Error(Code::unsupported,
                  "Windows is hibernated, or was shut down with Fast Startup or not at all: its "
                  "drive can only be read",
                  "drive C",
                  "start the source, run \"powercfg /h off\" and \"shutdown /s /t 0\" in it, and "
                  "convert again");
    if (filesystem.mountpoint == "/" && filesystem.read_only)
      throw Error(Code::unsupported, "the root file system can only be mounted read-only", "/",
                  "its file system is unclean or hibernated: start the source once, shut it down "
                  "properly, and convert again");
    if (has_room_by_nature(filesystem.type)) continue;
    const auto needed = needed_bytes(filesystem, separate_boot, windows);
    if (filesystem.free < needed)
      throw Error(Code::no_space,
                  fmt::format("not enough free space in the guest: {:.1f} MB free, {} MB needed",
                              static_cast<double>(filesystem.free) / megabyte, needed / megabyte),
                  filesystem.mountpoint, "free some space there in the source and convert again");
    if (filesystem.inodes > 0 && filesystem.free_inodes < needed_inodes)
      throw Error(Code::no_space,
                  fmt::format("not enough free inodes in the guest: {} free, {} needed",
                              filesystem.free_inodes, needed_inodes),
                  filesystem.mountpoint, "remove some files there in the source and convert again");
  }
}

void trim_filesystems(guestfs_h *g, const std::vector<Filesystem> &filesystems,
                      Reporter &reporter) {
  for (const auto &[device, type] : filesystems) {
    if (type == "unknown" || type == "swap") continue;
    if (is_part_of_another(device)) continue;
    if (guestfs_mount_options(g, "discard", device.c_str(), "/") != 0) continue;
    if (guestfs_fstrim(g, "/", -1) != 0)
      reporter.warning(fmt::format("{} ({}) could not be trimmed; unused blocks are copied too: {}",
                                   device, type,
                                   guestfs_last_error(g) ? guestfs_last_error(g) : ""));
    guestfs_umount_all(g);
  }
}

}  // namespace v2v::core
