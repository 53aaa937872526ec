// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/copy/copy_layers.hpp>

#include <core/copy/copy_target.hpp>
#include <core/copy/copy_workers.hpp>
#include <core/copy/layer_sink.hpp>
#include <core/copy/target_space.hpp>
#include <core/disk/layered_disk.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <mutex>

namespace v2v::core {
namespace {

/// First what the overlay leaves visible of the base, then what it holds itself. They never touch
/// the same byte of the target, so the order matters to nobody.
class LayersWork : public CopyWorkers::Work {
 public:
  LayersWork(const LayeredDisk &disk, CopyTarget &target, std::uint64_t largest_write,
             const Cancellation &cancellation)
      : cancellation_(cancellation),
        nothing_{disk.size(), {}},
        parts_{{disk.base(), disk.base().walk(), disk.changes(),
                LayerSink(target, disk.changes(), largest_write, done_, cancellation)},
               {disk.top(), disk.top().walk(), nothing_,
                LayerSink(target, nothing_, largest_write, done_, cancellation)}} {}

  bool do_one(Scratch &scratch) override {
    cancellation_.check();
    const auto [part, batch] = take();
    if (!part) return false;
    part->layer.copy(batch, scratch, part->sink);
    return true;
  }

  std::uint64_t done() const { return done_; }

 private:
  struct Part {
    const Layer &layer;
    std::unique_ptr<LayerWalk> walk;
    const Changes &above;
    LayerSink sink;
  };

  std::pair<Part *, Batch> take() {
    const std::lock_guard lock(mutex_);
    for (; current_ < std::size(parts_); ++current_) {
      auto &part = parts_[current_];
      auto batch = part.walk->next(part.above, cancellation_);
      if (!batch.empty()) return {&part, std::move(batch)};
    }
    return {nullptr, {}};
  }

  const Cancellation &cancellation_;
  const Changes nothing_;
  std::atomic<std::uint64_t> done_{0};
  std::mutex mutex_;  ///< guards the walks and current_
  Part parts_[2];
  std::size_t current_ = 0;
};

/// Of two limits of which 0 stands for none.
unsigned lower_limit(unsigned one, unsigned other) {
  return one == 0 || other == 0 ? one + other : std::min(one, other);
}

}  // namespace

std::optional<std::string> LayersCopy::fits(const CopyTask &task) const {
  if (!task.layers) return std::nullopt;
  const auto target = target_fits(task.job);
  if (!target) return std::nullopt;
  return fmt::format("{}, {}", task.layers->base().how(), *target);
}

void LayersCopy::copy(const CopyTask &task, const std::function<void(std::uint64_t)> &progress,
                      const Cancellation &cancellation) const {
  std::uint64_t done = 0;
  try {
    const auto target = open_target(task, cancellation);
    LayersWork work(*task.layers, *target, task.job.largest_write, cancellation);
    // One that waits for a connection to the source would be missing elsewhere.
    const auto most = lower_limit(task.layers->base().most_threads(), task.job.connections);
    task.workers.run(work, most, [&] {
      done = std::min(work.done(), task.total);
      progress(done);
    });
    target->finish();
  } catch (const Error &error) {
    if (error.code() == Code::no_space) throw no_space_error(task.job, task.total - done, error);
    throw;
  }
}

}  // namespace v2v::core
