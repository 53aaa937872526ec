// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "disk_upload.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <thread>
#include <vector>

namespace v2v::output_rhv_upload {
namespace {

using namespace std::chrono_literals;

// ImageIO has much work for each request and little for each byte.
constexpr std::size_t piece_size = 4u << 20;
// A run of zeroes that is shorter is cheaper to send than to be told.
constexpr std::uint64_t least_zeroes = 64u << 10;
constexpr std::uint64_t most_zeroes = 1u << 30;
// More do not help; virt-v2v has as many.
constexpr unsigned most_writers = 4;
// Half of what ImageIO lets a connection idle.
constexpr auto keep_alive_interval = 30s;
constexpr auto tick = 100ms;

/// Ends the threads and waits for them, whatever happens.
class Writers {
 public:
  Writers(unsigned count, const std::function<void()> &body, std::function<void()> end)
      : end_(std::move(end)) {
    try {
      for (unsigned i = 0; i < count; ++i) threads_.emplace_back(body);
    } catch (...) {
      finish();
      throw;
    }
  }
  ~Writers() { finish(); }
  Writers(const Writers &) = delete;
  Writers &operator=(const Writers &) = delete;
  void join() {
    for (auto &thread : threads_) thread.join();
    threads_.clear();
  }

 private:
  void finish() {
    end_();
    join();
  }
  std::function<void()> end_;
  std::vector<std::thread> threads_;
};

}  // namespace

void DiskUpload::run(const std::string &uri, const std::string &name) {
  http::Hooks hooks;
  hooks.pauses = hooks_.pauses;
  hooks.check_cancelled = hooks_.check_cancelled;
  main_.emplace(to_.url, to_.tls, hooks);
  options_ = main_->options();
  if (to_.local) unix_socket_ = options_.unix_socket;
  send(uri, name);
  main_->flush(options_);
}

void DiskUpload::send(const std::string &uri, const std::string &name) {
  // One of the connections that the server has is the calling thread's.
  const auto count = std::clamp(options_.max_writers - 1, 1u, most_writers);
  hooks_.debug(fmt::format("ImageIO: zero {}, flush {}, {} of {} writers{}", options_.zeroes,
                           options_.flushes, count, options_.max_writers,
                           unix_socket_.empty() ? "" : ", by its local socket"));
  Writers writers(
      count, [this] { send_pieces(); }, [this] { stop(); });
  nbd::NbdStream disk(uri, name, [this] { check(); });
  cut(disk);
  std::unique_lock lock(mutex_);
  complete_ = true;
  changed_.notify_all();
  while (!failure_ && done_ < to_.size) {
    lock.unlock();
    check();
    lock.lock();
    changed_.wait_for(lock, tick);
  }
  if (failure_) std::rethrow_exception(failure_);
}

void DiskUpload::stop() noexcept {
  const std::lock_guard lock(mutex_);
  stop_ = true;
  changed_.notify_all();
}

/// What is done while there is nothing to do. The reader calls it several times a second.
void DiskUpload::check() {
  hooks_.check_cancelled();
  hooks_.progress(done_);
  if (std::chrono::steady_clock::now() - kept_alive_ < keep_alive_interval) return;
  keep_alive();
  kept_alive_ = std::chrono::steady_clock::now();
}

/// If it fails, so does the next thing that matters.
void DiskUpload::keep_alive() {
  try {
    main_->options();
    hooks_.keep_alive();
  } catch (const Error &error) {
    if (error.code() == Code::cancelled) throw;
    hooks_.debug(fmt::format("the transfer cannot be kept alive: {}", error.what()));
  }
}

void DiskUpload::cut(nbd::NbdStream &disk) {
  std::uint64_t at = 0;
  std::string buffer(piece_size, '\0');
  std::size_t filled = 0;
  const auto flush = [&] {
    if (filled > 0) hand_over({at - filled, filled, buffer.substr(0, filled)});
    filled = 0;
  };
  while (at < disk.size()) {
    std::uint64_t zeroes = 0;
    while (const auto more = disk.skip_zeroes(most_zeroes - zeroes)) zeroes += more;
    if (zeroes >= least_zeroes || zeroes > piece_size - filled) {
      flush();
      hand_over({at, zeroes});
      at += zeroes;
      continue;
    }
    std::memset(buffer.data() + filled, 0, static_cast<std::size_t>(zeroes));
    filled += static_cast<std::size_t>(zeroes);
    const auto count = disk.read(buffer.data() + filled, piece_size - filled);
    filled += count;
    at += zeroes + count;
    if (filled == piece_size) flush();
  }
  flush();
  while (at < to_.size) {
    const auto length = std::min(most_zeroes, to_.size - at);
    hand_over({at, length});
    at += length;
  }
}

/// Waits until there is room for it.
void DiskUpload::hand_over(Piece piece) {
  check();
  std::unique_lock lock(mutex_);
  while (!failure_ && waiting_.size() >= most_writers) {
    lock.unlock();
    check();
    lock.lock();
    changed_.wait_for(lock, tick);
  }
  if (failure_) std::rethrow_exception(failure_);
  waiting_.push_back(std::move(piece));
  changed_.notify_all();
}

std::optional<DiskUpload::Piece> DiskUpload::next_piece() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return stop_ || complete_ || !waiting_.empty(); });
  if (stop_ || waiting_.empty()) return std::nullopt;
  auto piece = std::move(waiting_.front());
  waiting_.pop_front();
  changed_.notify_all();
  return piece;
}

// ---- The threads -----------------------------------------------------------------------------

void DiskUpload::send_pieces() noexcept {
  try {
    http::Hooks hooks;
    hooks.pauses = hooks_.pauses;
    hooks.check_cancelled = [this] {
      if (stop_) throw Error(Code::cancelled, "another writer has failed");
    };
    ImageIo server(to_.url, to_.tls, hooks, unix_socket_);
    while (auto piece = next_piece()) {
      if (piece->data.empty())
        server.zero(piece->offset, piece->length, options_);
      else
        server.write(piece->offset, std::move(piece->data));
      done_ += piece->length;
      changed_.notify_all();
    }
  } catch (...) {
    const std::lock_guard lock(mutex_);
    if (!failure_) failure_ = std::current_exception();
    stop_ = true;
    changed_.notify_all();
  }
}

}  // namespace v2v::output_rhv_upload
