// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The wish to stop, as a flag that any thread and a signal handler can read and set.
#pragma once

#include <v2v/error.hpp>

#include <atomic>

namespace v2v::core {

class Cancellation {
 public:
  void request() noexcept { requested_.store(true, std::memory_order_relaxed); }
  bool requested() const noexcept { return requested_.load(std::memory_order_relaxed); }
  /// @throws Error(cancelled) once stopping is wished
  void check() const {
    if (requested()) throw Error(Code::cancelled, "the conversion was cancelled");
  }

 private:
  std::atomic<bool> requested_{false};
};

}  // namespace v2v::core
