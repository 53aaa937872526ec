// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A raw disk on an NBD server: holes are never read, and each thread that copies has a connection of
// its own, if the server has several, with many reads under way. So a distant server's delay is paid
// once for some MiB and not once for each request.
#pragma once

#include <core/disk/layer.hpp>
#include <core/disk/nbd_connection.hpp>

#include <condition_variable>
#include <functional>
#include <mutex>

namespace v2v::core {

class NbdLayer : public Layer {
 public:
  /// Connects.
  /// @throws Error(io), Error(cancelled)
  NbdLayer(const Location &location, const Cancellation &cancellation);

  std::string how() const override;
  std::unique_ptr<LayerWalk> walk() const override;
  unsigned most_threads() const override { return most_; }
  void copy(const Batch &batch, Scratch &scratch, const LayerSink &sink) const override;
  Stretch stretch(std::uint64_t at, std::uint64_t end,
                  const Cancellation &cancellation) const override;
  void read_at(std::uint64_t at, std::span<std::byte> bytes, Scratch &scratch,
               const Cancellation &cancellation) const override;

  /// Calls `body` with a connection that nobody else uses meanwhile; waits for one if need be. One that
  /// `body` throws with is given up.
  void with_connection(const Cancellation &cancellation,
                       const std::function<void(const NbdConnection &)> &body) const;
  std::uint64_t size() const { return size_; }

 private:
  std::unique_ptr<NbdConnection> take(const Cancellation &cancellation) const;
  void give_back(std::unique_ptr<NbdConnection> connection) const;

  const Location location_;
  std::uint64_t size_ = 0;
  unsigned most_ = 1;         ///< connections
  mutable std::mutex mutex_;  ///< guards what follows
  mutable std::condition_variable returned_;
  mutable std::vector<std::unique_ptr<NbdConnection>> idle_;
  mutable unsigned taken_ = 0;
};

}  // namespace v2v::core
