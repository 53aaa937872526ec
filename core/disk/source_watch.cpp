// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/disk/source_watch.hpp>

#include <core/disk/qemu_location.hpp>
#include <v2v/error.hpp>

namespace v2v::core {
namespace {

// Not the change time: another name or owner for the file does no harm.
bool is_same(const struct stat &before, const struct stat &now) {
  return before.st_dev == now.st_dev && before.st_ino == now.st_ino &&
         before.st_size == now.st_size && before.st_mtim.tv_sec == now.st_mtim.tv_sec &&
         before.st_mtim.tv_nsec == now.st_mtim.tv_nsec;
}

}  // namespace

SourceWatch::SourceWatch(const Source &source) {
  for (const auto &disk : source.disks) {
    Seen seen{disk.location, {}};
    if (disk.location.type == Location::Type::file &&
        ::stat(disk.location.path.c_str(), &seen.state) == 0 && S_ISREG(seen.state.st_mode))
      files_.push_back(seen);
  }
}

void SourceWatch::check() const {
  for (const auto &[location, before] : files_) {
    struct stat now {};
    if (::stat(location.path.c_str(), &now) != 0 || !is_same(before, now))
      throw Error(Code::corrupt, "the disk was changed while it was being converted",
                  display_name(location),
                  "see what writes to it, a running virtual machine perhaps, and convert again");
  }
}

}  // namespace v2v::core
