// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The threads that copy what v2v copies by itself. One set for all disks, so that memory depends on
// the machine's cores and not on the disks; works take turns, so that disks share them fairly, and
// the last one has them all. They start with the first work.
#pragma once

#include <core/disk/layer.hpp>

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>

namespace v2v::core {

class CopyWorkers {
 public:
  class Work {
   public:
    virtual ~Work() = default;
    /// Does some milliseconds' worth of it. Called by several threads at the same time.
    /// @return false: nothing was left to do
    virtual bool do_one(Scratch &scratch) = 0;
  };

  CopyWorkers() = default;
  ~CopyWorkers();
  CopyWorkers(const CopyWorkers &) = delete;
  CopyWorkers &operator=(const CopyWorkers &) = delete;

  /// Returns when the work is done and no thread is at it any more. Any thread.
  /// @param most_threads  at it at the same time; 0: no limit
  /// @param tick  called now and then in this thread
  /// @throws what do_one or tick threw first; then nothing more of this work is begun
  void run(Work &work, unsigned most_threads, const std::function<void()> &tick);

 private:
  struct Entry {
    Work &work;
    unsigned most_threads;  ///< 0: no limit
    unsigned threads = 0;   ///< at it now
    bool ended = false;     ///< nothing more of it is to be begun
    std::exception_ptr failure = {};
  };

  void start();
  void serve();
  Entry *next();

  std::mutex mutex_;  ///< guards all below
  std::condition_variable wake_, done_;
  std::deque<Entry *> entries_;  ///< in the order of their turns
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace v2v::core
