// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Requests to an HTTP or HTTPS service, for plugins that speak to one. libcurl does the work; this
// adds what every such plugin needs in the same way: a limit on the time and on the size of an
// answer, repetition of what a busy or restarted server could not do, cancellation within a second,
// and errors in three parts. What a request carries (tokens, bodies) gets into no message and no
// log.
//
// A redirection is an answer and not followed: a token is for the server it was meant for. Proxies
// are taken from the environment, as every program does.
//
// A Client is a value without a connection of its own, unless it is given some to keep; its functions may
// be called from any thread.
#pragma once

#include <v2v/error.hpp>
#include <v2v/host.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace v2v::http {

/// Whom to trust, and who we are.
struct Tls {
  std::string ca_file = {};      ///< PEM, or a directory of it; empty: what the system trusts
  bool verify = true;            ///< false: anybody may be the server
  std::string certificate = {};  ///< ours, PEM; empty: none
  std::string key = {};          ///< its private key; empty: in the same file
  std::string remedy = {};       ///< for a person whose server is not trusted: how to name its CA
};

struct Header {
  std::string name, value;
};

struct Request {
  std::string method = "GET";
  std::string url;
  std::vector<Header> headers = {};
  std::string body = {};
  std::chrono::seconds timeout{60};  ///< for all of it; not for uploads
};

struct Response {
  int status = 0;
  std::map<std::string, std::string> headers = {};  ///< names in lower case
  std::string body = {};

  bool ok() const { return status >= 200 && status < 300; }
  /// Empty if there is none.
  std::string header(const std::string &lower_case_name) const {
    const auto found = headers.find(lower_case_name);
    return found == headers.end() ? std::string() : found->second;
  }
};

/// A body that is made as it is sent.
struct Upload {
  std::uint64_t size = 0;
  /// Puts up to `room` bytes, at least one, into `buffer`. May throw, which ends the upload.
  std::function<std::size_t(char *buffer, std::size_t room)> read;
};

struct Hooks {
  std::function<void()> check_cancelled = {};           ///< may throw
  std::function<void(const std::string &)> debug = {};  ///< a line for every request
  std::function<void(std::uint64_t)> progress = {};     ///< bytes of an upload that were sent
  std::vector<std::chrono::milliseconds> pauses = default_pauses();  ///< before each repetition

  /// Heeds a cancellation, and shows each request with -v.
  static Hooks of(const Host &host);
  static std::vector<std::chrono::milliseconds> default_pauses() {
    using namespace std::chrono_literals;
    return {500ms, 1000ms, 2000ms, 4000ms};
  }
};

/// Connections that stay open from one request to the next, for a client that makes many. Used by one
/// thread, and so is every Client that has them.
class Connections {
 public:
  /// @param unix_socket  path of a socket to use instead of the URL's host; with a NUL as its first
  ///                     byte it is Linux's abstract kind; empty: none
  explicit Connections(std::string unix_socket = {});
  ~Connections();
  Connections(const Connections &) = delete;
  Connections &operator=(const Connections &) = delete;

 private:
  friend class Transfer;
  const std::string unix_socket_;
  void *share_ = nullptr;  ///< libcurl's
};

class Client {
 public:
  /// @param kept  null: a connection for each request
  explicit Client(Tls tls, Hooks hooks = {}, std::shared_ptr<Connections> kept = {})
      : tls_(std::move(tls)), hooks_(std::move(hooks)), kept_(std::move(kept)) {}

  /// Sends it, and again after a pause if the connection broke or the answer is 500, 502, 503 or
  /// 504; so it must be something that can be asked twice.
  /// @return whatever the server's last answer was
  /// @throws Error(io) if there was none; Error(access) if the server is not trusted; what
  ///         check_cancelled throws
  Response send(const Request &request) const;

  /// Sends a body once, however long it takes: it ends only where nothing moves for ten minutes.
  /// @throws as send(), and what `read` throws
  Response upload(const Request &request, const Upload &body) const;

 private:
  void pause(std::chrono::milliseconds duration) const;

  Tls tls_;
  Hooks hooks_;
  std::shared_ptr<Connections> kept_;
};

/// The URL as messages may show it: without a user's name and password, and without its query.
std::string printable_url(const std::string &url);

}  // namespace v2v::http
