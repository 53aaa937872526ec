// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "volume_api.hpp"

#include <v2v/openstack/json.hpp>
#include <v2v/text/printable.hpp>
#include <v2v/text/uri.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <thread>

namespace v2v::output_openstack {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::json;
using openstack::number_of;
using openstack::text_of;

// As often as virt-v2v asks.
constexpr auto poll_interval = 2s;
constexpr auto tick = 100ms;

/// The object below `key`, or an empty one: nothing that a service says is taken on trust.
Json part(const http::Response &answer, const char *key) {
  const auto body = Json::parse(answer.body, nullptr, false);
  if (!body.is_object()) return Json::object();
  const auto found = body.find(key);
  return found == body.end() ? Json::object() : *found;
}

std::string dumped(const Json &body) {
  return body.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Volume volume_of(const Json &object) {
  Volume volume{text_of(object, "id"), text_of(object, "status")};
  if (object.is_object() && object.contains("metadata") && object["metadata"].is_object())
    for (const auto &[key, value] : object["metadata"].items())
      if (value.is_string()) volume.metadata[key] = value;
  return volume;
}

}  // namespace

std::string VolumeApi::volumes_url(const std::string &path) {
  return session_.endpoint(openstack::volume_service()) + path;
}

std::string VolumeApi::servers_url(const std::string &path) {
  return session_.endpoint(openstack::compute_service()) + "/servers/" + path;
}

http::Response VolumeApi::ask(const std::string &method, const std::string &url,
                              const std::string &body, const std::string &what,
                              const std::string &object) {
  http::Request request{method, url};
  request.body = body;
  if (!body.empty()) request.headers = {{"Content-Type", "application/json"}};
  auto answer = session_.send(std::move(request));
  if (!answer.ok()) throw session_.error(what, object, answer);
  return answer;
}

VolumeLimits VolumeApi::limits() {
  const auto url = volumes_url("/limits");
  const auto limits = part(
      ask("GET", url, {}, "the limits of the project cannot be read", http::printable_url(url)),
      "limits");
  const auto absolute = limits.value("absolute", Json::object());
  return {number_of(absolute, "maxTotalVolumes", -1), number_of(absolute, "totalVolumesUsed", 0),
          number_of(absolute, "maxTotalVolumeGigabytes", -1),
          number_of(absolute, "totalGigabytesUsed", 0)};
}

std::vector<std::string> VolumeApi::types() {
  const auto url = volumes_url("/types");
  std::vector<std::string> names;
  for (const auto &type :
       part(ask("GET", url, {}, "the volume types cannot be listed", http::printable_url(url)),
            "volume_types"))
    names.push_back(text_of(type, "name"));
  return names;
}

void VolumeApi::check_server(const std::string &server) {
  const auto answer = session_.send({"GET", servers_url(text::percent_encoded(server))});
  if (answer.ok()) return;
  if (answer.status == 404 || answer.status == 400)
    throw Error(Code::not_found, "the project has no server with this id", text::printable(server),
                "give -oo server-id the UUID of the server on which v2v runs");
  throw session_.error("the server on which v2v runs cannot be looked at", text::printable(server),
                       answer);
}

std::string VolumeApi::create(const NewVolume &volume) {
  Json wanted = {{"name", volume.name},
                 {"description", volume.description},
                 {"size", volume.gib},
                 {"metadata", volume.metadata}};
  if (!volume.type.empty()) wanted["volume_type"] = volume.type;
  // If the answer is lost and it is asked again, there is a second one: both have the same
  // metadata, by which they are found.
  auto id = text_of(part(ask("POST", volumes_url("/volumes"), dumped({{"volume", wanted}}),
                             "cannot create the volume", volume.name),
                         "volume"),
                    "id");
  if (id.empty())
    throw Error(Code::io, "Cinder does not say which volume it has created", volume.name,
                "ask the cloud's operator, whose log of Cinder says more");
  return id;
}

void VolumeApi::wait_for(const std::string &id, const std::string &status,
                         std::chrono::seconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  for (;;) {
    const auto volume = volume_of(
        part(ask("GET", volumes_url("/volumes/" + id), {}, "the volume cannot be looked at", id),
             "volume"));
    if (volume.status == status) return;
    const bool failed = volume.status.rfind("error", 0) == 0;
    if (failed || std::chrono::steady_clock::now() > deadline)
      throw Error(Code::io,
                  fmt::format("the volume {} '{}': it is '{}'",
                              failed ? "cannot become" : "does not become", status,
                              text::printable(volume.status)),
                  id, "see `openstack volume show`, or ask the cloud's operator");
    for (auto waited = 0ms; waited < poll_interval; waited += tick) {
      check_cancelled_();
      std::this_thread::sleep_for(tick);
    }
  }
}

void VolumeApi::attach(const std::string &server, const std::string &id) {
  const auto url = servers_url(server + "/os-volume_attachments");
  http::Request request{"POST", url, {{"Content-Type", "application/json"}}};
  request.body = dumped({{"volumeAttachment", {{"volumeId", id}}}});
  const auto answer = session_.send(std::move(request));
  // The answer to the first request may have been lost, so that the second finds it attached.
  if (answer.ok() || session_.send({"GET", url + "/" + id}).ok()) return;
  throw session_.error("cannot attach the volume to the server on which v2v runs", id, answer);
}

void VolumeApi::detach(const std::string &server, const std::string &id) {
  const auto answer =
      session_.send({"DELETE", servers_url(server + "/os-volume_attachments/" + id)});
  if (!answer.ok() && answer.status != 404)
    throw session_.error("cannot detach the volume from the server on which v2v runs", id, answer);
}

void VolumeApi::remove(const std::string &id) {
  const auto answer = session_.send({"DELETE", volumes_url("/volumes/" + id)});
  if (!answer.ok() && answer.status != 404)
    throw session_.error("cannot remove the volume", id, answer,
                         "remove it by hand: openstack volume delete " + id);
}

void VolumeApi::make_bootable(const std::string &id, const Metadata &image_properties) {
  const auto url = volumes_url("/volumes/" + id + "/action");
  ask("POST", url, R"({"os-set_bootable": {"bootable": true}})", "cannot make the volume bootable",
      id);
  ask("POST", url, dumped({{"os-set_image_metadata", {{"metadata", image_properties}}}}),
      "cannot set the image properties of the volume", id);
}

void VolumeApi::describe(const std::string &id, const std::string &description,
                         const Metadata &metadata) {
  const auto url = volumes_url("/volumes/" + id);
  ask("PUT", url, dumped({{"volume", {{"description", description}}}}),
      "cannot describe the volume", id);
  ask("POST", url + "/metadata", dumped({{"metadata", metadata}}),
      "cannot set the properties of the volume", id);
}

std::vector<Volume> VolumeApi::with(const std::string &key, const std::string &value) {
  const auto filter = text::percent_encoded(fmt::format("{{'{}': '{}'}}", key, value));
  const auto url = volumes_url("/volumes/detail?metadata=" + filter);
  std::vector<Volume> found;
  for (const auto &one :
       part(ask("GET", url, {}, "the volumes cannot be listed", http::printable_url(url)),
            "volumes")) {
    auto volume = volume_of(one);
    // A Cinder that does not know the filter shows all.
    const auto has = volume.metadata.find(key);
    if (has != volume.metadata.end() && has->second == value) found.push_back(std::move(volume));
  }
  return found;
}

}  // namespace v2v::output_openstack
