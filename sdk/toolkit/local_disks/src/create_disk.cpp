// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See create_disk.hpp.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <v2v/local_disks/create_disk.hpp>
#include <v2v/process/process.hpp>
#include <v2v/text/human_size.hpp>

namespace v2v::local_disks {
namespace {

// posix_fallocate cannot be interrupted; in pieces a cancelled conversion ends soon.
constexpr std::uint64_t fallocate_piece = std::uint64_t{1} << 30;
constexpr std::chrono::seconds create_limit{60};
// Where the file system cannot reserve space, every byte is written: as slow as 10 MiB/s.
constexpr std::uint64_t slowest_bytes_per_second = 10u << 20;

[[noreturn]] void creation_failed(int error, const std::string &path) {
  const bool full = error == ENOSPC || error == EDQUOT;
  if (error == EFBIG)
    throw Error(Code::unsupported,
                "the file system of the output directory cannot hold so large a file", path,
                "choose another -os");
  throw Error(full ? Code::no_space : Code::io,
              fmt::format("cannot create the disk: {}", std::strerror(error)), path,
              full ? "free some space or choose another -os" : "");
}

}  // namespace

void create_raw(const std::string &path, std::uint64_t size, const Creation &creation) {
  const process::FileDescriptor fd(
      open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644));
  if (!fd) creation_failed(errno, path);
  if (ftruncate(fd.get(), static_cast<off_t>(size)) != 0) creation_failed(errno, path);
  for (std::uint64_t at = 0; creation.preallocated && at < size; at += fallocate_piece) {
    if (creation.check_cancelled) creation.check_cancelled();
    const auto piece = std::min(fallocate_piece, size - at);
    const int error = posix_fallocate(fd.get(), static_cast<off_t>(at), static_cast<off_t>(piece));
    if (error != 0) creation_failed(error, path);
  }
}

void create_qcow2(const std::string &path, std::uint64_t size, const Creation &creation) {
  std::string options = "compat=1.1";
  auto limit = create_limit;
  if (creation.preallocated) {
    // falloc and not full: the space is reserved without writing every byte twice.
    options += ",preallocation=falloc";
    limit += std::chrono::seconds(size / slowest_bytes_per_second);
  }
  process::Command create{
      {"qemu-img", "create", "-q", "-f", "qcow2", "-o", options, path, std::to_string(size)}};
  create.timeout = limit;
  create.check_cancelled = creation.check_cancelled;
  create.package = "qemu-utils";
  create.run_checked("cannot create the disk", path);
}

void create_disk(const std::string &path, const TargetDisk &disk, const Creation &creation) {
  if (disk.format == "raw")
    create_raw(path, disk.virtual_size, creation);
  else
    create_qcow2(path, disk.virtual_size, creation);
}

void check_room(const std::string &directory, const std::string &name, std::uint64_t needed,
                bool reserved, const machine::Warn &warn) {
  struct statvfs volume;
  if (statvfs(directory.c_str(), &volume) != 0) return;
  // Some blocks are kept for root.
  const auto blocks = geteuid() == 0 ? volume.f_bfree : volume.f_bavail;
  const std::uint64_t available = std::uint64_t{blocks} * volume.f_frsize;
  if (needed <= available) return;
  if (available == 0)
    throw Error(Code::no_space, "there is no room left", name,
                "free some space or choose another -os");
  if (reserved)
    throw Error(Code::no_space,
                fmt::format("the disks need {}, and there are {} free", text::human_size(needed),
                            text::human_size(available)),
                name, "free some space or choose another -os");
  warn(
      fmt::format("{}: the disks may need {}, and {} are free; if they do not fit, free some space "
                  "or choose another -os",
                  name, text::human_size(needed), text::human_size(available)));
}

}  // namespace v2v::local_disks
