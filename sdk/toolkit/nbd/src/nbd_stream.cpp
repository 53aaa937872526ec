// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The ring holds pieces in the order of the disk: the thread adds at its end, the reader takes from its
// beginning. A piece belongs to the thread until it is ready, and then to the reader.
#include <v2v/nbd/nbd_stream.hpp>

#include "nbd_wait.hpp"

#include <libnbd.h>

#include <algorithm>
#include <chrono>
#include <cstring>

namespace v2v::nbd {
namespace {

using namespace std::chrono_literals;

constexpr auto answer_limit = 120s;
constexpr int tick_ms = 100;
constexpr std::uint64_t piece_size = 1u << 20;
constexpr std::size_t pieces_ahead = 16;
// A run of zeroes is one piece, but not so long that a cancellation has to wait for it.
constexpr std::uint64_t longest_zero_piece = 64u << 20;
// As much as 32 bits say, in whole sectors.
constexpr std::uint64_t longest_status = 0xfffffe00u;

}  // namespace

NbdStream::NbdStream(const std::string &uri, std::string name,
                     std::function<void()> check_cancelled)
    : nbd_(::nbd_create()), name_(std::move(name)), check_cancelled_(std::move(check_cancelled)) {
  if (!nbd_) throw Error(Code::io, "cannot connect: no memory", name_);
  try {
    if (::nbd_add_meta_context(nbd_, LIBNBD_CONTEXT_BASE_ALLOCATION) < 0) fail();
    if (::nbd_aio_connect_uri(nbd_, uri.c_str()) < 0) fail();
    wait([this] {
      check_cancelled_();
      return ::nbd_aio_is_connecting(nbd_) == 0;
    });
    if (::nbd_aio_is_ready(nbd_) != 1) fail();
    const auto bytes = ::nbd_get_size(nbd_);
    if (bytes < 0) fail();
    size_ = static_cast<std::uint64_t>(bytes);
    tells_extents_ = ::nbd_can_meta_context(nbd_, LIBNBD_CONTEXT_BASE_ALLOCATION) == 1;
    thread_ = std::thread([this] { read_ahead(); });
  } catch (...) {
    ::nbd_close(nbd_);
    throw;
  }
}

NbdStream::~NbdStream() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  thread_.join();
  ::nbd_close(nbd_);  // before the ring, into which requests under way write
}

std::size_t NbdStream::read(char *buffer, std::size_t room) {
  if (delivered_ == size_ || room == 0) return 0;
  std::unique_lock lock(mutex_);
  const auto &piece = first_piece(lock);
  const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(room, piece.length - taken_));
  if (piece.zero)
    std::memset(buffer, 0, count);
  else
    std::memcpy(buffer, piece.data.data() + taken_, count);
  pass(count);
  return count;
}

std::uint64_t NbdStream::skip_zeroes(std::uint64_t most) {
  if (delivered_ == size_) return 0;
  std::unique_lock lock(mutex_);
  const auto &piece = first_piece(lock);
  if (!piece.zero) return 0;
  const auto count = std::min(most, piece.length - taken_);
  pass(count);
  return count;
}

/// Waits until it is ready.
const NbdStream::Piece &NbdStream::first_piece(std::unique_lock<std::mutex> &lock) {
  const auto settled = [this] { return failure_ || (!ring_.empty() && ring_.front()->ready); };
  while (!settled()) {
    lock.unlock();
    check_cancelled_();
    lock.lock();
    changed_.wait_for(lock, std::chrono::milliseconds(tick_ms), settled);
  }
  if (failure_) std::rethrow_exception(failure_);
  return *ring_.front();
}

/// The reader has these bytes of the first piece. Under the lock.
void NbdStream::pass(std::uint64_t count) {
  taken_ += static_cast<std::size_t>(count);
  delivered_ += count;
  if (taken_ < ring_.front()->length) return;
  ring_.pop_front();
  taken_ = 0;
  changed_.notify_all();
}

// ---- The thread ------------------------------------------------------------------------------

