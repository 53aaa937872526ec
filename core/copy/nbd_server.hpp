// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Serves a disk that v2v reads by itself over NBD on a local socket, raw and read-only. Each client
// has a thread of its own. The server ends with this object, and so do its clients.
//
// WHY our own. The disk's layers live in this process, and inflating a VMDK's grains on all cores is
// what makes an upload quick; qemu-nbd inflates on one.
#pragma once

#include <core/copy/nbd_session.hpp>
#include <core/run/file_descriptor.hpp>

#include <filesystem>
#include <list>
#include <mutex>
#include <optional>
#include <thread>

namespace v2v::core {

class NbdServer {
 public:
  /// Listens when this returns.
  /// @param socket  a path that is not there; in a directory of this user only
  /// @throws Error(unsupported) if the path is too long for a socket; Error(io)
  NbdServer(std::shared_ptr<const LayeredDisk> disk, std::filesystem::path socket);
  ~NbdServer();
  NbdServer(const NbdServer &) = delete;
  NbdServer &operator=(const NbdServer &) = delete;

  /// What the first read that failed failed with. Any thread.
  std::optional<Error> failure() const;

 private:
  struct Client {
    FileDescriptor socket;
    bool ended = false;
    std::thread thread = {};
  };

  void listen();
  void accept_clients();
  void serve(Client &client);
  void reap();

  const DiskReader disk_;
  const std::filesystem::path path_;
  FileDescriptor listener_, wake_;
  Cancellation ending_;
  mutable std::mutex mutex_;   ///< guards what follows
  std::list<Client> clients_;  ///< ended ones go at the next arrival
  std::optional<Error> failure_;
  std::thread acceptor_;
};

/// A path that can be a socket's.
/// @throws Error(unsupported) that says how to get a shorter one
const std::filesystem::path &checked_socket_path(const std::filesystem::path &path);

}  // namespace v2v::core
