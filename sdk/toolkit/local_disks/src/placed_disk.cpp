// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See placed_disk.hpp.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <v2v/local_disks/create_disk.hpp>
#include <v2v/local_disks/local_disks.hpp>
#include <v2v/local_disks/placed_disk.hpp>
#include <v2v/text/human_size.hpp>

namespace v2v::local_disks {
namespace {

void check_writable(const std::string &path, int mode, const std::string &what) {
  if (faccessat(AT_FDCWD, path.c_str(), mode, AT_EACCESS) != 0)
    throw Error(errno == ENOENT ? Code::not_found : Code::access,
                fmt::format("cannot use {}: {}", what, std::strerror(errno)), path,
                "create it, change its permissions, or choose another -oo disk");
}

void check_filled(const std::string &path, const TargetDisk &disk) {
  struct stat entry;
  if (lstat(path.c_str(), &entry) != 0)
    throw Error(Code::not_found, fmt::format("cannot use the disk: {}", std::strerror(errno)), path,
                "create it, or leave out -oo create=false");
  check_writable(path, W_OK, "the disk");
  const auto size = static_cast<std::uint64_t>(entry.st_size);
  if (size < disk.virtual_size)
    throw Error(Code::no_space,
                fmt::format("the file has {}, the disk {}", text::human_size(size),
                            text::human_size(disk.virtual_size)),
                path, "make it larger");
}

}  // namespace

std::string PlacedDisk::device(const LocalRequest &request) const {
  const auto block = look_at_target(path_, disk_, !request.create);
  return block ? block->device : std::string();
}

void PlacedDisk::precheck(const LocalRequest &request, const LocalHooks &hooks) const {
  if (!device(request).empty()) return;
  if (!request.create) {
    check_filled(path_, disk_);
    return;
  }
  check_writable(directory(), W_OK | X_OK, "the directory of the disk");
  Staging::refuse_if_busy(directory(), name());
  check_room(directory(), path_, request.preallocated ? disk_.virtual_size : disk_.estimated_size,
             request.preallocated, hooks.warn);
}

Target PlacedDisk::prepare(const LocalRequest &request, const LocalHooks &hooks) {
  Target target;
  target.location = Location();
  target.location->format = disk_.format;
  target.location->path = device(request);
  target.preallocated = request.preallocated;
  target.compressed = request.compressed;
  target.display_name = path_;
  block_ = !target.location->path.empty();
  if (block_) return target;
  if (!request.create) {
    check_filled(path_, disk_);
    target.location->path = path_;
    return target;
  }
  staging_ = std::make_unique<Staging>(directory(), name(), hooks.journal);
  target.location->path = staging_->path(name());
  target.reads_as_zero = true;
  create_disk(target.location->path, disk_, {request.preallocated, hooks.check_cancelled});
  return target;
}

void PlacedDisk::commit() {
  if (staging_) staging_->publish({name()}, false);
}

machine::DiskSource PlacedDisk::source() const {
  return {block_ ? machine::DiskSource::Kind::block : machine::DiskSource::Kind::file,
          path_,
          {},
          disk_.format};
}

}  // namespace v2v::local_disks
