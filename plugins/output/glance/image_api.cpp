// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "image_api.hpp"

#include <v2v/openstack/json.hpp>
#include <v2v/text/uri.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace v2v::output_glance {
namespace {

using Json = nlohmann::json;
using openstack::number_of;
using openstack::text_of;

constexpr const char *patch_type = "application/openstack-images-v2.1-json-patch";

Json parsed(const http::Response &answer) {
  auto body = Json::parse(answer.body, nullptr, false);
  return body.is_object() ? body : Json::object();
}

}  // namespace

std::string ImageApi::url(const std::string &path) {
  return session_.endpoint(openstack::image_service(), "/v2") + "/v2" + path;
}

Abilities ImageApi::abilities() {
  const auto answer = session_.send({"GET", url("/schemas/image")});
  if (!answer.ok())
    throw session_.error("Glance does not answer as its version 2 does",
                         http::printable_url(url("")), answer);
  const auto body = parsed(answer);
  const auto properties = body.find("properties");
  Abilities abilities;
  if (properties == body.end() || !properties->is_object()) return abilities;
  abilities.hides = properties->contains("os_hidden");
  const auto format = properties->find("disk_format");
  if (format != properties->end() && format->is_object() && format->contains("enum"))
    for (const auto &name : (*format)["enum"])
      if (name.is_string()) abilities.formats.push_back(name);
  return abilities;
}

std::optional<Quota> ImageApi::quota() {
  const auto answer = session_.send({"GET", url("/info/usage")});
  if (!answer.ok()) return std::nullopt;
  const auto body = parsed(answer);
  const auto usage = body.find("usage");
  if (usage == body.end() || !usage->is_object()) return std::nullopt;
  const auto total = usage->find("image_size_total");
  if (total == usage->end()) return std::nullopt;
  return Quota{number_of(*total, "limit", -1), number_of(*total, "usage", 0)};
}

bool ImageApi::exists(const std::string &name) {
  const auto answer =
      session_.send({"GET", url("/images?limit=1&name=" + text::percent_encoded(name))});
  if (!answer.ok())
    throw session_.error("the images cannot be listed", http::printable_url(url("/images")),
                         answer);
  const auto body = parsed(answer);
  const auto images = body.find("images");
  return images != body.end() && images->is_array() && !images->empty();
}

void ImageApi::create(const NewImage &image) {
  Json body = {{"id", image.id},
               {"name", image.name},
               {"disk_format", image.format},
               {"container_format", "bare"},
               {"min_ram", image.min_ram}};
  if (image.hidden) body["os_hidden"] = true;
  for (const auto &[key, value] : image.properties) body[key] = value;
  http::Request request{"POST", url("/images"), {{"Content-Type", "application/json"}}};
  try {
    request.body = body.dump();
  } catch (const Json::exception &) {
    throw Error(Code::usage, "the image's name or one of its properties is not UTF-8", image.name,
                "give another name with -on");
  }
  const auto answer = session_.send(request);
  // The answer to the first request may have been lost, so that the second finds the image there.
  if (answer.ok() || (answer.status == 409 && state(image.id))) return;
  throw session_.error("cannot create the image", image.name, answer);
}

http::Response ImageApi::upload(const std::string &id, const http::Upload &body,
                                const http::Hooks &hooks) {
  return session_.upload(
      {"PUT", url("/images/" + id + "/file"), {{"Content-Type", "application/octet-stream"}}}, body,
      hooks);
}

std::optional<ImageState> ImageApi::state(const std::string &id) {
  const auto answer = session_.send({"GET", url("/images/" + id)});
  if (answer.status == 404 || answer.status == 410) return std::nullopt;
  if (!answer.ok()) throw session_.error("the image cannot be looked at", id, answer);
  const auto body = parsed(answer);
  return ImageState{
      text_of(body, "status"),
      static_cast<std::uint64_t>(std::max<std::int64_t>(0, number_of(body, "size", 0))),
      text_of(body, "os_hash_algo"), text_of(body, "os_hash_value")};
}

void ImageApi::show(const std::string &id) {
  const auto answer =
      session_.send({"PATCH",
                     url("/images/" + id),
                     {{"Content-Type", patch_type}},
                     Json({{{"op", "replace"}, {"path", "/os_hidden"}, {"value", false}}}).dump()});
  if (!answer.ok()) throw session_.error("the image cannot be made visible", id, answer);
}

void ImageApi::remove_at(openstack::Session &session, const std::string &url,
                         const std::string &id) {
  const auto answer = session.send({"DELETE", url});
  if (!answer.ok() && answer.status != 404 && answer.status != 410)
    throw session.error("the image cannot be removed", id, answer,
                        "remove it by hand: openstack image delete " + id);
}

}  // namespace v2v::output_glance
