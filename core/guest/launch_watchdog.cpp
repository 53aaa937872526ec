// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/guest/launch_watchdog.hpp>

#include <core/run/descendants.hpp>

#include <fmt/format.h>
#include <signal.h>

#include <filesystem>

namespace v2v::core {
namespace {

/// Between two looks at the user's wish to stop.
constexpr std::chrono::milliseconds interval{200};

/// libguestfs keeps a fork of this program beside qemu, which cleans up when this one dies and ends by
/// itself; and supermin makes the appliance before the first launch, which takes as long as it takes.
bool is_helper(pid_t pid) {
  std::error_code failure;
  const auto theirs = std::filesystem::read_symlink(fmt::format("/proc/{}/exe", pid), failure);
  return failure || theirs.filename() == "supermin" ||
         theirs == std::filesystem::read_symlink("/proc/self/exe", failure);
}

std::set<pid_t> children_now() {
  const auto found = children();
  return {found.begin(), found.end()};
}

}  // namespace

LaunchWatchdog::LaunchWatchdog(std::chrono::milliseconds limit, const Cancellation &cancellation)
    : cancellation_(cancellation), before_(children_now()) {
  thread_ = std::thread([this, limit] { watch(limit); });
}

LaunchWatchdog::~LaunchWatchdog() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void LaunchWatchdog::watch(std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  while (!changed_.wait_for(lock, interval, [this] { return ended_; })) {
    const auto now = std::chrono::steady_clock::now();
    for (const pid_t pid : children()) {
      if (before_.count(pid) != 0 || is_helper(pid)) continue;
      const auto seen = seen_.emplace(pid, now).first->second;
      if (cancellation_.requested() || now - seen > limit) ::kill(pid, SIGKILL);
    }
  }
}

}  // namespace v2v::core
