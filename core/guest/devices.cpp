// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/guest/devices.hpp>

#include <core/guest/guestfs.hpp>

#include <algorithm>

namespace v2v::core {
namespace {

class DeviceList {
 public:
  explicit DeviceList(guestfs_h *g) : g_(g) {}

  void add(const std::string &device) {
    const auto type = take_text(guestfs_vfs_type(g_, device.c_str()));
    devices_.push_back({device, type.empty() ? "unknown" : type});
    if (type == "btrfs") add_subvolumes(device);
  }

  bool has(const char *type) const {
    return std::any_of(devices_.begin(), devices_.end(),
                       [type](const auto &one) { return one.type == type; });
  }
  std::vector<Filesystem> take() { return std::move(devices_); }

 private:
  /// The device itself stands for its default subvolume.
  void add_subvolumes(const std::string &device) {
    const GuestfsStruct<struct guestfs_btrfssubvolume_list> volumes(
        guestfs_btrfs_subvolume_list(g_, device.c_str()));
    const auto default_id = guestfs_btrfs_subvolume_get_default(g_, device.c_str());
    for (std::uint32_t i = 0; volumes && i < volumes->len; ++i) {
      const auto &volume = volumes->val[i];
      if (static_cast<std::int64_t>(volume.btrfssubvolume_id) != default_id)
        devices_.push_back({"btrfsvol:" + device + "/" + volume.btrfssubvolume_path, "btrfs"});
    }
  }

  guestfs_h *g_;
  std::vector<Filesystem> devices_;
};

/// "/dev/sda" has "/dev/sda1", "/dev/md127" has "/dev/md127p1".
bool has_partitions(const std::string &device, const std::vector<std::string> &partitions) {
  return std::any_of(partitions.begin(), partitions.end(), [&](const auto &partition) {
    return is_partition_of(partition, device) || is_partition_of(partition, device + "p");
  });
}

/// Extended partitions, and those of Windows that hold no file system and give errors when read.
std::vector<std::string> empty_partitions(const std::vector<DiskStart> &disks) {
  std::vector<std::string> empty;
  for (const auto &[device, bytes] : disks) {
    for (const auto &[number, type] : parse_gpt(bytes))
      if (type == microsoft_reserved) empty.push_back(device + std::to_string(number));
    for (const auto &[number, type] : parse_mbr(bytes))
      if (type == 0x05 || type == 0x0f || type == 0x85)
        empty.push_back(device + std::to_string(number));
  }
  return empty;
}

/// The volumes of Windows's dynamic disks (LDM) are found by libguestfs alone.
bool has_dynamic_disks(const std::vector<DiskStart> &disks) {
  for (const auto &[device, bytes] : disks) {
    for (const auto &[number, type] : parse_gpt(bytes))
      if (type == ldm_metadata || type == ldm_data) return true;
    for (const auto &[number, type] : parse_mbr(bytes))
      if (type == 0x42) return true;
  }
  return false;
}

}  // namespace

std::vector<Filesystem> list_devices(guestfs_h *g, const std::vector<DiskStart> &disks,
                                     bool unlocked) {
  std::vector<Filesystem> found;
  if (has_dynamic_disks(disks)) {
    for (const auto &[device, type] : take_pairs(guestfs_list_filesystems(g)))
      found.push_back({device, type});
    return found;
  }
  DeviceList list(g);
  const auto partitions = take_list(guestfs_list_partitions(g));
  const auto empty = empty_partitions(disks);
  for (const auto &disk : disks)
    if (!has_partitions(disk.device, partitions)) list.add(disk.device);
  if (unlocked)
    for (const auto &device : take_list(guestfs_list_dm_devices(g))) list.add(device);
  for (const auto &partition : partitions)
    if (std::find(empty.begin(), empty.end(), partition) == empty.end()) list.add(partition);
  if (list.has("linux_raid_member"))
    for (const auto &raid : take_list(guestfs_list_md_devices(g)))
      if (!has_partitions(raid, partitions)) list.add(raid);
  if (list.has("LVM2_member"))
    for (const auto &volume : take_list(guestfs_lvs(g))) list.add(volume);
  return list.take();
}

void stop_raids(guestfs_h *g, const std::vector<Filesystem> &devices) {
  const bool raids = std::any_of(devices.begin(), devices.end(),
                                 [](const auto &one) { return one.type == "linux_raid_member"; });
  if (!raids) return;
  guestfs_vg_activate_all(g, 0);
  // One that cannot be stopped costs the guest time, nothing more.
  for (const auto &raid : take_list(guestfs_list_md_devices(g))) guestfs_md_stop(g, raid.c_str());
}

bool is_container(const std::string &type) {
  constexpr std::string_view member = "_member";
  return type == "crypto_LUKS" || type == "BitLocker" ||
         (type.size() > member.size() &&
          type.compare(type.size() - member.size(), member.size(), member) == 0);
}

}  // namespace v2v::core
