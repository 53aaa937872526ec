// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Brings the bytes of one disk to ImageIO. The calling thread reads the disk in order and cuts it into
// pieces of data and runs of zeroes; as many threads as the server has writers for send them, each
// over a connection of its own. What is under way is all that is held in memory.
#pragma once

#include <v2v/nbd/nbd_stream.hpp>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "image_io.hpp"

namespace v2v::output_rhv_upload {

struct UploadTo {
  std::string url;  ///< of the transfer
  http::Tls tls = {};
  bool local = false;      ///< ImageIO runs on this host: by its socket, if it has one
  std::uint64_t size = 0;  ///< of the disk; beyond what is read it is zero
};

struct UploadHooks {
  std::function<void(std::uint64_t done)> progress;
  std::function<void()> check_cancelled;  ///< may throw
  std::function<void()> keep_alive;       ///< every half minute; any failure is its own
  std::function<void(const std::string &)> debug;
  std::vector<std::chrono::milliseconds> pauses = http::Hooks::default_pauses();
};

class DiskUpload {
 public:
  DiskUpload(UploadTo to, UploadHooks hooks) : to_(std::move(to)), hooks_(std::move(hooks)) {}

  /// Uploads it and flushes. Once.
  /// @param uri   of the disk, for NbdStream
  /// @param name  what messages call it
  /// @throws what ImageIo and NbdStream throw, and check_cancelled
  void run(const std::string &uri, const std::string &name);

 private:
  struct Piece {
    std::uint64_t offset = 0, length = 0;
    std::string data = {};  ///< empty: zeroes
  };

  void send(const std::string &uri, const std::string &name);
  void cut(nbd::NbdStream &disk);
  void hand_over(Piece piece);
  void send_pieces() noexcept;
  std::optional<Piece> next_piece();
  void check();
  void keep_alive();
  void stop() noexcept;

  const UploadTo to_;
  const UploadHooks hooks_;
  std::optional<ImageIo> main_;  ///< of the calling thread
  std::string unix_socket_;
  ImageIoOptions options_;
  std::chrono::steady_clock::time_point kept_alive_ = std::chrono::steady_clock::now();
  std::atomic<bool> stop_ = false;  ///< the threads end, whatever is left
  std::atomic<std::uint64_t> done_ = 0;

  std::mutex mutex_;  ///< guards what follows
  std::condition_variable changed_;
  std::deque<Piece> waiting_;
  bool complete_ = false;  ///< nothing more is handed over
  std::exception_ptr failure_;
};

}  // namespace v2v::output_rhv_upload
