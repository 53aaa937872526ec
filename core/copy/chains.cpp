// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/copy/chains.hpp>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <list>
#include <mutex>
#include <thread>

namespace v2v::core {
namespace {

class Scheduler {
 public:
  Scheduler(const std::vector<Chain> &chains, std::uint64_t room,
            const std::function<void()> &on_stop)
      : room_(room), on_stop_(on_stop) {
    for (const auto &chain : chains) waiting_.push_back(&chain);
  }

  void run(std::size_t threads, const Cancellation &user) {
    running_ = threads;
    std::vector<std::jthread> pool;
    for (std::size_t i = 0; i < threads; ++i) pool.emplace_back([this] { work(); });
    wait(user);
    pool.clear();
    user.check();
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  // The user's wish comes from a signal handler, which can wake nobody: so it is looked for.
  void wait(const Cancellation &user) {
    std::unique_lock lock(mutex_);
    while (
        !changed_.wait_for(lock, std::chrono::milliseconds(50), [this] { return running_ == 0; }))
      if (user.requested()) stop();
  }

  void work() {
    std::unique_lock lock(mutex_);
    while (const auto *chain = next(lock)) {
      lock.unlock();
      std::exception_ptr failure;
      try {
        chain->run(stop_);
      } catch (...) {
        failure = std::current_exception();
      }
      lock.lock();
      held_ -= chain->scratch;
      if (failure && !failure_) failure_ = failure;
      if (failure) stop();
      changed_.notify_all();
    }
    --running_;
    changed_.notify_all();
  }

  // The next chain for which there is room, with its room reserved; null: none is left to begin.
  const Chain *next(std::unique_lock<std::mutex> &lock) {
    while (!stop_.requested() && !waiting_.empty()) {
      const auto found = std::find_if(waiting_.begin(), waiting_.end(), [this](const auto *chain) {
        return held_ == 0 || chain->scratch <= room_ - std::min(held_, room_);
      });
      if (found != waiting_.end()) {
        const auto *chain = *found;
        waiting_.erase(found);
        held_ += chain->scratch;
        return chain;
      }
      changed_.wait(lock);
    }
    return nullptr;
  }

  void stop() {
    if (stop_.requested()) return;
    stop_.request();
    on_stop_();
    changed_.notify_all();
  }

  const std::uint64_t room_;
  const std::function<void()> &on_stop_;
  Cancellation stop_;  ///< of these chains
  std::mutex mutex_;   ///< guards what follows
  std::condition_variable changed_;
  std::list<const Chain *> waiting_;
  std::size_t running_ = 0;  ///< threads
  std::uint64_t held_ = 0;   ///< bytes of scratch
  std::exception_ptr failure_;
};

}  // namespace

void run_chains(const std::vector<Chain> &chains, const ChainLimits &limits,
                const Cancellation &user, const std::function<void()> &on_stop) {
  if (chains.empty()) return;
  user.check();
  const auto threads = std::clamp<std::size_t>(limits.parallel, 1, chains.size());
  Scheduler(chains, limits.scratch, on_stop).run(threads, user);
}

}  // namespace v2v::core
