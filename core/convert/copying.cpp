// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/convert/copying.hpp>

#include <core/copy/copy.hpp>
#include <core/disk/qemu_img.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

namespace v2v::core {
namespace {

CopyJob job_for(const CopyPlan &plan, unsigned disk, Location target_location, bool is_zero) {
  const auto &target = plan.targets[disk];
  CopyJob job;
  job.disk = disk;
  job.source = plan.overlays[disk].location();
  job.base = plan.overlays[disk].source();
  job.contents = plan.contents[disk];
  job.target = std::move(target_location);
  job.target_is_zero = is_zero;
  job.compressed = target.compressed;
  job.preallocated = target.preallocated;
  job.target_name = target.display_name;
  return job;
}

// An empty image in the run directory for an output that takes finished ones.
Location make_image(const CopyPlan &plan, unsigned disk, const PluginEnvironment &environment) {
  const auto &wanted = plan.metadata.disks[disk];
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

// Calls `body` for each disk, some at the same time. After the first failure none is begun any more,
// the others are asked to stop, and when all have ended the failure goes on.
class DiskQueue {
 public:
  DiskQueue(std::vector<unsigned> disks, OutputInstance &output, const Cancellation &cancellation)
      : disks_(std::move(disks)), output_(output), cancellation_(cancellation) {}

  void run(unsigned parallel, const std::function<void(unsigned)> &body) {
    {
      std::vector<std::jthread> threads;
      for (std::size_t i = 0; i < std::min<std::size_t>(parallel, disks_.size()); ++i)
        threads.emplace_back([&] { work(body); });
    }
    if (failure_) std::rethrow_exception(failure_);
    cancellation_.check();
  }

 private:
  void work(const std::function<void(unsigned)> &body) {
    while (const auto disk = next()) try {
        body(*disk);
      } catch (...) {
        const std::lock_guard lock(mutex_);
        if (!failure_) failure_ = std::current_exception();
        output_.stop();
      }
  }

  std::optional<unsigned> next() {
    const std::lock_guard lock(mutex_);
    if (failure_ || cancellation_.requested() || next_ == disks_.size()) return std::nullopt;
    return disks_[next_++];
  }

  const std::vector<unsigned> disks_;
  OutputInstance &output_;
  const Cancellation &cancellation_;
  std::mutex mutex_;  ///< guards what follows
  std::size_t next_ = 0;
  std::exception_ptr failure_;
};

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
  std::vector<Location> images(plan.metadata.disks.size());
  for (const auto disk : with_mode(plan, Target::Mode::host_writes)) {
    auto &job = jobs.emplace_back(
        job_for(plan, disk, *plan.targets[disk].location, plan.targets[disk].reads_as_zero));
    job.connections = output.description().connections;
    job.largest_write = output.description().preferred_request;
    job.written = [&output, disk] { output.written(disk); };
  }
  for (const auto disk : taken) {
    images[disk] = make_image(plan, disk, environment);
    jobs.push_back(job_for(plan, disk, images[disk], true));
  }
  copy_disks(jobs, parallel, environment.reporter, environment.cancellation);
  DiskQueue(taken, output, environment.cancellation).run(parallel, [&](unsigned disk) {
    output.take({disk, images[disk], plan.metadata});
    std::filesystem::remove(images[disk].path);  // the others may need the room
  });
  DiskQueue(with_mode(plan, Target::Mode::plugin_copies), output, environment.cancellation)
      .run(parallel, [&](unsigned disk) {
        output.copy({disk, plan.overlays[disk].location(), plan.metadata});
      });
}

}  // namespace v2v::core
