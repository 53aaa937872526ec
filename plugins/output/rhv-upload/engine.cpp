// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "engine.hpp"

#include <v2v/text/printable.hpp>
#include <v2v/text/uri.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "fields.hpp"

namespace v2v::output_rhv_upload {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::json;

constexpr auto engine_tick = 100ms;
constexpr std::chrono::milliseconds longest_pause = 2s;

Code code_of(int status) {
  switch (status) {
    case 401:
    case 403:
      return Code::access;
    case 404:
      return Code::not_found;
    case 409:
      return Code::exists;
    case 400:
      return Code::unsupported;
    default:
      return Code::io;
  }
}

const char *remedy_of(int status) {
  switch (status) {
    case 401:
      return "see whether the user may log in to the engine";
    case 403:
      return "give the user the right to do this, or use another one: "
             "-oc https://USER@ENGINE/ovirt-engine/api";
    case 503:
      return "try again later, or see whether the engine is up";
    default:
      return "see the engine's log, /var/log/ovirt-engine/engine.log, which says more";
  }
}

/// What the engine says of its refusal: {"reason": …, "detail": "[Cannot …]"}, of an action within
/// "fault".
std::string message_in(const http::Response &answer) {
  auto body = object_in(answer);
  if (body.contains("fault")) body = body["fault"];
  auto detail = text_of(body, "detail");
  if (detail.size() > 2 && detail.front() == '[' && detail.back() == ']')
    detail = detail.substr(1, detail.size() - 2);
  return detail.empty() ? text_of(body, "reason") : detail;
}

std::string dumped(const Json &body) {
  return body.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

Json object_in(const http::Response &answer) {
  auto body = Json::parse(answer.body, nullptr, false);
  return body.is_object() ? body : Json::object();
}

/// The SSO is beside the API.
std::string Engine::log_in() const {
  auto base = login_.api;
  if (base.size() > 4 && base.compare(base.size() - 4, 4, "/api") == 0) base.erase(base.size() - 4);
  http::Request request{
      "POST",
      base + "/sso/oauth/token",
      {{"Content-Type", "application/x-www-form-urlencoded"}, {"Accept", "application/json"}}};
  request.body =
      "grant_type=password&scope=ovirt-app-api&username=" + text::percent_encoded(login_.user) +
      "&password=" + text::percent_encoded(login_.password);
  const auto answer = http::Client(login_.tls(), hooks_).send(request);
  const auto url = http::printable_url(request.url);
  auto token = text_of(object_in(answer), "access_token");
  if (answer.ok() && !token.empty()) return token;
  const auto said = text_of(object_in(answer), "error");
  if (!said.empty() || answer.status == 401 || answer.status == 403)
    throw Error(
        Code::access,
        fmt::format("the engine refuses the login of {}: {}", text::printable(login_.user),
                    said.empty() ? std::to_string(answer.status) : text::printable(said, 300)),
        url,
        "see whether the password in the file of -op is right, and the user, with its "
        "profile, is: -oc https://admin%40internal@ENGINE/ovirt-engine/api");
  throw Error(answer.status >= 500 ? Code::io : Code::not_found,
              fmt::format("there is no login of an oVirt engine at this URL ({})", answer.status),
              url,
              answer.status >= 500
                  ? "try again later, or see whether the engine is up"
                  : "give the URL of the engine's API: -oc https://ENGINE/ovirt-engine/api");
}

std::string Engine::token() {
  const std::lock_guard lock(mutex_);
  if (token_.empty()) token_ = log_in();
  return token_;
}

/// What was refused, unless another thread has got a new one since.
void Engine::drop(const std::string &refused) {
  const std::lock_guard lock(mutex_);
  if (token_ == refused) token_.clear();
}

http::Response Engine::send(const std::string &method, const std::string &path, const Json &body) {
  const auto with = [&](const std::string &token) {
    http::Request request{
        method,
        login_.api + path,
        {{"Authorization", "Bearer " + token}, {"Version", "4"}, {"Accept", "application/json"}}};
    if (!body.is_null()) {
      request.headers.push_back({"Content-Type", "application/json"});
      request.body = dumped(body);
    }
    return http::Client(login_.tls(), hooks_).send(request);
  };
  const auto used = token();
  auto answer = with(used);
  if (answer.status != 401) return answer;
  drop(used);
  return with(token());
}

Json Engine::ask(const std::string &method, const std::string &path, const std::string &what,
                 const std::string &object, const Json &body) {
  const auto answer = send(method, path, body);
  if (!answer.ok()) throw error(what, object, answer);
  return object_in(answer);
}

Error Engine::error(const std::string &what, const std::string &object,
                    const http::Response &answer, const std::string &remedy) const {
  const auto said = text::printable(message_in(answer), 300);
  return Error(code_of(answer.status),
               said.empty()
                   ? fmt::format("{}: the engine answers {}", what, answer.status)
                   : fmt::format("{}: the engine answers {}, {}", what, answer.status, said),
               text::printable(object), remedy.empty() ? remedy_of(answer.status) : remedy);
}

bool Engine::wait(std::chrono::seconds limit, const std::function<bool()> &done) const {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  for (auto pause = std::chrono::milliseconds(engine_tick);;
       pause = std::min(2 * pause, longest_pause)) {
    if (done()) return true;
    if (std::chrono::steady_clock::now() > deadline) return false;
    for (auto waited = 0ms; waited < pause; waited += engine_tick) {
      if (hooks_.check_cancelled) hooks_.check_cancelled();
      std::this_thread::sleep_for(engine_tick);
    }
  }
}

}  // namespace v2v::output_rhv_upload
