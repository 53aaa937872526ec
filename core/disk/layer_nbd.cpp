// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/disk/layer_nbd.hpp>

#include <core/copy/layer_sink.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace v2v::core {
namespace {

/// More would not be quicker, and VMware's servers give few.
constexpr unsigned most_connections = 4;
/// Between two batches a connection is idle for the server's delay.
constexpr std::uint64_t nbd_batch_bytes = 128 << 20;
/// Of a thread: so much is under way at a time.
constexpr std::size_t memory_bytes = 16 << 20;
constexpr std::size_t most_nbd_pieces = 128;
constexpr std::chrono::milliseconds wait_interval{100};

class NbdWalk : public LayerWalk {
 public:
  explicit NbdWalk(const NbdLayer &layer) : layer_(layer) {}

  Batch next(const Changes &above, const Cancellation &cancellation) override {
    Batch batch;
    std::uint64_t bytes = 0;
    while (bytes < nbd_batch_bytes && batch.size() < most_nbd_pieces) {
      if (index_ == extents_.size() && !ask(cancellation)) break;
      const auto &extent = extents_[index_];
      const auto end =
          extent.data ? std::min(extent.end, at_ + nbd_batch_bytes - bytes) : extent.end;
      // What an overlay hides is not read either.
      if (extent.data)
        for_unchanged(above, at_, end - at_, [&](std::uint64_t start, std::uint64_t length) {
          batch.push_back({start, length, start, length});
          bytes += length;
        });
      at_ = end;
      if (at_ == extent.end) ++index_;
    }
    return batch;
  }

 private:
  // False at the end of the disk.
  bool ask(const Cancellation &cancellation) {
    cancellation.check();
    if (at_ == layer_.size()) return false;
    layer_.with_connection(cancellation, [&](const NbdConnection &connection) {
      extents_ = connection.extents(at_, layer_.size(), cancellation);
    });
    index_ = 0;
    return true;
  }

  const NbdLayer &layer_;
  std::vector<NbdConnection::Extent> extents_;
  std::size_t index_ = 0;
  std::uint64_t at_ = 0;  ///< byte of the disk
};

}  // namespace

NbdLayer::NbdLayer(const Location &location, const Cancellation &cancellation)
    : location_(location) {
  auto first = std::make_unique<NbdConnection>(location_, cancellation);
  size_ = first->size();
  if (first->can_have_others()) most_ = most_connections;
  idle_.push_back(std::move(first));
}

std::string NbdLayer::how() const {
  return fmt::format("the source is an NBD server that takes {}",
                     most_ > 1 ? "several connections" : "one connection");
}

std::unique_ptr<LayerWalk> NbdLayer::walk() const {
  return std::make_unique<NbdWalk>(*this);
}

void NbdLayer::with_connection(const Cancellation &cancellation,
                               const std::function<void(const NbdConnection &)> &body) const {
  auto connection = take(cancellation);
  try {
    body(*connection);
  } catch (...) {
    give_back(nullptr);
    throw;
  }
  give_back(std::move(connection));
}

std::unique_ptr<NbdConnection> NbdLayer::take(const Cancellation &cancellation) const {
  std::unique_lock lock(mutex_);
  while (taken_ >= most_) {
    cancellation.check();
    returned_.wait_for(lock, wait_interval);
  }
  ++taken_;
  if (!idle_.empty()) {
    auto connection = std::move(idle_.back());
    idle_.pop_back();
    return connection;
  }
  lock.unlock();
  try {
    return std::make_unique<NbdConnection>(location_, cancellation);
  } catch (...) {
    give_back(nullptr);
    throw;
  }
}

void NbdLayer::give_back(std::unique_ptr<NbdConnection> connection) const {
  const std::lock_guard lock(mutex_);
  --taken_;
  if (connection) idle_.push_back(std::move(connection));
  returned_.notify_one();
}

void NbdLayer::copy(const Batch &batch, Scratch &scratch, const LayerSink &sink) const {
  if (scratch.stored.size() < memory_bytes) scratch.stored.resize(memory_bytes);
  std::vector<NbdConnection::Part> parts;
  for (const auto &piece : batch) parts.push_back({piece.start, piece.length});
  with_connection(sink.cancellation(), [&](const NbdConnection &connection) {
    connection.read(
        parts, scratch.stored,
        [&](std::uint64_t at, std::span<std::byte> bytes) { sink.write(at, bytes); },
        sink.cancellation());
  });
}

Stretch NbdLayer::stretch(std::uint64_t at, std::uint64_t end,
                          const Cancellation &cancellation) const {
  Stretch found;
  with_connection(cancellation, [&](const NbdConnection &connection) {
    const auto extents = connection.extents(at, end, cancellation);
    found = {extents.front().end, extents.front().data};
  });
  return found;
}

void NbdLayer::read_at(std::uint64_t at, std::span<std::byte> bytes, Scratch &scratch,
                       const Cancellation &cancellation) const {
  if (scratch.stored.size() < memory_bytes) scratch.stored.resize(memory_bytes);
  const NbdConnection::Part part = {at, bytes.size()};
  with_connection(cancellation, [&](const NbdConnection &connection) {
    connection.read(
        {&part, 1}, scratch.stored,
        [&](std::uint64_t place, std::span<std::byte> read) {
          std::copy(read.begin(), read.end(),
                    bytes.begin() + static_cast<std::ptrdiff_t>(place - at));
        },
        cancellation);
  });
}

}  // namespace v2v::core
