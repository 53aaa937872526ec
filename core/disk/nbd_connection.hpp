// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A connection to an NBD server, by libnbd. Every wait ends soon after the user wants to stop: a
// server that says nothing holds up nobody for ever. For one thread at a time.
#pragma once

#include <core/run/cancellation.hpp>
#include <v2v/values.hpp>

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
  /// @throws Error(io) that names the URI; Error(cancelled)
  NbdConnection(const Location &location, const Cancellation &cancellation);

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

  struct Read {
    std::uint64_t at = 0;
    std::size_t length = 0;  ///< at most most_read
  };
  static constexpr std::size_t most_read = 1 << 20;
  /// As many at the same time as `memory` has room for reads of most_read, the next one begun as soon as
  /// one is done. Calls `done` with the place and the bytes of each as it completes, in any order.
  /// @throws Error(io), Error(cancelled), what `done` throws; the connection is of no use then
  using Done = std::function<void(std::uint64_t at, std::span<std::byte> bytes)>;
  void read(std::span<const Read> reads, std::span<std::byte> memory, const Done &done,
            const Cancellation &cancellation) const;

 private:
  void wait(const Cancellation &cancellation) const;
  [[noreturn]] void fail(const std::string &what) const;

  std::string name_;
  std::unique_ptr<nbd_handle, void (*)(nbd_handle *)> handle_;
};

}  // namespace v2v::core
