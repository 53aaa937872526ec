// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What the guest's disks are called afterwards, and the files that must know.
// /dev/sda becomes /dev/vda on virtio-blk, so a root, swap or resume device that is given by name
// would not be found; UUIDs and labels need nothing.
//
// DeviceMap is an immutable value. The functions that change a guest are not thread-safe.
#pragma once

#include <v2v/linux/bootloader.hpp>
#include <v2v/linux/guest.hpp>
#include <v2v/linux/log.hpp>
#include <v2v/values.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace v2v::linux {

class DeviceMap {
 public:
  /// @param target      the bus that all disks will be on
  /// @param ide_prefix  what the guest's kernel calls IDE disks: "sd", or "hd" before libata
  DeviceMap(const Source &source, BlockBus target, const std::string &ide_prefix);

  struct Lookup {
    enum class Kind {
      other,    ///< not the name of a disk: UUID=…, /dev/mapper/…, a CD-ROM, a RAID
      unknown,  ///< a disk that the source does not have
      known,
    };
    Kind kind = Kind::other;
    std::string name = {};       ///< the name afterwards, when known
    std::string appliance = {};  ///< the same device while the appliance runs, when known
  };
  /// Looks up a device with or without partition: "/dev/sda", "/dev/nvme0n1p2",
  /// "/dev/cciss/c0d0p1", and, as long as there is only one disk, /dev/disk/by-id/… and
  /// /dev/disk/by-path/…, which name the old hardware.
  Lookup find(const std::string &device) const;

  /// Every `root=` and `resume=` in kernel arguments, renamed.
  std::string rewrite_arguments(const std::string &arguments) const;
  /// Like find(), and `device` itself if it is not known.
  std::string rename(const std::string &device) const;
  /// The names of disks in a pattern, `/dev/` before them or not: "a|^/dev/sda[0-9]|" becomes
  /// "a|^/dev/vda[0-9]|". "/dev/sd.*" follows as well where all disks are called sd.
  std::string rename_in(std::string_view pattern) const;

  /// "sda -> vda", for messages.
  std::vector<std::string> description() const;

 private:
  struct Entry {
    std::string from, to;
    unsigned disk = 0;
  };
  Lookup make(const std::string &disk, const std::string &partition) const;

  std::vector<Entry> entries_;  // the disks, in order, and then what else they may be called
  std::size_t disks_ = 0;
  std::string prefix_, target_;  // how their names began, if all did alike, and begin now
};

/// The UUID in the header of a device of the appliance, e.g. of a LUKS container.
using UuidResolver = std::function<std::optional<std::string>(const std::string &device)>;

/// crypttab with its devices renamed, a disk's name becoming a UUID where there is one. Serves
/// /etc/crypttab and the copy of it in an initramfs.
std::string rewrite_crypttab(std::string_view text, const DeviceMap &map,
                             const UuidResolver &resolve, const Log &log);
/// A file of assignments (initramfs-tools' conf.d) with the devices in RESUME= and ROOT= renamed.
std::string rewrite_resume(std::string_view text, const DeviceMap &map);

/// lvm.conf with the disks in its filters renamed: a filter that accepts nothing any more would
/// leave a root on LVM without its disk.
std::string rewrite_lvm_filters(std::string_view text, const DeviceMap &map);
/// mdadm.conf with the devices renamed among which RAIDs are looked for.
std::string rewrite_mdadm(std::string_view text, const DeviceMap &map);

/// Renames devices in fstab and mount units, crypttab, initramfs-tools' conf.d, LVM's filters, mdadm.conf,
/// device.map, what debconf remembers for GRUB's updates, and in the bootloader (which the caller
/// writes with update()), warns where it cannot, and deletes caches of device names.
/// @return the paths changed, without the bootloader's
std::vector<std::string> rename_devices(Guest &guest, Bootloader &bootloader, const DeviceMap &map,
                                        const UuidResolver &resolve, const Log &log);

}  // namespace v2v::linux
