// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Waiting for an NBD server that may never answer, and what to say when it fails. Private to the toolkit.
#pragma once

#include <v2v/error.hpp>

#include <fmt/format.h>
#include <libnbd.h>

#include <chrono>
#include <string>

namespace v2v::nbd {

/// Throws what libnbd reports for the last call of this thread.
[[noreturn]] inline void fail_to_read(const std::string &name) {
  const char *reason = ::nbd_get_error();
  throw Error(Code::io, fmt::format("cannot read it: {}", reason ? reason : "unknown reason"), name,
              "see whether the server is up and reachable");
}

struct Patience {
  std::chrono::seconds limit;  ///< until an answer has come
  int tick_ms;                 ///< between two looks at `check`
};

/// Lets libnbd work until `done()`. `check` is called often, and ends the wait by throwing.
template <class Check, class Done>
void wait_until(nbd_handle *nbd, const std::string &name, const Patience &patience, Check check,
                Done done) {
  const auto deadline = std::chrono::steady_clock::now() + patience.limit;
  while (!done()) {
    check();
    if (std::chrono::steady_clock::now() > deadline)
      throw Error(Code::io, fmt::format("no answer within {} s", patience.limit.count()), name,
                  "see whether the server is up and reachable");
    if (::nbd_poll(nbd, patience.tick_ms) < 0) fail_to_read(name);
  }
}

}  // namespace v2v::nbd
