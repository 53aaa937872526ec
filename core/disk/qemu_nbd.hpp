// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Serves an image to this process: a qemu-nbd that listens on a socket of its own and ends when
// its clients are gone, or is killed.
#pragma once

#include <core/run/command.hpp>
#include <v2v/values.hpp>

#include <atomic>
#include <exception>
#include <filesystem>
#include <thread>

namespace v2v::core {

class QemuNbd {
 public:
  /// Starts it for writing. What it writes is on stable storage only after finish() and an fsync of
  /// the image.
  /// @param socket   must not be there, in a directory that nobody else can write to
  /// @param clients  how many connections it takes at once
  /// @throws Error(not_found) if qemu-nbd is not installed; qemu_img_error of what it says
  QemuNbd(const Location &image, std::filesystem::path socket, unsigned clients);
  ~QemuNbd();
  QemuNbd(const QemuNbd &) = delete;
  QemuNbd &operator=(const QemuNbd &) = delete;

  const std::filesystem::path &socket() const { return socket_; }
  /// Waits for its end, after every client has gone.
  /// @throws the reason if it did not end well
  void finish();
  /// True if the path fits into a socket's address.
  static bool takes(const std::filesystem::path &socket);

 private:
  void serve();

  Location image_;
  std::filesystem::path socket_;
  Command command_;
  Cancellation stop_;
  std::atomic<bool> ended_{false};
  std::exception_ptr failure_;  ///< valid once ended_
  std::thread thread_;
};

}  // namespace v2v::core
