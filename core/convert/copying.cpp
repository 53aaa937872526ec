// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/convert/copying.hpp>

#include <core/disk/copy.hpp>
#include <core/disk/qemu_img.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <future>

namespace v2v::core {
namespace {

CopyJob job_for(const CopyPlan &plan, unsigned disk, Location target_location, bool is_zero) {
  const auto &target = plan.targets[disk];
  CopyJob job;
  job.disk = disk;
  job.source = plan.overlays[disk].location();
  job.base = plan.overlays[disk].source();
  job.target = std::move(target_location);
  job.target_is_zero = is_zero;
  job.compressed = target.compressed;
  job.preallocated = target.preallocated;
  return job;
}

// An empty image in the run directory for an output that takes finished ones.
Location make_image(const CopyPlan &plan, unsigned disk, const PluginEnvironment &environment) {
  const auto &wanted = plan.disks[disk];
  Location image;
  image.path = environment.run_directory / fmt::format("image{}", disk);
  image.format = wanted.format;
  QemuImg{{"create", "-q", "-f", wanted.format, image.path, std::to_string(wanted.virtual_size)},
          "cannot make a temporary image",
          image.path,
          &environment.cancellation}
      .run();
  return image;
}

// Calls `body` for each disk, some at the same time, and lets all end before the first failure
// goes on.
void for_some_at_once(const std::vector<unsigned> &disks, unsigned parallel,
                      const std::function<void(unsigned)> &body) {
  for (std::size_t begin = 0; begin < disks.size(); begin += parallel) {
    const auto end = std::min<std::size_t>(begin + parallel, disks.size());
    std::vector<std::future<void>> running;
    for (auto i = begin; i < end; ++i)
      running.push_back(std::async(std::launch::async, body, disks[i]));
    for (auto &one : running) one.wait();
    for (auto &one : running) one.get();
  }
}

std::vector<unsigned> with_mode(const CopyPlan &plan, Target::Mode mode) {
  std::vector<unsigned> disks;
  for (unsigned i = 0; i < plan.targets.size(); ++i)
    if (plan.targets[i].mode == mode) disks.push_back(i);
  return disks;
}

}  // namespace

void copy_to_targets(const CopyPlan &plan, OutputInstance &output, PluginEnvironment &environment) {
  const auto parallel = std::max(plan.parallel, 1u);
  const auto taken = with_mode(plan, Target::Mode::plugin_takes);
  std::vector<CopyJob> jobs;
  std::vector<Location> images(plan.disks.size());
  for (const auto disk : with_mode(plan, Target::Mode::host_writes))
    jobs.push_back(
        job_for(plan, disk, *plan.targets[disk].location, plan.targets[disk].reads_as_zero));
  for (const auto disk : taken) {
    images[disk] = make_image(plan, disk, environment);
    jobs.push_back(job_for(plan, disk, images[disk], true));
  }
  copy_disks(jobs, parallel, environment.reporter, environment.cancellation);
  for_some_at_once(taken, parallel, [&](unsigned disk) { output.take(disk, images[disk]); });
  for_some_at_once(with_mode(plan, Target::Mode::plugin_copies), parallel,
                   [&](unsigned disk) { output.copy(disk, plan.overlays[disk].location()); });
}

}  // namespace v2v::core
