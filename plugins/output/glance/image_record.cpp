// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "image_record.hpp"

#include <v2v/openstack/session.hpp>

#include <nlohmann/json.hpp>

#include <memory>
#include <optional>

#include "image_api.hpp"

namespace v2v::output_glance {
namespace {

using Json = nlohmann::json;
using Values = std::map<std::string, std::string>;

struct Record {
  std::string id, url;
  Values settings;
};

std::optional<Record> parsed(const std::string &line) {
  try {
    const auto json = Json::parse(line);
    return Record{json.at("image"), json.at("url"), json.at("settings").get<Values>()};
  } catch (const Json::exception &) {
    return std::nullopt;  // of another version of this plugin
  }
}

}  // namespace

std::string image_record(const std::string &id, const std::string &url,
                         const openstack::Settings &settings) {
  return Json({{"image", id}, {"url", url}, {"settings", settings.without_secrets()}})
      .dump(-1, ' ', true, Json::error_handler_t::replace);
}

void remove_recorded(const std::vector<std::string> &records,
                     const openstack::Environment &environment, const http::Hooks &hooks) {
  std::map<Values, std::unique_ptr<openstack::Session>> sessions;
  std::optional<Error> first;
  for (const auto &line : records) {
    const auto record = parsed(line);
    if (!record) continue;
    try {
      auto &session = sessions[record->settings];
      if (!session)
        session = std::make_unique<openstack::Session>(
            openstack::Settings::from_record(record->settings, environment), hooks);
      ImageApi::remove_at(*session, record->url, record->id);
    } catch (const Error &error) {
      if (!first)
        first = Error(error.code(), "an image is left behind: " + error.failure(), record->id,
                      error.remedy() + "; start v2v again with the same login, which removes it");
    }
  }
  if (first) throw *first;
}

}  // namespace v2v::output_glance
