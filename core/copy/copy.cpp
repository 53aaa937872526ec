// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A few threads take jobs from one list; each thread mostly waits, for a child process or for the
// workers. The first failure, or the user's wish to stop, ends all of them through one Cancellation
// of their own.
#include <core/copy/copy.hpp>

#include <core/copy/copy_layers.hpp>
#include <core/copy/copy_qemu_img.hpp>
#include <core/copy/copy_workers.hpp>
#include <core/copy/target_space.hpp>
#include <core/disk/qemu_location.hpp>
#include <core/run/file_descriptor.hpp>

#include <fcntl.h>
#include <fmt/format.h>
#include <v2v/toolkit/human_size.hpp>

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <exception>
#include <mutex>
#include <thread>

namespace v2v::core {
namespace {

void flush_file(const CopyTask &task) {
  if (task.job.target.type != Location::Type::file) return;
  const FileDescriptor file(::open(task.job.target.path.c_str(), O_WRONLY | O_CLOEXEC));
  if (file && ::fsync(file.get()) == 0) return;
  const auto reason = errno;
  const Error error(reason == ENOSPC || reason == EDQUOT ? Code::no_space : Code::io,
                    fmt::format("cannot write disk {} to stable storage: {}", task.job.disk + 1,
                                std::strerror(reason)),
                    task.target_name);
  throw error.code() == Code::no_space ? no_space_error(task.job, task.total, error) : error;
}

class CopyPool {
 public:
  CopyPool(const std::vector<CopyTask> &tasks, Reporter &reporter, const Cancellation &cancellation)
      : tasks_(tasks), reporter_(reporter), cancellation_(cancellation) {}

  void run(unsigned parallel) {
    // Every disk once: so is known from the beginning how much there is in all.
    for (const auto &task : tasks_) report(task, 0);
    const auto threads = std::clamp<std::size_t>(parallel, 1, tasks_.size());
    running_ = threads;
    std::vector<std::jthread> pool;
    for (std::size_t i = 0; i < threads; ++i) pool.emplace_back([this] { work(); });
    wait();
    pool.clear();
    cancellation_.check();
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  void wait() {
    // The user's wish comes from a signal handler, which can wake nobody: so it is looked for.
    std::unique_lock lock(mutex_);
    while (
        !finished_.wait_for(lock, std::chrono::milliseconds(50), [this] { return running_ == 0; }))
      if (cancellation_.requested()) stop_.request();
  }

  void work() {
    while (const auto *task = next()) {
      try {
        copy(*task);
      } catch (...) {
        const std::lock_guard lock(mutex_);
        if (!failure_) failure_ = std::current_exception();
        stop_.request();
      }
    }
    const std::lock_guard lock(mutex_);
    --running_;
    finished_.notify_one();
  }

  const CopyTask *next() {
    const std::lock_guard lock(mutex_);
    return stop_.requested() || next_ == tasks_.size() ? nullptr : &tasks_[next_++];
  }

  void copy(const CopyTask &task) {
    const auto &method = choose(task);
    reporter_.step(fmt::format("Copying disk {}/{}", task.job.disk + 1, tasks_.size()));
    method.copy(
        task, [&](std::uint64_t done) { report(task, done); }, stop_);
    flush_file(task);
    if (task.job.written) task.job.written();
    report(task, task.total);
  }

  const CopyMethod &choose(const CopyTask &task) {
    for (const auto *method : copy_methods())
      if (const auto reason = method->fits(task)) {
        reporter_.debug(fmt::format("disk {}: {} of {} hold data; copied by {}, as {}",
                                    task.job.disk + 1, toolkit::human_size(task.total),
                                    toolkit::human_size(task.virtual_size), method->name(),
                                    *reason));
        return *method;
      }
    throw Error(Code::internal, "no way to copy this disk", task.target_name);
  }

  void report(const CopyTask &task, std::uint64_t done) {
    reporter_.progress(
        {"copy", task.job.disk + 1, static_cast<unsigned>(tasks_.size()), done, task.total});
  }

  const std::vector<CopyTask> &tasks_;
  Reporter &reporter_;
  const Cancellation &cancellation_;  ///< the user's
  Cancellation stop_;                 ///< of this pool
  std::mutex mutex_;
  std::condition_variable finished_;
  std::size_t next_ = 0, running_ = 0;
  std::exception_ptr failure_;
};

CopyTask make_task(const CopyJob &job, CopyWorkers &workers, const Cancellation &cancellation) {
  CopyTask task{job, 0, 0, name_of_target(job), {}, workers};
  const auto contents =
      job.contents ? *job.contents : contents_of(job.source, job.base, cancellation);
  task.layers = contents.layers;
  task.virtual_size = contents.size;
  task.total = contents.data;
  const bool everything = job.preallocated && !job.target_is_zero;
  if (everything) task.total = task.virtual_size;
  return task;
}

}  // namespace

const std::vector<const CopyMethod *> &copy_methods() {
  static const LayersCopy layers;
  static const QemuImgCopy qemu_img;
  static const std::vector<const CopyMethod *> methods = {&layers, &qemu_img};
  return methods;
}

void copy_disks(const std::vector<CopyJob> &jobs, unsigned parallel, Reporter &reporter,
                const Cancellation &cancellation) {
  if (jobs.empty()) return;
  CopyWorkers workers;
  std::vector<CopyTask> tasks;
  std::vector<std::uint64_t> totals;
  for (const auto &job : jobs) {
    tasks.push_back(make_task(job, workers, cancellation));
    totals.push_back(tasks.back().total);
  }
  check_target_space(jobs, totals);
  CopyPool(tasks, reporter, cancellation).run(parallel);
}

}  // namespace v2v::core
