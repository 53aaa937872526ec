// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// POST /v3/auth/tokens. Source: OpenStack's Identity API v3, "Authentication and token management";
// the names of the kinds of login are keystoneauth's.
#include <v2v/openstack/session.hpp>

#include <v2v/text/printable.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <ctime>

namespace v2v::openstack {
namespace {

using Json = nlohmann::json;

constexpr const char *where = "see the OS_… variables, or clouds.yaml with OS_CLOUD";

enum class Method { password, token, application_credential };

Method method_of(const Settings &settings) {
  auto type = settings.get("auth_type");
  if (type.rfind("v3", 0) == 0) type.erase(0, 2);
  if (type == "password") return Method::password;
  if (type == "token") return Method::token;
  if (type == "applicationcredential") return Method::application_credential;
  if (!type.empty())
    throw Error(Code::unsupported,
                fmt::format("this kind of login is not known: {}",
                            text::printable(settings.get("auth_type"))),
                text::printable(settings.get("auth_url")),
                "use password, token or v3applicationcredential; a token is what `openstack token "
                "issue` prints");
  if (!settings.get("application_credential_secret").empty()) return Method::application_credential;
  return !settings.get("token").empty() ? Method::token : Method::password;
}

std::string required(const Settings &settings, const std::string &name) {
  auto value = settings.get(name);
  if (!value.empty()) return value;
  std::string variable = "OS_";
  for (const char c : name) variable += c == '_' ? c : static_cast<char>(c - 'a' + 'A');
  throw Error(Code::usage, fmt::format("{} ({}) is not set", variable, name),
              "the login to OpenStack", where);
}

/// {"id": …} or {"name": …}: whichever of the settings is there.
Json domain(const Settings &settings, const std::string &prefix) {
  for (const auto &name : {prefix + "_domain_id", std::string("default_domain_id")})
    if (const auto id = settings.get(name);
        !id.empty() &&
        (name != "default_domain_id" || settings.get(prefix + "_domain_name").empty()))
      return {{"id", id}};
  for (const auto &name : {prefix + "_domain_name", std::string("default_domain_name")})
    if (const auto text = settings.get(name); !text.empty()) return {{"name", text}};
  const auto usual = settings.get("default_domain");
  return {{"id", usual.empty() ? "default" : usual}};
}

Json user(const Settings &settings) {
  if (const auto id = settings.get("user_id"); !id.empty()) return {{"id", id}};
  return {{"name", required(settings, "username")}, {"domain", domain(settings, "user")}};
}

Json identity(const Settings &settings, Method method) {
  if (method == Method::token)
    return {{"methods", {"token"}}, {"token", {{"id", required(settings, "token")}}}};
  if (method == Method::password) {
    auto who = user(settings);
    who["password"] = required(settings, "password");
    return {{"methods", {"password"}}, {"password", {{"user", who}}}};
  }
  Json credential = {{"secret", required(settings, "application_credential_secret")}};
  if (const auto id = settings.get("application_credential_id"); !id.empty()) {
    credential["id"] = id;
  } else {
    credential["name"] = required(settings, "application_credential_name");
    credential["user"] = user(settings);
  }
  return {{"methods", {"application_credential"}}, {"application_credential", credential}};
}

Json request_body(const Settings &settings) {
  const auto method = method_of(settings);
  Json auth = {{"identity", identity(settings, method)}};
  // An application credential is for one project and may name none.
  if (method != Method::application_credential) {
    if (const auto id = settings.get("project_id"); !id.empty())
      auth["scope"] = {{"project", {{"id", id}}}};
    else if (const auto name = settings.get("project_name"); !name.empty())
      auth["scope"] = {{"project", {{"name", name}, {"domain", domain(settings, "project")}}}};
    else if (method == Method::password)
      required(settings, "project_name");
  }
  return {{"auth", auth}};
}

/// Seconds since 1970 of "2026-11-28T02:00:00.000000Z".
std::time_t seconds_of(const std::string &text) {
  std::tm parts{};
  if (!::strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &parts)) return 0;
  return ::timegm(&parts);
}

Token token_of(const http::Response &answer, const std::string &url) {
  const auto body = Json::parse(answer.body, nullptr, false);
  const auto id = answer.header("x-subject-token");
  if (id.empty() || !body.is_object() || !body.contains("token") || !body["token"].is_object())
    throw Error(Code::io, "the answer to the login is not one of Keystone's", url,
                "OS_AUTH_URL must be that of the Identity service, version 3");
  const auto &told = body["token"];
  Token token;
  token.id = id;
  const auto text = [](const Json &object, const char *key) {
    return object.is_object() && object.contains(key) && object[key].is_string()
               ? object[key].get<std::string>()
               : std::string();
  };
  // The difference of two times of the server's: our clock may be another.
  token.lifetime = std::chrono::seconds(std::max<std::time_t>(
      0, seconds_of(text(told, "expires_at")) - seconds_of(text(told, "issued_at"))));
  if (told.contains("project")) token.project = text(told["project"], "id");
  for (const auto &service : told.value("catalog", Json::array()))
    for (const auto &endpoint : service.value("endpoints", Json::array())) {
      auto region = text(endpoint, "region");
      if (region.empty()) region = text(endpoint, "region_id");
      token.catalogue.push_back(
          {text(service, "type"), text(endpoint, "interface"), region, text(endpoint, "url")});
    }
  return token;
}

/// The address of the Identity API's version 3, which people give with and without its version.
std::string identity_url(const Settings &settings) {
  auto url = required(settings, "auth_url");
  while (!url.empty() && url.back() == '/') url.pop_back();
  const auto ends_with = [&](const std::string &end) {
    return url.size() > end.size() && url.compare(url.size() - end.size(), end.size(), end) == 0;
  };
  if (ends_with("/v2.0")) url.erase(url.size() - 5);
  return ends_with("/v3") ? url : url + "/v3";
}

}  // namespace

Token log_in(const Settings &settings, const http::Client &client) {
  http::Request request;
  request.method = "POST";
  request.url = identity_url(settings) + "/auth/tokens";
  request.headers = {{"Content-Type", "application/json"}, {"Accept", "application/json"}};
  try {
    request.body = request_body(settings).dump();
  } catch (const Json::exception &) {
    throw Error(Code::usage, "a setting of the login is not UTF-8", "the login to OpenStack",
                where);
  }
  const auto answer = client.send(request);
  const auto url = http::printable_url(request.url);
  try {
    if (answer.ok()) return token_of(answer, url);
  } catch (const Json::exception &) {
    throw Error(Code::io, "the answer to the login is not one of Keystone's", url);
  }
  if (answer.status == 401)
    throw Error(Code::access, "Keystone refuses the login (401)", url,
                method_of(settings) == Method::token
                    ? "the token may have ended; get a new one, or log in with a password or an "
                      "application credential, which can be renewed"
                    : "see whether user, password, project and their domains are right (OS_… "
                      "variables, or clouds.yaml)");
  if (answer.status == 404)
    throw Error(Code::not_found, "there is no Keystone of version 3 at this URL (404)", url,
                "see OS_AUTH_URL");
  throw Error(answer.status >= 500 ? Code::io : Code::access,
              fmt::format("the login failed: Keystone answers {}", answer.status), url,
              answer.status >= 500 ? "try again later, or ask the cloud's operator"
                                   : "see whether the settings of the login are right");
}

}  // namespace v2v::openstack
