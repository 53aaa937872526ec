// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/copy/copy_workers.hpp>

#include <algorithm>
#include <chrono>

namespace v2v::core {
namespace {

/// Each has some MiB of memory for itself (layer_vmdk.cpp), and more would wait for the disk.
constexpr unsigned thread_limit = 16;
constexpr std::chrono::milliseconds tick_interval{100};

}  // namespace

CopyWorkers::~CopyWorkers() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  for (auto &thread : threads_) thread.join();
}

void CopyWorkers::start() {
  if (!threads_.empty()) return;
  const auto count = std::clamp(std::thread::hardware_concurrency(), 1u, thread_limit);
  for (unsigned i = 0; i < count; ++i) threads_.emplace_back([this] { serve(); });
}

void CopyWorkers::run(Work &work, unsigned most_threads, const std::function<void()> &tick) {
  Entry entry{work, most_threads};
  std::unique_lock lock(mutex_);
  start();
  entries_.push_back(&entry);
  wake_.notify_all();
  while (!entry.ended || entry.threads != 0) {
    done_.wait_for(lock, tick_interval);
    lock.unlock();
    try {
      tick();
      lock.lock();
    } catch (...) {
      lock.lock();
      if (!entry.failure) entry.failure = std::current_exception();
      entry.ended = true;
    }
  }
  std::erase(entries_, &entry);
  lock.unlock();
  if (entry.failure) std::rethrow_exception(entry.failure);
}

CopyWorkers::Entry *CopyWorkers::next() {
  const auto found = std::find_if(entries_.begin(), entries_.end(), [](const Entry *one) {
    return !one->ended && (one->most_threads == 0 || one->threads < one->most_threads);
  });
  if (found == entries_.end()) return nullptr;
  auto *entry = *found;
  entries_.erase(found);
  entries_.push_back(entry);
  return entry;
}

void CopyWorkers::serve() {
  Scratch scratch;
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    auto *entry = next();
    if (!entry) {
      wake_.wait(lock);
      continue;
    }
    ++entry->threads;
    lock.unlock();
    bool more = false;
    std::exception_ptr failure;
    try {
      more = entry->work.do_one(scratch);
    } catch (...) {
      failure = std::current_exception();
    }
    lock.lock();
    if (failure && !entry->failure) entry->failure = failure;
    entry->ended = entry->ended || !more;
    if (--entry->threads == 0 && entry->ended) done_.notify_all();
  }
}

}  // namespace v2v::core
