// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "http_server.hpp"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>

namespace v2v::test {
namespace {

class Connection {
 public:
  Connection(int fd, const std::atomic<bool> &ending) : fd_(fd), ending_(ending) {}
  ~Connection() { ::close(fd_); }

  /// False if the other side is gone.
  bool fill() {
    char piece[65536];
    pollfd waiting{fd_, POLLIN, 0};
    while (::poll(&waiting, 1, 50) == 0)
      if (ending_) return false;
    const auto count = ::read(fd_, piece, sizeof piece);
    if (count <= 0) return false;
    buffer_.append(piece, static_cast<std::size_t>(count));
    return true;
  }
  void write(const std::string &text) {
    for (std::size_t done = 0; done < text.size();) {
      const auto count = ::send(fd_, text.data() + done, text.size() - done, MSG_NOSIGNAL);
      if (count <= 0) return;
      done += static_cast<std::size_t>(count);
    }
  }
  std::string &buffer() { return buffer_; }

 private:
  int fd_;
  const std::atomic<bool> &ending_;
  std::string buffer_;
};

bool read_head(Connection &connection, HttpRequest &request) {
  auto &text = connection.buffer();
  std::size_t end = 0;
  while ((end = text.find("\r\n\r\n")) == text.npos)
    if (!connection.fill()) return false;
  const auto head = text.substr(0, end + 2);
  text.erase(0, end + 4);
  const auto space = head.find(' '), second = head.find(' ', space + 1);
  request.method = head.substr(0, space);
  auto target = head.substr(space + 1, second - space - 1);
  const auto query = target.find('?');
  request.path = target.substr(0, query);
  if (query != target.npos) request.query = target.substr(query + 1);
  for (auto at = head.find("\r\n") + 2; at < head.size();) {
    const auto line_end = head.find("\r\n", at), colon = head.find(':', at);
    auto name = head.substr(at, colon - at);
    std::transform(name.begin(), name.end(), name.begin(), ::tolower);
    const auto value = head.find_first_not_of(' ', colon + 1);
    request.headers[name] = head.substr(value, line_end - value);
    at = line_end + 2;
  }
  return true;
}

std::size_t length_of(const HttpRequest &request) {
  const auto found = request.headers.find("content-length");
  return found == request.headers.end() ? 0 : std::stoull(found->second);
}

std::string text_of(const HttpAnswer &answer) {
  auto text = "HTTP/1.1 " + std::to_string(answer.status) + " Said\r\nConnection: close\r\n";
  for (const auto &header : answer.headers) text += header + "\r\n";
  return text + "Content-Length: " + std::to_string(answer.body.size()) + "\r\n\r\n" + answer.body;
}

}  // namespace

HttpServer::HttpServer(Handler handler) : handler_(std::move(handler)) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  if (::bind(listener_, reinterpret_cast<sockaddr *>(&address), length) != 0 ||
      ::listen(listener_, 64) != 0 ||
      ::getsockname(listener_, reinterpret_cast<sockaddr *>(&address), &length) != 0)
    throw std::runtime_error("no port");
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_clients(); });
}

HttpServer::~HttpServer() {
  ending_ = true;
  acceptor_.join();
  for (auto &client : clients_) client.join();
  ::close(listener_);
}

void HttpServer::fail_next(const Fault &fault) {
  const std::lock_guard lock(mutex_);
  faults_.push_back(fault);
}

std::vector<std::string> HttpServer::requests() const {
  const std::lock_guard lock(mutex_);
  return seen_;
}

std::size_t HttpServer::count(const std::string &request_line) const {
  const auto all = requests();
  return static_cast<std::size_t>(std::count(all.begin(), all.end(), request_line));
}

void HttpServer::accept_clients() {
  pollfd waiting{listener_, POLLIN, 0};
  while (!ending_) {
    if (::poll(&waiting, 1, 50) <= 0) continue;
    const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd >= 0) clients_.emplace_back([this, fd] { serve(fd); });
  }
}

bool HttpServer::take_fault(const HttpRequest &request, bool after, Fault &fault) {
  const auto found = std::find_if(faults_.begin(), faults_.end(), [&](const Fault &one) {
    return one.after == after && one.method == request.method &&
           request.path.find(one.path_part) != request.path.npos;
  });
  if (found == faults_.end()) return false;
  fault = *found;
  faults_.erase(found);
  return true;
}

void HttpServer::serve(int fd) {
  Connection connection(fd, ending_);
  HttpRequest request;
  if (!read_head(connection, request)) return;
  Fault fault;
  bool faulty = false;
  {
    const std::lock_guard lock(mutex_);
    seen_.push_back(request.method + " " + request.path);
    faulty = take_fault(request, false, fault);
  }
  auto wanted = length_of(request);
  if (faulty) wanted = std::min(wanted, fault.bytes);
  if (wanted > 0 && request.headers.count("expect"))
    connection.write("HTTP/1.1 100 Continue\r\n\r\n");
  while (connection.buffer().size() < wanted)
    if (!connection.fill()) return;
  request.body = connection.buffer().substr(0, wanted);
  if (!faulty) {
    const std::lock_guard lock(mutex_);
    const auto answer = handler_(request);
    faulty = take_fault(request, true, fault);
    if (!faulty) return connection.write(text_of(answer));
  }
  if (fault.status == 0) return;
  HttpAnswer answer{fault.status, fault.body};
  if (!fault.header.empty()) answer.headers.push_back(fault.header);
  connection.write(text_of(answer));
}

}  // namespace v2v::test
