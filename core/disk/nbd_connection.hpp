// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A connection to an NBD server, by libnbd, which keeps to the block sizes that the server wants. Every
// wait ends soon after the user wants to stop, and when the server has said nothing for minutes: it
// holds up nobody for ever. For one thread at a time.
#pragma once

#include <core/run/cancellation.hpp>
#include <v2v/values.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

struct nbd_handle;

namespace v2v::core {

class NbdConnection {
 public:
  /// Whether a location is one that can be connected to: NBD without TLS, raw.
  static bool fits(const Location &location);

  /// Connects, and asks for what base:allocation tells.
  /// @param patience  how long the server may say nothing that was waited for; nbdkit tries again for
  ///                  minutes before it gives up, and then says why
  /// @throws Error(io) that names the URI; Error(cancelled)
  NbdConnection(const Location &location, const Cancellation &cancellation,
                std::chrono::milliseconds patience = std::chrono::minutes(5));

  /// Bytes of the disk.
  std::uint64_t size() const;
  /// The server says that several connections see the same disk, and so accepts them.
  bool can_have_others() const;

  struct Extent {
    std::uint64_t end = 0;  ///< byte of the disk
    bool data = false;      ///< else it reads as zeroes
  };
  /// What is at byte `at` and after it, up to `end` or as far as the server says in one answer; at
  /// least one. A server that cannot tell has data everywhere.
  /// @throws Error(io), Error(cancelled)
  std::vector<Extent> extents(std::uint64_t at, std::uint64_t end,
                              const Cancellation &cancellation) const;

  /// A part of the disk, in bytes.
  struct Part {
    std::uint64_t at = 0, length = 0;
  };
  /// Reads them in requests of a size that the server takes, as many at the same time as `memory` has MiB,
  /// the next one begun as soon as one is done. Calls `done` with the place and the bytes of each as it
  /// completes, in any order.
  /// @throws Error(io), Error(cancelled), what `done` throws; the connection is of no use then
  using Done = std::function<void(std::uint64_t at, std::span<std::byte> bytes)>;
  void read(std::span<const Part> parts, std::span<std::byte> memory, const Done &done,
            const Cancellation &cancellation) const;

 private:
  using Clock = std::chrono::steady_clock;
  void keep_to_block_sizes();
  /// @param since  when the server last did what was waited for
  void wait(const Cancellation &cancellation, Clock::time_point since) const;
  std::uint64_t begin(std::span<std::byte> room, std::uint64_t at) const;
  bool completed(std::uint64_t cookie, const Part &part) const;
  [[noreturn]] void fail(const std::string &what) const;

  std::string name_;
  std::chrono::milliseconds patience_;
  std::unique_ptr<nbd_handle, void (*)(nbd_handle *)> handle_;
  std::uint64_t block_ = 1;      ///< each request is a multiple of it
  std::uint64_t most_read_ = 0;  ///< bytes of one request, a power of two
};

}  // namespace v2v::core
