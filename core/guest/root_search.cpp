// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/guest/root_search.hpp>

#include <core/guest/fstab.hpp>
#include <core/guest/guestfs.hpp>
#include <core/guest/linux_identity.hpp>
#include <core/guest/windows_search.hpp>

#include <algorithm>

namespace v2v::core {
namespace {

constexpr std::string_view subvolume = "btrfsvol:";
constexpr std::size_t elf_start = 20;

/// The file's text; nothing if there is no such file.
std::optional<std::string> read_text(guestfs_h *g, const char *path) {
  std::size_t size = 0;
  char *bytes = guestfs_read_file(g, path, &size);
  if (!bytes) return std::nullopt;
  std::string text(bytes, size);
  std::free(bytes);
  return text;
}

std::string architecture(guestfs_h *g) {
  for (const char *program : {"/bin/sh", "/bin/ls", "/bin/bash"}) {
    std::size_t size = 0;
    char *bytes = guestfs_pread(g, program, elf_start, 0, &size);
    auto arch = architecture_of(bytes ? std::string(bytes, size) : std::string());
    std::free(bytes);
    if (!arch.empty()) return arch;
  }
  return "";
}

/// Whether it can hold a system that is not looked for here. The FAT of a Linux is its ESP or holds data.
bool may_hold_others(const Filesystem &filesystem) {
  for (const auto *known : {"ext2", "ext3", "ext4", "xfs", "btrfs", "ntfs", "swap", "vfat",
                            "unknown", "crypto_LUKS", "LVM2_member", "linux_raid_member"})
    if (filesystem.type == known) return false;
  return true;
}

}  // namespace

void sort_by_depth(std::vector<Mountpoint> &mountpoints) {
  std::sort(mountpoints.begin(), mountpoints.end(), [](const Mountpoint &a, const Mountpoint &b) {
    return std::pair(a.path.size(), a.path) < std::pair(b.path.size(), b.path);
  });
}

bool never_boots(const std::string &device) {
  return device.rfind(subvolume, 0) == 0 && (device.find("snapshot") != std::string::npos ||
                                             device.find("/var/lib/") != std::string::npos);
}

void RootSearch::look(const Filesystem &filesystem) {
  const auto before = systems_.size();
  if (filesystem.type == "ntfs")
    look_for_windows(filesystem.device);
  else
    look_at_root(filesystem.device);
  guestfs_umount_all(g_);
  // Where the default subvolume is a system, as SUSE has it, the others are its parts.
  if (filesystem.type == "btrfs" && systems_.size() == before)
    look_at_subvolumes(filesystem.device);
}

/// What libguestfs takes for a Linux has an /etc/fstab.
void RootSearch::look_at_root(const std::string &device) {
  const auto fstab = read_text(g_, "/etc/fstab");
  if (!fstab) return;
  const auto os_release = read_text(g_, "/etc/os-release");
  Inspection found;
  std::optional<std::string> release;
  if (const auto file = release_file(os_release.value_or("")); !file.empty())
    release = read_text(g_, file.c_str());
  found.root = device;
  found.arch = architecture(g_);
  if (!identify_linux(os_release.value_or(""), release.value_or(""), found) || found.arch.empty()) {
    not_understood_ = true;
    return;
  }
  found.mountpoints = mountpoints(device, *fstab);
  systems_.push_back(std::move(found));
}

void RootSearch::look_for_windows(const std::string &device) {
  auto [found, doubtful] = find_windows(g_);
  not_understood_ |= doubtful;
  if (!found) return;
  found->root = device;
  found->mountpoints = {{"/", device}};
  systems_.push_back(std::move(*found));
}

void RootSearch::look_at_subvolumes(const std::string &device) {
  const auto prefix = std::string(subvolume) + device + "/";
  std::vector<std::string> roots;
  if (guestfs_mount_options(g_, "ro,subvolid=5", device.c_str(), "/") != 0) return;
  for (const auto &filesystem : filesystems_) {
    if (filesystem.device.rfind(prefix, 0) != 0 || never_boots(filesystem.device)) continue;
    const auto fstab = "/" + filesystem.device.substr(prefix.size()) + "/etc/fstab";
    if (guestfs_is_file(g_, fstab.c_str()) == 1) roots.push_back(filesystem.device);
  }
  guestfs_umount_all(g_);
  for (const auto &root : roots) {
    if (guestfs_mount_ro(g_, root.c_str(), "/") != 0) continue;
    look_at_root(root);
    guestfs_umount_all(g_);
  }
}

std::optional<std::vector<Inspection>> RootSearch::systems() const {
  const bool others = std::any_of(filesystems_.begin(), filesystems_.end(), may_hold_others);
  if (others || not_understood_ || systems_.empty()) return std::nullopt;
  return systems_;
}

std::vector<Mountpoint> RootSearch::mountpoints(const std::string &root, const std::string &fstab) {
  DeviceNames names;
  for (const auto &disk : disks_) names.disks.push_back(disk.device);
  names.filesystems = filesystems_;
  names.find_tag = [this](const auto &tag, const auto &value) { return find_tag(tag, value); };
  std::vector<Mountpoint> found{{"/", root}};
  for (const auto &entry : parse_fstab(fstab)) {
    if (entry.path == "/") continue;
    not_understood_ |= is_doubtful(entry, names);
    if (const auto device = resolve_device(entry, names)) found.push_back({entry.path, *device});
  }
  sort_by_depth(found);
  return found;
}

std::optional<std::string> RootSearch::find_tag(const std::string &tag,
                                                const std::string &value) const {
  std::string device;
  if (tag == "UUID") device = take_text(guestfs_findfs_uuid(g_, value.c_str()));
  if (tag == "LABEL") device = take_text(guestfs_findfs_label(g_, value.c_str()));
  if (tag == "PARTUUID" || tag == "PARTLABEL") {
    const auto *key = tag == "PARTUUID" ? "PART_ENTRY_UUID" : "PART_ENTRY_NAME";
    for (const auto &filesystem : filesystems_)
      for (const auto &[name, text] : take_pairs(guestfs_blkid(g_, filesystem.device.c_str())))
        if (name == key && text == value) return filesystem.device;
  }
  if (device.empty()) return std::nullopt;
  return device;
}

}  // namespace v2v::core
