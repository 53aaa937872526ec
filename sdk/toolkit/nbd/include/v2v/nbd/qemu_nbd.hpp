// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// One qemu-nbd that serves one image read-only on a socket in the run directory, to as many clients as
// come. It lives as long as this object, and never longer than the thread that made it.
#pragma once

#include <v2v/error.hpp>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace v2v::nbd {

class LocalServer;

class QemuNbd {
 public:
  /// Starts it and waits until it listens.
  /// @param image  a file name of qemu's that names every driver: "json:{…}"
  /// @param base   a path in the run directory that is not taken: base.sock, base.log … are made
  /// @param what   what fails if it does not start, and on which `object`
  /// @param check_cancelled  called several times a second; may throw
  /// @param explain  what it means that it ended with this log
  /// @throws Error(not_found) if it is not installed, what `explain` returns, Error(io)
  QemuNbd(const std::string &image, const std::filesystem::path &base, const std::string &what,
          const std::string &object, const std::function<void()> &check_cancelled,
          const std::function<Error(const std::string &log)> &explain);
  ~QemuNbd();
  QemuNbd(const QemuNbd &) = delete;
  QemuNbd &operator=(const QemuNbd &) = delete;

  const std::filesystem::path &socket() const;
  /// nbd+unix:///?socket=…
  std::string uri() const;

 private:
  std::unique_ptr<LocalServer> server_;
};

}  // namespace v2v::nbd
