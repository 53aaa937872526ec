// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
#include <core/copy/copy.hpp>

#include <core/copy/copy_layers.hpp>
#include <core/copy/copy_qemu_img.hpp>
#include <core/copy/copy_workers.hpp>
#include <core/copy/target_space.hpp>
#include <core/disk/qemu_location.hpp>
#include <core/run/file_descriptor.hpp>

#include <fcntl.h>
#include <fmt/format.h>
#include <v2v/text/human_size.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>

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

const CopyMethod &choose(const CopyTask &task, Reporter &reporter) {
  for (const auto *method : copy_methods())
    if (const auto reason = method->fits(task)) {
      reporter.debug(fmt::format("disk {}: {} of {} hold data; copied by {}, as {}",
                                 task.job.disk + 1, text::human_size(task.total),
                                 text::human_size(task.virtual_size), method->name(), *reason));
      return *method;
    }
  throw Error(Code::internal, "no way to copy this disk", task.target_name);
}

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

CopyEngine::CopyEngine(std::vector<CopyJob> jobs, unsigned disks, Reporter &reporter,
                       const Cancellation &cancellation)
    : jobs_(std::move(jobs)),
      disks_(disks),
      reporter_(reporter),
      workers_(std::make_unique<CopyWorkers>()) {
  std::vector<std::uint64_t> totals;
  for (const auto &job : jobs_) {
    tasks_.push_back(make_task(job, *workers_, cancellation));
    totals.push_back(tasks_.back().total);
  }
  check_target_space(jobs_, totals);
  for (const auto &task : tasks_) report(task, 0);
}

CopyEngine::~CopyEngine() = default;

void CopyEngine::copy(unsigned disk, const Cancellation &stop) {
  const auto &task = *std::find_if(tasks_.begin(), tasks_.end(),
                                   [&](const auto &one) { return one.job.disk == disk; });
  const auto &method = choose(task, reporter_);
  reporter_.step(fmt::format("Copying disk {}/{}", disk + 1, disks_));
  method.copy(
      task, [&](std::uint64_t done) { report(task, done); }, stop);
  flush_file(task);
  report(task, task.total);
}

void CopyEngine::report(const CopyTask &task, std::uint64_t done) {
  reporter_.progress({"copy", task.job.disk + 1, disks_, done, task.total});
}

}  // namespace v2v::core
