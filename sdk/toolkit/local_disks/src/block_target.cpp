// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What may already be under the name of a target disk; see look_at_target and refuse_source in
// local_disks.hpp.
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <v2v/local_disks/local_disks.hpp>
#include <v2v/text/human_size.hpp>

namespace v2v::local_disks {
namespace {

/// Opens for exclusive use, which the kernel refuses while the device is mounted, swapped on or
/// part of a volume group, and asks for the size.
std::uint64_t free_device_size(const std::string &device, const std::string &path) {
  const int fd = open(device.c_str(), O_RDWR | O_EXCL | O_CLOEXEC);
  if (fd < 0) {
    const bool busy = errno == EBUSY;
    throw Error(
        Code::access,
        busy ? fmt::format("the block device {} is in use", device)
             : fmt::format("cannot open the block device {}: {}", device, std::strerror(errno)),
        path, busy ? "unmount it, or choose another device" : "");
  }
  std::uint64_t size = 0;
  const int answer = ioctl(fd, BLKGETSIZE64, &size);
  close(fd);
  if (answer != 0)
    throw Error(Code::io, fmt::format("cannot find the size of the block device {}", device), path);
  return size;
}

BlockTarget adopt(const std::string &path, const TargetDisk &disk) {
  if (disk.format != "raw")
    throw Error(Code::unsupported,
                fmt::format("only raw disks can be written to a block device, not {}", disk.format),
                path, "use -of raw");
  char real[PATH_MAX];
  if (!realpath(path.c_str(), real))
    throw Error(Code::io, fmt::format("cannot follow the link: {}", std::strerror(errno)), path);
  BlockTarget target{real, free_device_size(real, path)};
  if (target.size < disk.virtual_size)
    throw Error(Code::no_space,
                fmt::format("the block device has {}, the disk {}", text::human_size(target.size),
                            text::human_size(disk.virtual_size)),
                path, "choose a larger device");
  return target;
}

/// In a directory such as /var/tmp anybody could lay a link under the name of a disk.
void check_link_owner(const std::string &path, const struct stat &link) {
  if (link.st_uid != 0 && link.st_uid != geteuid())
    throw Error(Code::access, "the symbolic link belongs to another user", path,
                "remove it, or make it yourself");
}

}  // namespace

std::optional<BlockTarget> look_at_target(const std::string &path, const TargetDisk &disk,
                                          bool overwrite) {
  struct stat entry;
  if (lstat(path.c_str(), &entry) != 0) {
    if (errno == ENOENT) return std::nullopt;
    throw Error(Code::access, fmt::format("cannot look at the target: {}", std::strerror(errno)),
                path);
  }
  const bool link = S_ISLNK(entry.st_mode);
  if (link) {
    check_link_owner(path, entry);
    if (stat(path.c_str(), &entry) != 0)
      throw Error(Code::not_found, "the target is a symbolic link to something that is not there",
                  path, "remove the link, or make it point to a block device");
  }
  if (S_ISBLK(entry.st_mode)) return adopt(path, disk);
  if (S_ISCHR(entry.st_mode))
    throw Error(Code::unsupported, "the target is a character device", path,
                "remove it, or use a block device");
  if (S_ISREG(entry.st_mode) && !link) {
    if (overwrite) return std::nullopt;
    throw Error(Code::exists, "the file exists already", path,
                "remove it, choose another -os or -on, or add -oo overwrite");
  }
  throw Error(Code::exists,
              link ? "the target is a symbolic link to something other than a block device"
                   : "something that is no disk is under the name of the target",
              path, "remove it, or choose another -os or -on");
}

void refuse_source(const std::string &path, const Source &source) {
  struct stat target, from;
  if (stat(path.c_str(), &target) != 0) return;
  for (const Disk &original : source.disks) {
    if (original.location.type != Location::Type::file ||
        stat(original.location.path.c_str(), &from) != 0)
      continue;
    const bool same_device =
        S_ISBLK(target.st_mode) && S_ISBLK(from.st_mode) && target.st_rdev == from.st_rdev;
    if (same_device || (target.st_dev == from.st_dev && target.st_ino == from.st_ino))
      throw Error(Code::exists, "this is a disk of the source, which may not be overwritten", path,
                  "choose another -os or -on");
  }
}

}  // namespace v2v::local_disks
