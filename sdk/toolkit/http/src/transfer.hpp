// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// One exchange with a server: a handle of libcurl with its callbacks. Used by one thread, once.
#pragma once

#include <v2v/http/client.hpp>

#include <curl/curl.h>

#include <exception>
#include <memory>

namespace v2v::http {

class Transfer {
 public:
  /// @param upload  null: the request's own body
  /// @param kept    null: a connection of its own
  Transfer(const Tls &tls, const Hooks &hooks, const Request &request, const Upload *upload,
           const Connections *kept);
  Transfer(const Transfer &) = delete;
  Transfer &operator=(const Transfer &) = delete;

  /// @return CURLE_OK, or why there is no answer
  /// @throws what a callback has thrown
  CURLcode run();

  const Response &response() const { return response_; }
  /// Why it failed.
  Error error(CURLcode code) const;

 private:
  struct EasyEnd {
    void operator()(CURL *curl) const { ::curl_easy_cleanup(curl); }
  };
  struct ListEnd {
    void operator()(curl_slist *list) const { ::curl_slist_free_all(list); }
  };

  void set_request();
  void set_body();
  void set_limits();
  void set_tls();
  void set_connections(const Connections &kept);
  template <class Value>
  void set(CURLoption option, Value value);
  void add_header(const std::string &line);
  template <class Body>
  auto guard(Body body, decltype(body()) failed) noexcept;

  static std::size_t on_header(char *data, std::size_t, std::size_t count, void *self);
  static std::size_t on_answer(char *data, std::size_t, std::size_t count, void *self);
  static std::size_t on_read(char *buffer, std::size_t size, std::size_t count, void *self);
  static int on_progress(void *self, curl_off_t, curl_off_t, curl_off_t, curl_off_t sent);

  const Tls &tls_;
  const Hooks &hooks_;
  const Request &request_;
  const Upload *upload_;
  std::unique_ptr<CURL, EasyEnd> curl_;
  std::unique_ptr<curl_slist, ListEnd> headers_;
  char reason_[CURL_ERROR_SIZE] = {};
  Response response_;
  std::exception_ptr thrown_;
};

}  // namespace v2v::http
