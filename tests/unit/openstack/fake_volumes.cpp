// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "fake_volumes.hpp"

#include <nlohmann/json.hpp>

#include <fstream>

namespace v2v::test {
namespace {

using Json = nlohmann::json;

HttpAnswer refusal(int status, const std::string &words) {
  return {status, Json({{"refused", {{"code", status}, {"message", words}}}}).dump()};
}

/// What follows `start`, or nothing.
std::string after(const std::string &text, const std::string &start) {
  return text.rfind(start, 0) == 0 ? text.substr(start.size()) : std::string();
}

Json shown(const std::string &id, const FakeVolume &volume) {
  return {{"id", id}, {"status", volume.status}, {"metadata", volume.metadata}};
}

}  // namespace

HttpAnswer FakeVolumes::answer(const HttpRequest &request) {
  if (const auto path = after(request.path, "/compute/v2.1/servers/"); !path.empty())
    return compute(request, path);
  const auto path = after(request.path, "/volume/v3/p1");
  if (path == "/limits")
    return {200, Json({{"limits",
                        {{"absolute",
                          {{"maxTotalVolumes", most_volumes},
                           {"totalVolumesUsed", volumes.size()},
                           {"maxTotalVolumeGigabytes", most_gib},
                           {"totalGigabytesUsed", 0}}}}}})
                     .dump()};
  if (path == "/types")
    return {200, R"({"volume_types": [{"id": "1", "name": "fast"}, {"id": "2", "name": "slow"}]})"};
  if (path == "/volumes" && request.method == "POST") return create(request);
  if (path == "/volumes/detail") return list();
  if (const auto rest = after(path, "/volumes/"); !rest.empty()) return volume(request, rest);
  return refusal(404, "no such path");
}

HttpAnswer FakeVolumes::create(const HttpRequest &request) {
  const auto wanted = Json::parse(request.body)["volume"];
  FakeVolume made;
  made.status = first_status;
  made.name = wanted["name"];
  made.description = wanted["description"];
  made.type = wanted.value("volume_type", "");
  made.gib = wanted["size"];
  made.metadata = wanted["metadata"].get<std::map<std::string, std::string>>();
  const auto id = "0123456" + std::to_string(++made_) + "-aaaa-4bbb-8ccc-ddddeeeeffff";
  volumes[id] = made;
  return {202, Json({{"volume", shown(id, made)}}).dump()};
}

HttpAnswer FakeVolumes::list() const {
  auto all = Json::array();
  for (const auto &[id, one] : volumes) all.push_back(shown(id, one));
  return {200, Json({{"volumes", all}}).dump()};
}

HttpAnswer FakeVolumes::volume(const HttpRequest &request, const std::string &rest) {
  const auto id = rest.substr(0, rest.find('/'));
  const auto found = volumes.find(id);
  if (found == volumes.end()) return refusal(404, "no such volume");
  auto &volume = found->second;
  const auto what = rest.substr(id.size());
  if (what.empty() && request.method == "GET")
    return {200, Json({{"volume", shown(id, volume)}}).dump()};
  if (what.empty() && request.method == "DELETE") {
    if (volume.status == "in-use") return refusal(400, "volume is in use");
    volumes.erase(found);
    return {202};
  }
  const auto body = Json::parse(request.body);
  if (what.empty() && request.method == "PUT") {
    volume.description = body["volume"]["description"];
  } else if (what == "/metadata" && request.method == "POST") {
    for (const auto &[key, value] : body["metadata"].items()) volume.metadata[key] = value;
  } else if (what == "/action" && body.contains("os-set_bootable")) {
    volume.bootable = body["os-set_bootable"]["bootable"];
  } else if (what == "/action" && body.contains("os-set_image_metadata")) {
    for (const auto &[key, value] : body["os-set_image_metadata"]["metadata"].items())
      volume.image_metadata[key] = value;
  } else {
    return refusal(400, "not understood");
  }
  return {200, "{}"};
}

HttpAnswer FakeVolumes::compute(const HttpRequest &request, const std::string &path) {
  if (path.substr(0, path.find('/')) != server) return refusal(404, "Instance could not be found.");
  const auto rest = path.substr(server.size());
  if (rest.empty()) return {200, "{\"server\": {}}"};
  const std::string below = "/os-volume_attachments";
  const auto id = request.method == "POST"
                      ? Json::parse(request.body)["volumeAttachment"]["volumeId"].get<std::string>()
                      : rest.substr(below.size() + 1);
  const auto found = volumes.find(id);
  if (found == volumes.end()) return refusal(404, "no such volume");
  const auto device = devices_ / ("virtio-" + id.substr(0, 20));
  if (request.method == "POST") {
    if (found->second.status != "available") return refusal(400, "volume is not available");
    found->second.status = "in-use";
    if (devices_appear) std::ofstream(device) << "old";
    return {200, "{}"};
  }
  if (found->second.status != "in-use") return refusal(404, "not attached");
  if (request.method == "GET") return {200, "{}"};
  std::filesystem::remove(device);
  found->second.status = "available";
  return {202};
}

}  // namespace v2v::test
