// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A small HTTP/1.1 server on 127.0.0.1 that fails on demand. It reads bodies with a Content-Length, answers
// Expect: 100-continue, and closes after each answer. A test gives it a function from request to
// answer; faults come before that function. Ends with this object.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace v2v::test {

struct HttpRequest {
  std::string method, path, query, body;
  std::map<std::string, std::string> headers;  ///< names in lower case
};

struct HttpAnswer {
  int status = 200;
  std::string body = {};
  std::vector<std::string> headers = {};  ///< "Name: value"
};

/// Done once, to the next request that it fits.
struct Fault {
  std::string method, path_part;
  int status = 0;         ///< answer with it; 0: cut the connection
  bool after = false;     ///< only once the request was carried out: its answer is lost
  std::size_t bytes = 0;  ///< of the body are read first
  std::string header = {};
  std::string body = {};
};

class HttpServer {
 public:
  using Handler = std::function<HttpAnswer(const HttpRequest &)>;

  explicit HttpServer(Handler handler);
  ~HttpServer();
  HttpServer(const HttpServer &) = delete;
  HttpServer &operator=(const HttpServer &) = delete;

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  void fail_next(const Fault &fault);
  /// "POST /v2/images", in the order of their arrival.
  std::vector<std::string> requests() const;
  /// How often this one has arrived.
  std::size_t count(const std::string &request_line) const;

 private:
  void accept_clients();
  void serve(int fd);
  bool take_fault(const HttpRequest &request, bool after, Fault &fault);

  const Handler handler_;
  int listener_ = -1;
  unsigned port_ = 0;
  std::atomic<bool> ending_ = false;
  mutable std::mutex mutex_;  ///< guards what follows, and the handler
  std::list<Fault> faults_;
  std::vector<std::string> seen_;
  std::list<std::thread> clients_;
  std::thread acceptor_;
};

}  // namespace v2v::test
