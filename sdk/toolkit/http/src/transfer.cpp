// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "transfer.hpp"

#include <v2v/text/characters.hpp>
#include <v2v/text/printable.hpp>

#include <fmt/format.h>
#include <sys/stat.h>

namespace v2v::http {
namespace {

constexpr long connect_limit = 30;  // seconds
constexpr long stall_limit = 600;   // seconds; a store may think that long about the last byte
constexpr long upload_buffer = 1 << 20;
// Answers are lists and descriptions; what is longer than this is none.
constexpr std::size_t longest_answer = 16u << 20;

bool is_directory(const std::string &path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

bool libcurl_started() {
  static const CURLcode started = ::curl_global_init(CURL_GLOBAL_DEFAULT);
  return started == CURLE_OK;
}

}  // namespace

Connections::Connections(std::string unix_socket) : unix_socket_(std::move(unix_socket)) {
  if (libcurl_started()) share_ = ::curl_share_init();
  if (!share_) throw Error(Code::internal, "libcurl cannot be started");
  for (const auto what : {CURL_LOCK_DATA_CONNECT, CURL_LOCK_DATA_SSL_SESSION})
    if (::curl_share_setopt(share_, CURLSHOPT_SHARE, what) != CURLSHE_OK) {
      ::curl_share_cleanup(share_);
      throw Error(Code::internal, "libcurl cannot keep connections");
    }
}

Connections::~Connections() {
  ::curl_share_cleanup(share_);
}

Transfer::Transfer(const Tls &tls, const Hooks &hooks, const Request &request, const Upload *upload,
                   const Connections *kept)
    : tls_(tls), hooks_(hooks), request_(request), upload_(upload) {
  if (libcurl_started()) curl_.reset(::curl_easy_init());
  if (!curl_) throw Error(Code::internal, "libcurl cannot be started");
  set_request();
  set_body();
  set_limits();
  set_tls();
  if (kept) set_connections(*kept);
}

template <class Value>
void Transfer::set(CURLoption option, Value value) {
  if (const auto code = ::curl_easy_setopt(curl_.get(), option, value); code != CURLE_OK)
    throw Error(Code::internal,
                fmt::format("libcurl refuses a setting ({}): {}", static_cast<int>(option),
                            ::curl_easy_strerror(code)),
                printable_url(request_.url));
}

void Transfer::add_header(const std::string &line) {
  // A line end in a value would begin a header of its own.
  if (text::has_control_character(line))
    throw Error(Code::usage, "a header of the request has a control character",
                printable_url(request_.url),
                "see whether a name, token or password has a line end that it should not have");
  auto *list = ::curl_slist_append(headers_.get(), line.c_str());
  if (!list) throw std::bad_alloc();
  if (!headers_) headers_.reset(list);
}

void Transfer::set_request() {
  set(CURLOPT_URL, request_.url.c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_HTTP_VERSION, long{CURL_HTTP_VERSION_1_1});
  set(CURLOPT_USERAGENT, "v2v");
  for (const auto &header : request_.headers) add_header(header.name + ": " + header.value);
  set(CURLOPT_ERRORBUFFER, static_cast<char *>(reason_));
  set(CURLOPT_HEADERFUNCTION, &Transfer::on_header);
  set(CURLOPT_HEADERDATA, static_cast<void *>(this));
  set(CURLOPT_WRITEFUNCTION, &Transfer::on_answer);
  set(CURLOPT_WRITEDATA, static_cast<void *>(this));
}

void Transfer::set_body() {
  if (upload_) {
    set(CURLOPT_UPLOAD, 1L);
    set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(upload_->size));
    set(CURLOPT_READFUNCTION, &Transfer::on_read);
    set(CURLOPT_READDATA, static_cast<void *>(this));
    set(CURLOPT_UPLOAD_BUFFERSIZE, upload_buffer);
    // The server says what it does not want before it gets it; it is waited for a moment.
    set(CURLOPT_EXPECT_100_TIMEOUT_MS, 5000L);
    add_header("Expect: 100-continue");
  } else if (!request_.body.empty() || request_.method == "POST") {
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
    set(CURLOPT_POSTFIELDS, request_.body.c_str());
    add_header("Expect:");
  }
  set(CURLOPT_CUSTOMREQUEST, request_.method.c_str());
  if (request_.method == "HEAD") set(CURLOPT_NOBODY, 1L);
  set(CURLOPT_HTTPHEADER, headers_.get());
}

void Transfer::set_limits() {
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_CONNECTTIMEOUT, connect_limit);
  if (upload_) {
    set(CURLOPT_LOW_SPEED_LIMIT, 1L);
    set(CURLOPT_LOW_SPEED_TIME, stall_limit);
  } else {
    set(CURLOPT_TIMEOUT, static_cast<long>(request_.timeout.count()));
  }
  set(CURLOPT_NOPROGRESS, 0L);
  set(CURLOPT_XFERINFOFUNCTION, &Transfer::on_progress);
  set(CURLOPT_XFERINFODATA, static_cast<void *>(this));
}

