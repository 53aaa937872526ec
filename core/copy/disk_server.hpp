// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Serves a finished disk to an output that reads it itself: raw, read-only, on a local socket, with
// holes and zeroes told. By v2v where it reads the disk's layers, else by qemu-nbd.
#pragma once

#include <core/run/cancellation.hpp>
#include <v2v/values.hpp>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace v2v::nbd {
class QemuNbd;
}

namespace v2v::core {

class LayeredDisk;
class NbdServer;

class DiskServer {
 public:
  /// Serves when this returns. To be made and ended in one thread.
  /// @param disk    the overlay
  /// @param layers  of the disk; null: only qemu can read it
  /// @param base    begins the names of the files it makes, in the run directory
  /// @throws Error(not_found) if qemu-nbd is needed and not there; Error(unsupported), Error(io);
  ///         Error(cancelled)
  DiskServer(const Location &disk, const std::shared_ptr<const LayeredDisk> &layers,
             const std::filesystem::path &base, const Cancellation &cancellation);
  ~DiskServer();

  /// "nbd+unix:///?socket=…"
  std::string uri() const;
  /// Why the disk could not be read, if a reader came to know that. Any thread.
  std::optional<Error> failure() const;

 private:
  std::filesystem::path socket_;  ///< of our own server
  std::unique_ptr<NbdServer> own_;
  std::unique_ptr<nbd::QemuNbd> qemu_;
};

}  // namespace v2v::core
