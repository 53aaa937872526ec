// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/copy/raw_target.hpp>

#include <core/disk/file_io.hpp>

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/fs.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace v2v::core {
namespace {

/// Between two looks at the user's wish to stop: a device may have to write every zero.
constexpr std::uint64_t zero_step = 64 << 20;
constexpr std::size_t zero_write = 1 << 20;

}  // namespace

RawTarget::RawTarget(const CopyTask &task, const Cancellation &cancellation)
    : name_(task.target_name),
      file_(::open(task.job.target.path.c_str(), O_WRONLY | O_CLOEXEC)),
      // A preallocated file has blocks of its own, and keeps them.
      may_clone_(!task.job.preallocated) {
  const auto fail = [&](Code code, const std::string &why) {
    throw Error(code, fmt::format("cannot copy disk {}: {}", task.job.disk + 1, why), name_);
  };
  if (!file_)
    fail(errno == ENOENT   ? Code::not_found
         : errno == EACCES ? Code::access
                           : Code::io,
         std::strerror(errno));
  const auto end = ::lseek(file_.get(), 0, SEEK_END);
  if (end < 0 || static_cast<std::uint64_t>(end) < task.virtual_size)
    fail(Code::io, fmt::format("the target has {} bytes, the disk {}", end, task.virtual_size));
  if (!task.job.target_is_zero) zero(task.virtual_size, task.job.preallocated, cancellation);
}

void RawTarget::zero(std::uint64_t size, bool preallocated,
                     const Cancellation &cancellation) const {
  std::vector<int> ways = {FALLOC_FL_ZERO_RANGE};
  if (!preallocated) ways.insert(ways.begin(), FALLOC_FL_PUNCH_HOLE);
  const std::vector<std::byte> zeroes(zero_write);
  for (std::uint64_t at = 0, step = 0; at < size; at += step) {
    cancellation.check();
    step = std::min(zero_step, size - at);
    while (!ways.empty() && ::fallocate(file_.get(), ways.front() | FALLOC_FL_KEEP_SIZE,
                                        static_cast<off_t>(at), static_cast<off_t>(step)) != 0)
      if (errno != EINTR) ways.erase(ways.begin());
    if (!ways.empty()) continue;
    step = std::min<std::uint64_t>(step, zero_write);
    write_fully(file_.get(), std::span(zeroes).first(step), at, name_);
  }
}

void RawTarget::write(std::uint64_t at, std::span<const std::byte> bytes) {
  write_fully(file_.get(), bytes, at, name_);
}

bool RawTarget::clone(std::uint64_t at, std::uint64_t length, int fd, std::uint64_t place) {
  if (!may_clone_) return false;
  const file_clone_range range = {fd, place, length, at};
  if (::ioctl(file_.get(), FICLONERANGE, &range) == 0) return true;
  // EINVAL: this range does not begin and end with a block; another one may.
  if (errno != EINVAL && errno != EINTR) may_clone_ = false;
  return false;
}

}  // namespace v2v::core
