// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Ends an appliance that does not come up. libguestfs waits for ever for a machine that hangs, which
// under a nested KVM it may do at any point: in its BIOS, or only in its kernel. One object watches
// one launch, from a thread of its own.
#pragma once

#include <core/run/cancellation.hpp>

#include <sys/types.h>

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <thread>

namespace v2v::core {

class LaunchWatchdog {
 public:
  /// From here on, what this process starts counts as the appliance.
  /// @param limit  how long a machine may take; then it is killed, so that the launch fails; also when the
  ///               user wants to stop
  LaunchWatchdog(std::chrono::milliseconds limit, const Cancellation &cancellation);
  /// The launch has ended.
  ~LaunchWatchdog();
  LaunchWatchdog(const LaunchWatchdog &) = delete;
  LaunchWatchdog &operator=(const LaunchWatchdog &) = delete;

 private:
  void watch(std::chrono::milliseconds limit);

  const Cancellation &cancellation_;
  const std::set<pid_t> before_;  ///< children that were there already
  std::map<pid_t, std::chrono::steady_clock::time_point>
      seen_;          ///< the thread's; for the first time
  std::mutex mutex_;  ///< guards what follows
  std::condition_variable changed_;
  bool ended_ = false;
  std::thread thread_;
};

}  // namespace v2v::core
