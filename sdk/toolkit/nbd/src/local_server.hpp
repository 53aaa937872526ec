// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What nbdkit and qemu-nbd have in common as servers of this toolkit: a socket, a file with the process's
// number that tells that it listens, and a log, whose names begin alike; and a process that is killed at
// the end, because it only reads. Private to the toolkit.
#pragma once

#include <v2v/error.hpp>
#include <v2v/process/process.hpp>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace v2v::nbd {

class LocalServer {
 public:
  /// @throws Error(unsupported) if base.sock is too long for a socket
  explicit LocalServer(const std::filesystem::path &base);
  ~LocalServer();
  LocalServer(const LocalServer &) = delete;
  LocalServer &operator=(const LocalServer &) = delete;

  /// Starts it and waits until it listens.
  /// @param what     what fails if it does not start, and on which `object`
  /// @param late     what has not started when it takes too long
  /// @param explain  what it means that it ended
  void start(const process::Command &command, const std::string &what, const std::string &object,
             const std::string &late, const std::function<void()> &check_cancelled,
             const std::function<Error()> &explain);

  const std::filesystem::path &socket() const { return socket_; }
  const std::filesystem::path &pid_file() const { return pid_file_; }
  const std::filesystem::path &log() const { return log_; }
  /// nbd+unix:///?socket=…
  std::string uri() const;

 private:
  std::filesystem::path socket_, pid_file_, log_;
  std::unique_ptr<process::Child> server_;
};

}  // namespace v2v::nbd
