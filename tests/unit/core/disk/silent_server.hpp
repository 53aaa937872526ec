// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// An NBD server that takes a connection and never says a word: whoever connects hangs until it is
// stopped. Then `on_connect` has been called, in the server's own thread.
#pragma once

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>

namespace v2v::test {

class SilentServer {
 public:
  SilentServer(const std::string &socket, std::function<void()> on_connect) {
    listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, socket.c_str(), sizeof address.sun_path - 1);
    if (::bind(listener_, reinterpret_cast<sockaddr *>(&address), sizeof address) != 0 ||
        ::listen(listener_, 1) != 0)
      throw std::runtime_error("cannot listen on " + socket);
    thread_ = std::thread([this, on_connect] {
      const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (client < 0) return;
      on_connect();
      char byte;
      while (::read(client, &byte, 1) > 0) {
      }
      ::close(client);
    });
  }
  ~SilentServer() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }
  SilentServer(const SilentServer &) = delete;
  SilentServer &operator=(const SilentServer &) = delete;

 private:
  int listener_ = -1;
  std::thread thread_;
};

}  // namespace v2v::test
