// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// When an overlay cannot grow any more, or a source cannot be read, qemu stops the appliance until
// somebody has mended it, and a call into it would wait for ever. This thread hears of it from qemu (QMP,
// docs/interop/qmp-spec) and ends the appliance, so that the call fails.
#pragma once

#include <core/run/file_descriptor.hpp>
#include <v2v/error.hpp>

#include <sys/types.h>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace v2v::core {

class OverlayWatch {
 public:
  /// Watches the qemu at the other end of a QMP connection until one of them ends.
  /// @param qemu      the process, a child of this one
  /// @param overlays  the directory of the overlays, for the error
  /// @param sources   what each disk reads from, in their order, for the error
  OverlayWatch(FileDescriptor qmp, pid_t qemu, std::filesystem::path overlays,
               std::vector<std::string> sources);
  ~OverlayWatch();
  OverlayWatch(const OverlayWatch &) = delete;
  OverlayWatch &operator=(const OverlayWatch &) = delete;

  /// Connects to the socket on which qemu listens.
  static FileDescriptor connect(const std::filesystem::path &socket);

  /// Why the appliance was ended, if it was. Any thread.
  std::optional<Error> failure() const;

 private:
  void run();
  void take(const std::string &line);
  void say(const std::string &command);
  void kill();
  const std::string &source(const std::string &device) const;

  FileDescriptor qmp_, qemu_;
  const std::filesystem::path overlays_;
  const std::vector<std::string> sources_;
  mutable std::mutex mutex_;
  std::optional<Error> failure_;
  std::thread thread_;
};

}  // namespace v2v::core
