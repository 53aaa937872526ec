// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/http/client.hpp>

#include <v2v/text/printable.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "transfer.hpp"

namespace v2v::http {
namespace {

using namespace std::chrono_literals;

constexpr auto longest_wait_asked_for = 30s;

/// A server that is overloaded, restarts, or stands behind a proxy that cannot reach it.
bool may_pass(int status) {
  return status == 500 || status == 502 || status == 503 || status == 504;
}

/// What another try may cure. A name that does not resolve or a certificate that is not trusted
/// stays so.
bool may_pass(CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_CONNECT:
    case CURLE_OPERATION_TIMEDOUT:
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_PARTIAL_FILE:
      return true;
    default:
      return false;
  }
}

/// As long as the server asks for, within reason.
std::chrono::milliseconds pause_before(std::chrono::milliseconds usual, const Response &answer) {
  const auto asked = answer.header("retry-after");
  if (asked.empty() || asked.size() > 4 || asked.find_first_not_of("0123456789") != asked.npos)
    return usual;
  return std::clamp<std::chrono::milliseconds>(
      std::chrono::seconds(std::stoi(asked)), usual,
      std::max<std::chrono::milliseconds>(usual, longest_wait_asked_for));
}

}  // namespace

Hooks Hooks::of(const Host &host) {
  Hooks hooks;
  hooks.check_cancelled = [host] { host.check_cancelled(); };
  hooks.debug = [host](const std::string &line) { host.debug(line); };
  return hooks;
}

Response Client::send(const Request &request) const {
  for (std::size_t tried = 0;; ++tried) {
    Transfer transfer(tls_, hooks_, request, nullptr, kept_.get());
    const auto code = transfer.run();
    const auto &answer = transfer.response();
    const bool again = code == CURLE_OK ? may_pass(answer.status) : may_pass(code);
    const auto outcome =
        code == CURLE_OK ? std::to_string(answer.status) : transfer.error(code).failure();
    if (hooks_.debug)
      hooks_.debug(fmt::format("{} {}: {}", request.method, printable_url(request.url), outcome));
    if (again && tried < hooks_.pauses.size()) {
      pause(pause_before(hooks_.pauses[tried], answer));
      continue;
    }
    if (code != CURLE_OK) throw transfer.error(code);
    return answer;
  }
}

Response Client::upload(const Request &request, const Upload &body) const {
  Transfer transfer(tls_, hooks_, request, &body, kept_.get());
  const auto code = transfer.run();
  if (hooks_.debug)
    hooks_.debug(fmt::format("{} {}: {}", request.method, printable_url(request.url),
                             code == CURLE_OK ? std::to_string(transfer.response().status)
                                              : transfer.error(code).failure()));
  if (code != CURLE_OK) throw transfer.error(code);
  return transfer.response();
}

void Client::pause(std::chrono::milliseconds duration) const {
  const auto end = std::chrono::steady_clock::now() + duration;
  while (std::chrono::steady_clock::now() < end) {
    if (hooks_.check_cancelled) hooks_.check_cancelled();
    std::this_thread::sleep_for(std::min<std::chrono::milliseconds>(duration, 100ms));
  }
}

std::string printable_url(const std::string &url) {
  auto shown = url.substr(0, url.find_first_of("?#"));
  const auto begin = shown.find("://");
  const auto host = begin == shown.npos ? 0 : begin + 3;
  const auto at = shown.substr(0, shown.find('/', host)).rfind('@');
  if (at != shown.npos && at >= host) shown.erase(host, at + 1 - host);
  return text::printable(shown);
}

}  // namespace v2v::http
