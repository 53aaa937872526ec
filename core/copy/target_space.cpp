// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/copy/target_space.hpp>

#include <core/disk/image_size.hpp>
#include <core/disk/qemu_location.hpp>

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>
#include <v2v/text/human_size.hpp>

#include <filesystem>
#include <map>
#include <optional>

namespace v2v::core {
namespace {

using text::human_size;

/// The directory as the user knows it: until it is finished a target may lie in another one, which is
/// gone when the message is read.
std::string directory_of(const CopyJob &job) {
  return std::filesystem::path(name_of_target(job)).parent_path().string();
}

struct Need {
  const CopyJob *job = nullptr;  ///< one of the jobs
  std::uint64_t bytes = 0;
};

}  // namespace

std::optional<std::uint64_t> free_bytes(const std::string &path) {
  struct statfs status = {};
  if (::statfs(path.c_str(), &status) != 0 || status.f_blocks == 0) return std::nullopt;
  // Data may become smaller there, so its size says nothing: btrfs, ZFS, bcachefs.
  for (const unsigned long compressing : {0x9123683EUL, 0x2FC12FC1UL, 0xCA451A4EUL})
    if (static_cast<unsigned long>(status.f_type) == compressing) return std::nullopt;
  const auto blocks = ::geteuid() == 0 ? status.f_bfree : status.f_bavail;
  return static_cast<std::uint64_t>(blocks) * static_cast<std::uint64_t>(status.f_bsize);
}

std::string name_of_target(const CopyJob &job) {
  return job.target_name.empty() ? display_name(job.target) : job.target_name;
}

void check_target_space(const std::vector<CopyJob> &jobs,
                        const std::vector<std::uint64_t> &totals) {
  std::map<dev_t, Need> needs;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const auto &target = jobs[i].target;
    struct stat status = {};
    if (jobs[i].compressed || target.type != Location::Type::file ||
        ::stat(target.path.c_str(), &status) != 0 || !S_ISREG(status.st_mode))
      continue;
    auto &need = needs[status.st_dev];
    const auto there = allocated_size(target);
    need.bytes += totals[i] - std::min(totals[i], there);
    need.job = &jobs[i];
  }
  for (const auto &[device, need] : needs) {
    const auto free = free_bytes(need.job->target.path);
    if (!free || need.bytes <= *free) continue;
    throw Error(Code::no_space,
                fmt::format("the disks do not fit: {} have to be written, {} are free",
                            human_size(need.bytes), human_size(*free)),
                directory_of(*need.job),
                fmt::format("make room for {} more, or {}", human_size(need.bytes - *free),
                            need.job->elsewhere));
  }
}

Error no_space_error(const CopyJob &job, std::uint64_t left, const Error &cause) {
  if (job.target.type != Location::Type::file) return cause;
  const auto free = free_bytes(job.target.path).value_or(0);
  const auto missing = left - std::min(left, free);
  const bool known = missing != 0 && !job.compressed;
  return Error(
      Code::no_space,
      fmt::format("disk {} does not fit: {}", job.disk + 1, "no space is left on the device"),
      known ? directory_of(job) : name_of_target(job),
      known ? fmt::format("make room for about {} more, or {}", human_size(missing), job.elsewhere)
            : fmt::format("make room there, or {}", job.elsewhere));
}

}  // namespace v2v::core
