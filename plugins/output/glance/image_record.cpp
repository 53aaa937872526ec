// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "image_record.hpp"

#include <v2v/openstack/session.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <openssl/rand.h>

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

std::string new_image_id() {
  unsigned char random[16];
  if (::RAND_bytes(random, sizeof random) != 1)
    throw Error(Code::internal, "no random numbers can be had", "an image's id");
  random[6] = static_cast<unsigned char>((random[6] & 0x0f) | 0x40);
  random[8] = static_cast<unsigned char>((random[8] & 0x3f) | 0x80);
  std::string text;
  for (unsigned i = 0; i < sizeof random; ++i)
    text += fmt::format("{}{:02x}", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", random[i]);
  return text;
}

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
