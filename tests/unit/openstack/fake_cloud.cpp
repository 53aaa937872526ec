// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "fake_cloud.hpp"

#include <openssl/evp.h>
#include <nlohmann/json.hpp>

namespace v2v::test {
namespace {

using Json = nlohmann::json;

std::string sha512(const std::string &data) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned length = 0;
  ::EVP_Digest(data.data(), data.size(), digest, &length, ::EVP_sha512(), nullptr);
  std::string hex;
  for (unsigned i = 0; i < length; ++i) {
    char two[3];
    ::snprintf(two, sizeof two, "%02x", digest[i]);
    hex += two;
  }
  return hex;
}

HttpAnswer html(int status, const std::string &words) {
  return {status, "<html>\n <head>\n  <title>" + std::to_string(status) +
                      "</title>\n </head>\n <body>\n  <h1>Refused</h1>\n  " + words +
                      "<br /><br />\n </body>\n</html>"};
}

bool starts_with(const std::string &text, const std::string &start) {
  return text.rfind(start, 0) == 0;
}

}  // namespace

FakeCloud::FakeCloud() : server_([this](const HttpRequest &request) { return answer(request); }) {}

std::map<std::string, std::string> FakeCloud::variables() const {
  return {{"OS_AUTH_URL", server_.url() + "/identity"},
          {"OS_USERNAME", "mover"},
          {"OS_PASSWORD", "p4ss\"word"},
          {"OS_PROJECT_NAME", "movers"},
          {"OS_USER_DOMAIN_NAME", "Users"},
          {"OS_PROJECT_DOMAIN_ID", "d-projects"}};
}

openstack::Environment FakeCloud::environment() const {
  return [values = variables()](const char *name) -> const char * {
    const auto found = values.find(name);
    return found == values.end() ? nullptr : found->second.c_str();
  };
}

HttpAnswer FakeCloud::answer(const HttpRequest &request) {
  if (request.path == "/identity/v3/auth/tokens") return log_in(request);
  const auto token = request.headers.find("x-auth-token");
  if (token == request.headers.end() || !tokens.count(token->second))
    return html(401, "This server could not verify that you are authorized");
  if (more && !starts_with(request.path, "/image")) return more(request);
  if (request.path == "/image/v2/schemas/image") return schema();
  if (request.path == "/image/v2/info/usage") {
    if (!tells_quota) return html(404, "The resource could not be found.");
    return {
        200,
        Json({{"usage", {{"image_size_total", {{"limit", quota_limit}, {"usage", quota_used}}}}}})
            .dump()};
  }
  if (request.path == "/image/v2/images") {
    if (request.method == "POST") return create(request);
    Json list = Json::array();
    const auto name = request.query.find("name=");
    const auto asked = name == std::string::npos ? "" : request.query.substr(name + 5);
    for (const auto &[id, one] : images)
      if (asked == one.name && !one.hidden) list.push_back({{"id", id}});
    return {200, Json({{"images", list}}).dump()};
  }
  const std::string below = "/image/v2/images/";
  if (starts_with(request.path, below)) return image(request, request.path.substr(below.size()));
  return html(404, "The resource could not be found.");
}

HttpAnswer FakeCloud::log_in(const HttpRequest &request) {
  last_login = request.body;
  const auto auth = Json::parse(request.body)["auth"];
  const auto &identity = auth["identity"];
  const auto method = identity["methods"][0].get<std::string>();
  const auto refused = HttpAnswer{401, R"({"error":{"code":401,"message":"no"}})"};
  if (method == "password" && identity["password"]["user"]["password"] != "p4ss\"word")
    return refused;
  if (method == "token" && identity["token"]["id"] != "given") return refused;
  if (method == "application_credential" &&
      (auth.contains("scope") || identity["application_credential"]["secret"] != "app"))
    return refused;
  const auto token = "token" + std::to_string(++issued_);
  tokens.insert(token);
  const auto endpoint = [&](const char *interface, const char *region, const std::string &url) {
    return Json(
        {{"interface", interface}, {"region", region}, {"region_id", region}, {"url", url}});
  };
  auto catalogue = Json::array();
  const auto add = [&](const char *type, const Json &endpoints) {
    catalogue.push_back({{"type", type}, {"endpoints", endpoints}});
  };
  add("identity", Json::array());
  add("image", {endpoint("admin", "one", "http://127.0.0.1:1"),
                endpoint("public", "one", server_.url() + "/image/v2/"),
                endpoint("public", "two", server_.url() + "/second")});
  if (more) {
    add("volumev3", Json::array({endpoint("public", "one", server_.url() + "/volume/v3/p1")}));
    add("compute", Json::array({endpoint("public", "one", server_.url() + "/compute/v2.1")}));
  }
  const Json body = {{"token",
                      {{"issued_at", "2030-01-01T00:00:00.000000Z"},
                       {"expires_at", "2030-01-01T" + token_seconds + ".000000Z"},
                       {"project", {{"id", "p1"}}},
                       {"catalog", catalogue}}}};
  return {201, body.dump(), {"X-Subject-Token: " + token}};
}

HttpAnswer FakeCloud::schema() const {
  Json properties = {{"disk_format", {{"enum", {nullptr, "raw", "qcow2"}}}}};
  if (can_hide) properties["os_hidden"] = {{"type", "boolean"}};
  return {200, Json({{"properties", properties}}).dump()};
}

HttpAnswer FakeCloud::create(const HttpRequest &request) {
  const auto body = Json::parse(request.body);
  const auto id = body["id"].get<std::string>();
  if (!used_ids_.insert(id).second) return html(409, "Image ID " + id + " already exists!");
  FakeImage made;
  made.name = body["name"];
  made.hidden = body.value("os_hidden", false);
  for (const auto &[key, value] : body.items())
    made.properties[key] = value.is_string() ? value.get<std::string>() : value.dump();
  images[id] = made;
  return {201, body.dump()};
}

HttpAnswer FakeCloud::image(const HttpRequest &request, const std::string &rest) {
  const auto id = rest.substr(0, rest.find('/'));
  const auto found = images.find(id);
  if (found == images.end()) return html(404, "No image found with ID " + id);
  auto &image = found->second;
  if (rest != id) return put_data(request, image);
  if (request.method == "DELETE") {
    images.erase(found);
    return {204};
  }
  if (request.method == "PATCH") {
    if (request.headers.at("content-type") != "application/openstack-images-v2.1-json-patch")
      return html(415, "Unsupported Media Type");
    const auto change = Json::parse(request.body)[0];
    if (change["op"] != "replace" || change["path"] != "/os_hidden") return html(400, "no");
    image.hidden = change["value"];
    return {200, "{}"};
  }
  const auto hash = hash_of_all.empty() ? sha512(image.data) : hash_of_all;
  return {200, Json({{"status", image.status},
                     {"size", image.data.size()},
                     {"os_hash_algo", "sha512"},
                     {"os_hash_value", hash}})
                   .dump()};
}

HttpAnswer FakeCloud::put_data(const HttpRequest &request, FakeImage &image) {
  if (request.headers.at("content-type") != "application/octet-stream") return html(415, "no");
  if (image.status != "queued")
    return html(409, "Image status transition from " + image.status + " to saving is not allowed");
  image.data = request.body;
  image.status = "active";
  return {204};
}

}  // namespace v2v::test
