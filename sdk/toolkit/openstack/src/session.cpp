// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The types that a service may have in the catalogue are those of OpenStack's service types
// authority.
#include <v2v/openstack/session.hpp>

#include <v2v/text/printable.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>

namespace v2v::openstack {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::json;

// Requests are over in a minute, and a service may look at the token once more at their end.
constexpr auto margin = 120s;

/// public, internal or admin; OS_ENDPOINT_TYPE once said publicURL.
std::string interface_of(const Settings &settings) {
  auto name = settings.get("interface");
  if (name.size() > 3 && name.compare(name.size() - 3, 3, "URL") == 0) name.resize(name.size() - 3);
  return name.empty() ? "public" : name;
}

void drop_end(std::string &url, const std::string &end) {
  while (!url.empty() && url.back() == '/') url.pop_back();
  if (!end.empty() && url.size() > end.size() &&
      url.compare(url.size() - end.size(), end.size(), end) == 0)
    url.erase(url.size() - end.size());
}

/// What a service says of its refusal. Nova, Cinder and Keystone answer {"badRequest": {"message":
/// …}}, Glance with a page of HTML.
std::string message_in(const http::Response &answer) {
  const auto body = Json::parse(answer.body, nullptr, false);
  if (body.is_object()) {
    for (const auto &part : body)
      if (part.is_object() && part.contains("message") && part["message"].is_string())
        return part["message"];
    if (body.contains("message") && body["message"].is_string()) return body["message"];
    return {};
  }
  const auto heading = answer.body.find("</h1>");
  const auto begin = heading == answer.body.npos ? 0 : heading + 5;
  std::string words;
  bool in_tag = false;
  for (const char c : answer.body.substr(begin, 2000)) {
    if (c == '<') in_tag = true;
    if (!in_tag) words += c == '\n' || c == '\r' || c == '\t' ? ' ' : c;
    if (c == '>') in_tag = false;
  }
  const auto first = words.find_first_not_of(' ');
  return first == words.npos ? "" : words.substr(first, words.find_last_not_of(' ') - first + 1);
}

Code code_of(int status) {
  switch (status) {
    case 401:
    case 403:
      return Code::access;
    case 404:
    case 410:
      return Code::not_found;
    case 409:
      return Code::exists;
    case 413:
      return Code::no_space;
    case 400:
      return Code::unsupported;
    default:
      return Code::io;
  }
}

const char *remedy_of(int status) {
  switch (status) {
    case 401:
      return "see whether the login is for this cloud and its token can be renewed";
    case 403:
      return "ask the cloud's operator for the right to do this, or use another project";
    case 413:
      return "delete what is not needed any more, or have the project's quota or the store "
             "enlarged";
    case 503:
      return "try again later, or ask the cloud's operator";
    default:
      return "ask the cloud's operator, whose service log says more";
  }
}

}  // namespace

const Service &image_service() {
  static const Service service{"image (Glance)", {"image"}, "image_endpoint_override"};
  return service;
}
const Service &compute_service() {
  static const Service service{"compute (Nova)", {"compute"}, "compute_endpoint_override"};
  return service;
}
const Service &volume_service() {
  static const Service service{
      "block storage (Cinder)", {"volumev3", "block-storage"}, "volume_endpoint_override"};
  return service;
}

Session::Session(Settings settings, http::Hooks hooks, Clock now)
    : settings_(std::move(settings)), hooks_(std::move(hooks)), now_(std::move(now)) {}

http::Client Session::client(const http::Hooks &hooks) const {
  return http::Client(
      {settings_.get("cacert"), !settings_.insecure(), settings_.get("cert"), settings_.get("key"),
       "name the certificate of its authority in OS_CACERT, or cacert in clouds.yaml"},
      hooks);
}

Token Session::current(bool for_long) {
  const std::lock_guard lock(mutex_);
  const auto now = now_();
  if (held_ && held_->token.lifetime > 0s) {
    const auto left = held_->token.lifetime - (now - held_->since);
    const auto needed =
        for_long ? std::max<std::chrono::seconds>(margin, held_->token.lifetime / 2) : margin;
    if (left < needed && settings_.get("token").empty()) held_.reset();
  }
  if (!held_) held_ = Held{log_in(settings_, client(hooks_)), now};
  return held_->token;
}

std::string Session::token(bool for_long) {
  return current(for_long).id;
}

std::string Session::project() {
  return current(false).project;
}

std::string Session::endpoint(const Service &service, const std::string &version) {
  const auto token = current(false);
  auto url = settings_.get(service.override_setting);
  const auto interface = interface_of(settings_);
  const auto region = settings_.get("region_name");
  std::set<std::string> others;
  for (const auto *type : service.types)
    for (const auto &endpoint : token.catalogue) {
      if (endpoint.type != type) continue;
      others.insert(fmt::format("{} in {}", endpoint.interface, endpoint.region));
      if (url.empty() && endpoint.interface == interface &&
          (region.empty() || endpoint.region == region))
        url = endpoint.url;
    }
  if (url.empty()) throw no_endpoint(service, others);
  drop_end(url, version);
  drop_end(url, {});
  return url;
}

Error Session::no_endpoint(const Service &service, const std::set<std::string> &others) const {
  const auto cloud = text::printable(settings_.get("auth_url"));
  if (others.empty())
    return Error(Code::not_found,
                 fmt::format("the cloud's catalogue has no {} service", service.title), cloud,
                 "ask the cloud's operator whether it has one, and the project may use it");
  const auto region = settings_.get("region_name");
  return Error(Code::not_found,
               fmt::format("the cloud's catalogue has no {} service with the interface {}{}",
                           service.title, text::printable(interface_of(settings_)),
                           region.empty() ? "" : " in the region " + text::printable(region)),
               cloud,
               text::printable(fmt::format("see OS_INTERFACE and OS_REGION_NAME; there is {}",
                                           fmt::join(others, ", "))));
}

http::Response Session::send(http::Request request) {
  const auto with_token = [&](const std::string &token) {
    auto copy = request;
    copy.headers.push_back({"X-Auth-Token", token});
    copy.headers.push_back({"Accept", "application/json"});
    return client(hooks_).send(copy);
  };
  const auto used = token(false);
  auto answer = with_token(used);
  if (answer.status != 401) return answer;
  drop(used);
  return with_token(token(false));
}

/// What was refused, unless another thread has got a new one since.
void Session::drop(const std::string &refused) {
  const std::lock_guard lock(mutex_);
  if (held_ && held_->token.id == refused) held_.reset();
}

http::Response Session::upload(http::Request request, const http::Upload &body,
                               const http::Hooks &hooks) {
  const auto used = token(true);
  request.headers.push_back({"X-Auth-Token", used});
  auto answer = client(hooks).upload(request, body);
  if (answer.status == 401) drop(used);
  return answer;
}

Error Session::error(const std::string &what, const std::string &object,
                     const http::Response &answer, const std::string &remedy) const {
  auto said = text::printable(settings_.redacted(message_in(answer)), 300);
  return Error(code_of(answer.status),
               said.empty() ? fmt::format("{}: the answer is {}", what, answer.status)
                            : fmt::format("{}: the answer is {}, {}", what, answer.status, said),
               object, remedy.empty() ? remedy_of(answer.status) : remedy);
}

}  // namespace v2v::openstack