void Transfer::set_tls() {
  set(CURLOPT_SSL_VERIFYPEER, tls_.verify ? 1L : 0L);
  set(CURLOPT_SSL_VERIFYHOST, tls_.verify ? 2L : 0L);
  if (!tls_.ca_file.empty())
    set(is_directory(tls_.ca_file) ? CURLOPT_CAPATH : CURLOPT_CAINFO, tls_.ca_file.c_str());
  if (tls_.certificate.empty()) return;
  set(CURLOPT_SSLCERT, tls_.certificate.c_str());
  set(CURLOPT_SSLKEY, (tls_.key.empty() ? tls_.certificate : tls_.key).c_str());
}

void Transfer::set_connections(const Connections &kept) {
  set(CURLOPT_SHARE, kept.share_);
  const auto &socket = kept.unix_socket_;
  if (socket.empty()) return;
  if (socket.front() == '\0')
    set(CURLOPT_ABSTRACT_UNIX_SOCKET, socket.c_str() + 1);
  else
    set(CURLOPT_UNIX_SOCKET_PATH, socket.c_str());
}

CURLcode Transfer::run() {
  const auto code = ::curl_easy_perform(curl_.get());
  if (thrown_) std::rethrow_exception(thrown_);
  if (code == CURLE_OK) {
    long status = 0;
    ::curl_easy_getinfo(curl_.get(), CURLINFO_RESPONSE_CODE, &status);
    response_.status = static_cast<int>(status);
  }
  return code;
}

Error Transfer::error(CURLcode code) const {
  const auto url = printable_url(request_.url);
  const auto reason = text::printable(*reason_ ? reason_ : ::curl_easy_strerror(code));
  switch (code) {
    case CURLE_PEER_FAILED_VERIFICATION:
      return Error(Code::access, "the server's certificate is not trusted: " + reason, url,
                   tls_.remedy);
    case CURLE_SSL_CACERT_BADFILE:
      return Error(Code::usage, "the certificate authority's file cannot be read", tls_.ca_file,
                   "give a file of certificates in PEM format");
    case CURLE_SSL_CERTPROBLEM:
      return Error(Code::usage, "the client's certificate cannot be used: " + reason,
                   tls_.certificate);
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
      return Error(Code::usage, "this is no URL of a server: " + reason, url,
                   "give one that begins with http:// or https://");
    default:
      return Error(Code::io, "the server gave no answer: " + reason, url,
                   "see whether the URL is right, and the server up and reachable from here");
  }
}

// ---- Callbacks: libcurl is C, so nothing may be thrown through it -----------------------------

template <class Body>
auto Transfer::guard(Body body, decltype(body()) failed) noexcept {
  try {
    return body();
  } catch (...) {
    thrown_ = std::current_exception();
    return failed;
  }
}

std::size_t Transfer::on_header(char *data, std::size_t, std::size_t count, void *self) {
  auto &me = *static_cast<Transfer *>(self);
  return me.guard(
      [&]() -> std::size_t {
        std::string line(data, count);
        // After an interim answer (100 Continue) comes another one.
        if (line.rfind("HTTP/", 0) == 0) me.response_.headers.clear();
        const auto colon = line.find(':');
        if (colon == line.npos || me.response_.headers.size() > 200) return count;
        const auto begin = line.find_first_not_of(" \t", colon + 1);
        const auto end = line.find_last_not_of(" \t\r\n");
        me.response_.headers[text::lower(line.substr(0, colon))] =
            begin == line.npos || begin > end ? "" : line.substr(begin, end - begin + 1);
        return count;
      },
      0);
}

std::size_t Transfer::on_answer(char *data, std::size_t, std::size_t count, void *self) {
  auto &me = *static_cast<Transfer *>(self);
  return me.guard(
      [&]() -> std::size_t {
        if (me.response_.body.size() + count > longest_answer)
          throw Error(
              Code::io,
              fmt::format("the server's answer is longer than {} MiB", longest_answer >> 20),
              printable_url(me.request_.url), "see whether the URL is right");
        me.response_.body.append(data, count);
        return count;
      },
      0);
}

std::size_t Transfer::on_read(char *buffer, std::size_t size, std::size_t count, void *self) {
  auto &me = *static_cast<Transfer *>(self);
  return me.guard([&]() -> std::size_t { return me.upload_->read(buffer, size * count); },
                  CURL_READFUNC_ABORT);
}

int Transfer::on_progress(void *self, curl_off_t, curl_off_t, curl_off_t, curl_off_t sent) {
  auto &me = *static_cast<Transfer *>(self);
  return me.guard(
      [&] {
        if (me.hooks_.check_cancelled) me.hooks_.check_cancelled();
        if (me.upload_ && me.hooks_.progress) me.hooks_.progress(static_cast<std::uint64_t>(sent));
        return 0;
      },
      1);
}

}  // namespace v2v::http
