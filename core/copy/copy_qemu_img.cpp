// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/copy/copy_qemu_img.hpp>

#include <core/copy/target_space.hpp>
#include <core/disk/qemu_img.hpp>
#include <core/disk/qemu_location.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace v2v::core {
namespace {

// A copy takes as long as it takes; a limit is there so that nothing runs for ever unseen.
constexpr std::chrono::hours copy_limit{24 * 14};

/// Runs of zeroes in data from this length on become holes. Shorter ones would tear the target into
/// pieces for little gain; a qcow2 cluster is as long.
constexpr const char *sparse_granularity = "64k";

// What qemu-img takes at most for -m.
constexpr unsigned most_coroutines = 16;

}  // namespace

std::optional<double> parse_progress(const std::string &output) {
  const auto end = output.rfind("/100%");
  if (end == output.npos) return std::nullopt;
  const auto begin = output.rfind('(', end);
  if (begin == output.npos) return std::nullopt;
  double percent = 0;
  const auto *last = output.data() + end;
  if (std::from_chars(output.data() + begin + 1, last, percent).ptr != last) return std::nullopt;
  return std::clamp(percent / 100, 0.0, 1.0);
}

std::vector<std::string> QemuImgCopy::arguments(const CopyJob &job) {
  const auto most = job.connections == 0 ? most_coroutines : job.connections;
  const auto coroutines = std::to_string(std::min(most, most_coroutines));
  std::vector<std::string> words = {"convert", "-p", "-n", "-W", "-m", coroutines};
  if (job.target_is_zero) words.push_back("--target-is-zero");
  if (job.compressed) words.push_back("-c");
  // Where the target is zero, skipping zeroes leaves its blocks as they were made, preallocated or
  // not. Else "no holes" means that qemu writes every zero.
  const bool write_zeroes = job.preallocated && !job.target_is_zero;
  words.insert(words.end(), {"-S", write_zeroes ? "0" : sparse_granularity});
  // A file is flushed by the engine at the end; anything else must flush on its own connection.
  if (job.target.type != Location::Type::file) words.insert(words.end(), {"-t", "writeback"});
  words.insert(words.end(), {"-O", job.target.format, qemu_filename(job.source),
                             qemu_filename(job.target, Access::read_write)});
  return words;
}

std::optional<std::string> QemuImgCopy::fits(const CopyTask &) const {
  return "it reads and writes every format";
}

void QemuImgCopy::copy(const CopyTask &task, const std::function<void(std::uint64_t)> &progress,
                       const Cancellation &cancellation) const {
  std::uint64_t done = 0;
  QemuImg convert;
  convert.arguments = arguments(task.job);
  convert.what = fmt::format("cannot copy disk {}", task.job.disk + 1);
  convert.object = task.target_name;
  convert.cancellation = &cancellation;
  convert.timeout = copy_limit;
  convert.on_output = [&](const std::string &piece) {
    const auto fraction = parse_progress(piece);
    if (!fraction) return;
    done = static_cast<std::uint64_t>(*fraction * static_cast<double>(task.total));
    progress(std::min(done, task.total));
  };
  try {
    convert.run();
  } catch (const Error &error) {
    if (error.code() == Code::no_space) throw no_space_error(task.job, task.total - done, error);
    throw;
  }
}

}  // namespace v2v::core
