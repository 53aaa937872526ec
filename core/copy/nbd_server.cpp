// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/copy/nbd_server.hpp>

#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>

namespace v2v::core {
namespace {

/// A client is expected to open some connections, not hundreds.
constexpr std::size_t most_clients = 64;

}  // namespace

const std::filesystem::path &checked_socket_path(const std::filesystem::path &path) {
  if (path.string().size() >= sizeof(sockaddr_un::sun_path))
    throw Error(Code::unsupported, "the path is too long for a socket", path.string(),
                "set VIRT_V2V_TMPDIR to a directory with a shorter name");
  return path;
}

NbdServer::NbdServer(std::shared_ptr<const LayeredDisk> disk, std::filesystem::path socket)
    : disk_(std::move(disk)),
      path_(std::move(socket)),
      listener_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)),
      wake_(::eventfd(0, EFD_CLOEXEC)) {
  listen();
  acceptor_ = std::thread([this] { accept_clients(); });
}

NbdServer::~NbdServer() {
  ending_.request();
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(wake_.get(), &one, sizeof one);
  acceptor_.join();
  {
    const std::lock_guard lock(mutex_);
    for (const auto &client : clients_) ::shutdown(client.socket.get(), SHUT_RDWR);
  }
  for (auto &client : clients_) client.thread.join();
  std::error_code ignored;
  std::filesystem::remove(path_, ignored);
}

void NbdServer::listen() {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  std::strcpy(address.sun_path, checked_socket_path(path_).c_str());
  if (listener_ && wake_ &&
      ::bind(listener_.get(), reinterpret_cast<const sockaddr *>(&address), sizeof address) == 0 &&
      ::listen(listener_.get(), SOMAXCONN) == 0)
    return;
  throw Error(Code::io, fmt::format("cannot listen on a socket: {}", std::strerror(errno)),
              path_.string(), "set VIRT_V2V_TMPDIR to a directory on a local file system");
}

void NbdServer::accept_clients() {
  pollfd fds[] = {{listener_.get(), POLLIN, 0}, {wake_.get(), POLLIN, 0}};
  for (;;) {
    if (::poll(fds, std::size(fds), -1) < 0 && errno != EINTR) return;
    if (fds[1].revents != 0) return;
    FileDescriptor socket(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!socket) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));  // no descriptor may be free
      continue;
    }
    reap();
    const std::lock_guard lock(mutex_);
    if (clients_.size() >= most_clients) continue;
    auto &client = clients_.emplace_back(Client{std::move(socket)});
    client.thread = std::thread([this, &client] { serve(client); });
  }
}

void NbdServer::serve(Client &client) {
  NbdSession session(client.socket.get(), disk_, ending_, [this](const Error &error) {
    const std::lock_guard lock(mutex_);
    if (!failure_) failure_ = error;
  });
  session.serve();
  // The client is to notice that it is over, although the descriptor stays until it is reaped.
  ::shutdown(client.socket.get(), SHUT_RDWR);
  const std::lock_guard lock(mutex_);
  client.ended = true;
}

void NbdServer::reap() {
  const std::lock_guard lock(mutex_);
  for (auto client = clients_.begin(); client != clients_.end();) {
    if (client->ended) {
      client->thread.join();
      client = clients_.erase(client);
    } else {
      ++client;
    }
  }
}

std::optional<Error> NbdServer::failure() const {
  const std::lock_guard lock(mutex_);
  return failure_;
}

}  // namespace v2v::core
