// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A local image of another format than raw as a target, written through a qemu-nbd and several
// connections to it.
#pragma once

#include <core/disk/copy_target.hpp>
#include <core/disk/qemu_nbd.hpp>

#include <condition_variable>
#include <mutex>
#include <vector>

struct nbd_handle;

namespace v2v::core {

class NbdTarget : public CopyTarget {
 public:
  /// @throws as QemuNbd; Error(io) if the image is too small
  explicit NbdTarget(const CopyTask &task);
  ~NbdTarget() override;

  /// The socket for a job; may be longer than sockets take.
  static std::filesystem::path socket(const CopyJob &job);

  void write(std::uint64_t at, std::span<const std::byte> bytes) override;
  bool clone(std::uint64_t, std::uint64_t, int, std::uint64_t) override { return false; }
  void finish() override;

 private:
  void connect(std::uint64_t size);
  void disconnect();
  nbd_handle *acquire();
  void release(nbd_handle *connection);

  std::string name_;
  QemuNbd server_;
  std::mutex mutex_;  ///< guards free_
  std::condition_variable freed_;
  std::vector<nbd_handle *> all_, free_;
};

}  // namespace v2v::core