void NbdStream::read_ahead() noexcept {
  try {
    while (asked_ < size_ || !under_way_.empty()) {
      std::size_t held = 0;
      {
        std::unique_lock lock(mutex_);
        // With requests under way there is something to do in any case.
        changed_.wait(
            lock, [this] { return ending_ || !under_way_.empty() || ring_.size() < pieces_ahead; });
        if (ending_) return;
        held = ring_.size();
      }
      for (; held < pieces_ahead && asked_ < size_; ++held) add_piece();
      if (!under_way_.empty()) collect();
    }
    return;
  } catch (...) {
    const std::lock_guard lock(mutex_);
    failure_ = std::current_exception();
  }
  changed_.notify_all();
}

void NbdStream::add_piece() {
  auto piece = next_piece();
  if (!piece->zero) ask(*piece);
  const std::lock_guard lock(mutex_);
  ring_.push_back(std::move(piece));
  changed_.notify_all();
}

std::unique_ptr<NbdStream::Piece> NbdStream::next_piece() {
  const auto extent = extent_at(asked_);
  auto piece = std::make_unique<Piece>();
  piece->zero = piece->ready = extent.zero;
  const auto most = extent.zero ? longest_zero_piece : piece_size - asked_ % piece_size;
  piece->length = std::min(most, extent.end - asked_);
  asked_ += piece->length;
  return piece;
}

/// The extent that `at` lies in, up to the end of what is known of it.
NbdStream::Extent NbdStream::extent_at(std::uint64_t at) {
  while (!extents_.empty() && extents_.front().end <= at) extents_.pop_front();
  if (extents_.empty() && tells_extents_) ask_extents(at);
  if (extents_.empty()) return {size_, false};
  return extents_.front();
}

void NbdStream::ask_extents(std::uint64_t at) {
  extents_end_ = at;
  const nbd_extent_callback callback = {
      [](void *self, const char *, std::uint64_t, std::uint32_t *entries, std::size_t count,
         int *) {
        auto &me = *static_cast<NbdStream *>(self);
        for (std::size_t i = 0; i + 1 < count && me.extents_end_ < me.size_; i += 2) {
          if (entries[i] == 0) break;
          me.extents_end_ = std::min(me.size_, me.extents_end_ + entries[i]);
          me.extents_.push_back({me.extents_end_, (entries[i + 1] & LIBNBD_STATE_ZERO) != 0});
        }
        return 0;
      },
      this, nullptr};
  const auto cookie = ::nbd_aio_block_status(nbd_, std::min(longest_status, size_ - at), at,
                                             callback, nbd_completion_callback{}, 0);
  if (cookie < 0) fail();
  int done = 0;
  wait([&] {
    done = ::nbd_aio_command_completed(nbd_, static_cast<std::uint64_t>(cookie));
    return done != 0;
  });
  if (done < 0) fail();
}

void NbdStream::ask(Piece &piece) {
  piece.data.resize(piece.length);
  piece.cookie = ::nbd_aio_pread(nbd_, piece.data.data(), piece.data.size(), asked_ - piece.length,
                                 nbd_completion_callback{}, 0);
  if (piece.cookie < 0) fail();
  under_way_.push_back(&piece);
}

/// Waits until one of the requests under way is answered, and takes in what has arrived.
void NbdStream::collect() {
  const auto in_flight = ::nbd_aio_in_flight(nbd_);
  wait([&] { return in_flight <= 0 || ::nbd_aio_in_flight(nbd_) < in_flight; });
  const auto arrived = std::partition(under_way_.begin(), under_way_.end(), [&](Piece *piece) {
    const int done = ::nbd_aio_command_completed(nbd_, static_cast<std::uint64_t>(piece->cookie));
    if (done < 0) fail();
    return done == 0;
  });
  const std::lock_guard lock(mutex_);
  for (auto piece = arrived; piece != under_way_.end(); ++piece) (*piece)->ready = true;
  under_way_.erase(arrived, under_way_.end());
  changed_.notify_all();
}

template <class Done>
void NbdStream::wait(Done done) {
  const auto check = [this] {
    const std::lock_guard lock(mutex_);
    if (ending_) throw Error(Code::cancelled, "the reader has gone", name_);
  };
  wait_until(nbd_, name_, {answer_limit, tick_ms}, check, done);
}

void NbdStream::fail() const {
  fail_to_read(name_);
}

}  // namespace v2v::nbd
