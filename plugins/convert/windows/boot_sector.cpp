// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "boot_sector.hpp"

#include <v2v/guestfs/appliance.hpp>

#include <array>

namespace v2v::convert_windows {
namespace {

/// As the BIOS translates the geometry of a disk of so many bytes.
char heads(std::int64_t bytes) {
  if (bytes < 2'114'445'312) return '\x40';
  if (bytes < 4'228'374'780) return '\x80';
  return '\xff';
}

}  // namespace

bool fix_ntfs_heads(guestfs_h *handle, const std::string &root) {
  guestfs::Appliance appliance(handle);
  const guestfs::OwnedText disk(
      appliance.call([&](guestfs_h *g) { return guestfs_part_to_dev(g, root.c_str()); }));
  if (!disk || disk.get() == root) return false;
  std::size_t size = 0;
  const guestfs::OwnedText magic(appliance.call(
      [&](guestfs_h *g) { return guestfs_pread_device(g, root.c_str(), 8, 3, &size); }));
  if (!magic || std::string(magic.get(), size) != "NTFS    ") return false;
  const auto bytes =
      appliance.call([&](guestfs_h *g) { return guestfs_blockdev_getsize64(g, disk.get()); });
  if (bytes == -1) appliance.fail("cannot tell the size of the disk", disk.get());
  const std::array<char, 2> field = {heads(bytes), 0};
  appliance.check("cannot write the boot sector", root, [&](guestfs_h *g) {
    return guestfs_pwrite_device(g, root.c_str(), field.data(), field.size(), 0x1a) == 2 ? 0 : -1;
  });
  return true;
}

}  // namespace v2v::convert_windows
