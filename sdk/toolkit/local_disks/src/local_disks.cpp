// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See local_disks.hpp.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>
#include <v2v/local_disks/create_disk.hpp>
#include <v2v/local_disks/local_disks.hpp>
#include <v2v/process/process.hpp>
#include <v2v/text/characters.hpp>

namespace v2v::local_disks {

LocalDisks::LocalDisks(LocalRequest request, LocalHooks hooks,
                       std::vector<std::string> metadata_files,
                       std::vector<std::string> state_files)
    : request_(std::move(request)),
      hooks_(std::move(hooks)),
      metadata_files_(std::move(metadata_files)),
      state_files_(std::move(state_files)) {}

LocalDisks::~LocalDisks() = default;

OutputDescription LocalDisks::describe() const {
  OutputDescription description;
  description.formats = {request_.format};
  description.size_granularity = 512;
  description.connections = 8;
  description.modes = mode_bit(Target::Mode::host_writes);
  description.keep_serial_console = true;
  description.express_uefi = true;
  description.destination = fmt::format("{} -os {}", request_.mode, request_.directory);
  return description;
}

std::string LocalDisks::disk_name(unsigned index) const {
  return stem_ + "-sd" + text::drive_letters(index);
}

std::string LocalDisks::path_of(const std::string &suffix) const {
  return final_path(stem_ + suffix);
}

void LocalDisks::check_directory() const {
  const std::string &directory = request_.directory;
  struct stat entry;
  if (stat(directory.c_str(), &entry) != 0)
    throw Error(errno == ENOENT ? Code::not_found : Code::access,
                fmt::format("cannot use the output directory: {}", std::strerror(errno)), directory,
                errno == ENOENT ? "create it, or choose another -os" : "choose another -os");
  if (!S_ISDIR(entry.st_mode))
    throw Error(Code::usage, "the output directory is not a directory", directory,
                "choose another -os");
  if (faccessat(AT_FDCWD, directory.c_str(), W_OK | X_OK, AT_EACCESS) != 0)
    throw Error(Code::access,
                fmt::format("cannot write to the output directory: {}", std::strerror(errno)),
                directory, "change its permissions, or choose another -os");
}

void LocalDisks::check_file_name(const std::string &file) const {
  const long name_max = pathconf(request_.directory.c_str(), _PC_NAME_MAX);
  const bool fits = (name_max < 0 || file.size() <= static_cast<std::size_t>(name_max)) &&
                    final_path(file).size() + 32 < PATH_MAX;  // 32: the private directory
  if (!fits)
    throw Error(Code::usage, "the file name is too long for the output directory", file,
                "give the new machine a shorter name with -on");
}

void LocalDisks::check_space(const std::vector<TargetDisk> &disks) const {
  std::uint64_t needed = 0;
  for (const TargetDisk &disk : disks) {
    if (look_at_target(final_path(disk_name(disk.index)), disk, true)) continue;
    needed += request_.preallocated ? disk.virtual_size : disk.estimated_size;
  }
  check_room(request_.directory, request_.directory, needed, request_.preallocated, hooks_.warn);
}

void LocalDisks::precheck(const std::string &name, const std::vector<TargetDisk> &disks) {
  machine::check_guest_name(name);
  stem_ = machine::file_stem(name);
  check_directory();
  Staging::refuse_if_busy(request_.directory, stem_);
  std::vector<std::string> others = metadata_files_;
  others.insert(others.end(), state_files_.begin(), state_files_.end());
  precheck_disks(disks);
  for (const std::string &suffix : others) {
    check_file_name(stem_ + suffix);
    struct stat entry;
    if (lstat(path_of(suffix).c_str(), &entry) != 0) continue;
    if (request_.overwrite && S_ISREG(entry.st_mode)) continue;
    throw Error(Code::exists, "the file exists already", path_of(suffix),
                request_.overwrite
                    ? "it is no regular file: remove it, or choose another -os or -on"
                    : "remove it, choose another -os or -on, or add -oo overwrite");
  }
  if (request_.format == "qcow2" && process::find_program("qemu-img").empty())
    throw Error(Code::not_found, "qemu-img is needed to create qcow2 disks and is not installed",
                {}, "install the package qemu-utils (Debian, Ubuntu) or qemu-img (Fedora, RHEL)");
  if (!is_placing()) check_space(disks);
}

PlacedDisk LocalDisks::placed(const TargetDisk &disk) const {
  return {
      request_.paths.empty() ? final_path(disk_name(disk.index)) : request_.paths.at(disk.index),
      disk};
}

void LocalDisks::precheck_disks(const std::vector<TargetDisk> &disks) const {
  if (!request_.paths.empty() && request_.paths.size() != disks.size())
    throw Error(Code::usage,
                fmt::format("the guest has {} disks, and -oo disk was given {} times", disks.size(),
                            request_.paths.size()),
                request_.mode, "give it once for each disk");
  for (const TargetDisk &disk : disks) {
    if (is_placing()) {
      placed(disk).precheck(request_, hooks_);
      continue;
    }
    check_file_name(disk_name(disk.index));
    (void)look_at_target(final_path(disk_name(disk.index)), disk, request_.overwrite);
  }
}

void LocalDisks::refuse_source(const Source &source, const std::vector<TargetDisk> &disks) const {
  for (const TargetDisk &disk : disks) local_disks::refuse_source(placed(disk).path(), source);
}

std::vector<Target> LocalDisks::prepare(const std::string &name,
                                        const std::vector<TargetDisk> &disks) {
  stem_ = machine::file_stem(name);
  check_directory();
  staging_ = std::make_unique<Staging>(request_.directory, stem_, hooks_.journal);
  std::vector<Target> targets;
  for (const TargetDisk &disk : disks) {
    if (is_placing()) {
      placed_.push_back(placed(disk));
      targets.push_back(placed_.back().prepare(request_, hooks_));
      sources_.push_back(placed_.back().source());
    } else {
      targets.push_back(prepare_named(disk));
    }
  }
  return targets;
}

Target LocalDisks::prepare_named(const TargetDisk &disk) {
  const std::string file = disk_name(disk.index);
  Target target;
  target.location = Location();
  target.location->format = disk.format;
  target.preallocated = request_.preallocated;
  target.compressed = request_.compressed;
  if (const auto block = look_at_target(final_path(file), disk, request_.overwrite)) {
    target.location->path = block->device;
    // The user's own name for it: that of the device can change with the next boot.
    sources_.push_back({machine::DiskSource::Kind::block, final_path(file), {}, disk.format});
  } else {
    target.location->path = staging_->path(file);
    target.display_name = final_path(file);
    target.reads_as_zero = true;
    create_disk(target.location->path, disk, {request_.preallocated, hooks_.check_cancelled});
    staged_.push_back(file);
    sources_.push_back({machine::DiskSource::Kind::file, final_path(file), {}, disk.format});
  }
  return target;
}

void LocalDisks::add_file(const std::string &suffix, const std::string &content, unsigned mode) {
  staging_->write(stem_ + suffix, content, mode);
  staged_.push_back(stem_ + suffix);
}

void LocalDisks::commit() {
  std::vector<std::string> retired;
  for (const std::string &suffix : state_files_) retired.push_back(stem_ + suffix);
  for (PlacedDisk &disk : placed_) disk.commit();
  staging_->publish(staged_, request_.overwrite, retired);
}

}  // namespace v2v::local_disks
