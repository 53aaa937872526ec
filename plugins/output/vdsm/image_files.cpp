// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See image_files.hpp.
#include "image_files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <nlohmann/json.hpp>
#include <v2v/local_disks/create_disk.hpp>
#include <v2v/ovf/volume_meta.hpp>
#include <v2v/process/file_descriptor.hpp>

namespace v2v::output_vdsm {
namespace {

using nlohmann::json;
using process::FileDescriptor;

[[noreturn]] void fail(const std::string &what, const std::string &object) {
  const bool full = errno == ENOSPC || errno == EDQUOT;
  const bool access = errno == EACCES || errno == EPERM || errno == EROFS;
  throw Error(full     ? Code::no_space
              : access ? Code::access
                       : Code::io,
              fmt::format("{}: {}", what, std::strerror(errno)), object,
              full ? "free some space there" : "");
}

bool is_there(const std::string &path) {
  struct stat entry;
  return lstat(path.c_str(), &entry) == 0;
}

void write_new(const std::string &path, const std::string &content) {
  const FileDescriptor fd(
      open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644));
  if (!fd) fail("cannot create the file", path);
  for (std::size_t done = 0; done < content.size();) {
    const auto count = ::write(fd.get(), content.data() + done, content.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail("cannot write the file", path);
    done += static_cast<std::size_t>(count);
  }
  if (fsync(fd.get()) != 0) fail("cannot write the file", path);
}

std::string parent_of(const std::string &path) {
  return path.substr(0, path.rfind('/'));
}

}  // namespace

ImageFiles::ImageFiles(std::string directory, std::string volume, TargetDisk disk,
                       bool preallocated)
    : directory_(std::move(directory)),
      volume_(std::move(volume)),
      disk_(std::move(disk)),
      preallocated_(preallocated) {}

bool ImageFiles::to_be_made() const {
  return !is_there(path());
}

void ImageFiles::precheck(const Source &source) const {
  check_directory(directory_, "the directory of the image");
  (void)local_disks::look_at_target(path(), disk_, true);
  local_disks::refuse_source(path(), source);
  if (!to_be_made()) return;
  local_disks::Staging::refuse_if_busy(directory_, volume_);
  if (is_there(path() + ".meta"))
    throw Error(Code::exists, "there is metadata of a volume that is not there", path() + ".meta",
                "remove it, or give another -oo vdsm-vol-uuid");
}

Target ImageFiles::prepare(const local_disks::LocalHooks &hooks) {
  const local_disks::Creation creation{preallocated_, hooks.check_cancelled};
  Target target;
  target.location = Location();
  target.location->path = path();
  target.location->format = disk_.format;
  target.preallocated = preallocated_;
  target.display_name = path();
  if (to_be_made()) {
    staging_ = std::make_unique<local_disks::Staging>(directory_, volume_, hooks.journal);
    target.location->path = staging_->path(volume_);
    local_disks::create_disk(target.location->path, disk_, creation);
    target.reads_as_zero = true;
  } else if (const auto block = local_disks::look_at_target(path(), disk_, true)) {
    target.location->path = block->device;
  } else {
    if (disk_.format == "raw")
      empty_file();
    else
      local_disks::create_qcow2(path(), disk_.virtual_size, creation);
    target.reads_as_zero = true;
  }
  return target;
}

/// A raw volume of VDSM's, which keeps its owner and mode.
void ImageFiles::empty_file() const {
  const FileDescriptor fd(open(path().c_str(), O_WRONLY | O_NOFOLLOW | O_CLOEXEC));
  if (!fd || ftruncate(fd.get(), 0) != 0 ||
      ftruncate(fd.get(), static_cast<off_t>(disk_.virtual_size)) != 0)
    fail("cannot empty the volume", path());
  if (!preallocated_) return;
  const int failed = posix_fallocate(fd.get(), 0, static_cast<off_t>(disk_.virtual_size));
  errno = failed;
  if (failed != 0) fail("cannot reserve the space of the volume", path());
}

void ImageFiles::commit(const std::string &meta, const local_disks::LocalHooks &hooks) {
  const std::string name = volume_ + ".meta";
  if (!staging_) {
    replace_file(directory_ + "/" + name, meta, hooks);
    return;
  }
  staging_->write(name, meta, 0644);
  staging_->publish({volume_, name}, false);
}

void replace_file(const std::string &path, const std::string &content,
                  const local_disks::LocalHooks &hooks) {
  const std::string directory = parent_of(path), made = directory + "/.v2v-" + ovf::new_uuid();
  hooks.journal(json{{"op", "temporary"}, {"path", made}}.dump());
  write_new(made, content);
  const FileDescriptor fd(open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  // The name last: whoever sees it sees everything.
  if (rename(made.c_str(), path.c_str()) != 0) fail("cannot move the file into place", path);
  if (fd) (void)fsync(fd.get());
}

void abort(const std::vector<std::string> &records) {
  for (const auto &record : records) {
    const json one = json::parse(record, nullptr, false);
    if (!one.is_object() || one.value("op", "") != "temporary") continue;
    const std::string path = one.value("path", "");
    if (path.find("/.v2v-") != std::string::npos && unlink(path.c_str()) != 0 && errno != ENOENT)
      fail("cannot remove the file", path);
  }
  local_disks::Staging::abort(records);
}

void check_directory(const std::string &path, const std::string &what) {
  struct stat entry;
  if (stat(path.c_str(), &entry) != 0 || !S_ISDIR(entry.st_mode))
    throw Error(Code::not_found, what + " does not exist or is not a directory", path,
                "VDSM has to create it first");
  if (faccessat(AT_FDCWD, path.c_str(), W_OK | X_OK, AT_EACCESS) != 0) {
    const int number = errno;
    throw Error(Code::access, fmt::format("cannot write to {}: {}", what, std::strerror(number)),
                path, number == EROFS ? "mount it writable" : "run v2v as the user vdsm");
  }
}

}  // namespace v2v::output_vdsm
