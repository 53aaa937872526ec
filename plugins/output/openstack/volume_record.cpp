// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "volume_record.hpp"

#include <nlohmann/json.hpp>

#include <functional>
#include <optional>

#include "login_options.hpp"
#include "volume_api.hpp"

namespace v2v::output_openstack {
namespace {

using Json = nlohmann::json;
using namespace std::chrono_literals;

// The host gives the removal two minutes.
constexpr auto detach_limit = 60s;

struct Record {
  std::string conversion, server;
  std::map<std::string, std::string> settings;
};

std::optional<Record> parsed(const std::string &line) {
  try {
    const auto json = Json::parse(line);
    return Record{json.at("conversion"), json.at("server"),
                  json.at("settings").get<std::map<std::string, std::string>>()};
  } catch (const Json::exception &) {
    return std::nullopt;  // of another version of this plugin
  }
}

class Removal {
 public:
  Removal(VolumeApi &api, std::string server) : api_(api), server_(std::move(server)) {}

  void of(const std::vector<Volume> &volumes) {
    // All at once: a detachment takes its time.
    for (const auto &volume : volumes)
      if (volume.status != "available") attempt([&] { api_.detach(server_, volume.id); });
    for (const auto &volume : volumes) attempt([&] { remove(volume); });
    if (first_) throw *first_;
  }

 private:
  /// A volume that is being made, attached or detached cannot be removed yet; one with an error
  /// can.
  void remove(const Volume &volume) {
    if (volume.status != "available" && volume.status.rfind("error", 0) != 0) try {
        api_.wait_for(volume.id, "available", detach_limit);
      } catch (const Error &) {
        // What Cinder says of the removal says more.
      }
    api_.remove(volume.id);
  }

  void attempt(const std::function<void()> &body) {
    try {
      body();
    } catch (const Error &error) {
      if (!first_) first_ = error;
    }
  }

  VolumeApi &api_;
  std::string server_;
  std::optional<Error> first_;
};

}  // namespace

std::string volume_record(const std::string &conversion, const std::string &server,
                          const openstack::Settings &settings) {
  return Json({{"conversion", conversion},
               {"server", server},
               {"settings", settings.without_secrets()}})
      .dump(-1, ' ', true, Json::error_handler_t::replace);
}

void remove_recorded(const std::vector<std::string> &records,
                     const openstack::Environment &environment, const http::Hooks &hooks) {
  std::optional<Error> first;
  for (const auto &line : records) {
    const auto record = parsed(line);
    if (!record) continue;
    try {
      auto settings = openstack::Settings::from_record(record->settings, environment);
      read_password_file(settings);
      openstack::Session session(std::move(settings), hooks);
      VolumeApi api(session, [] {});
      Removal(api, record->server).of(api.with(conversion_key, record->conversion));
    } catch (const Error &error) {
      if (!first)
        first = Error(error.code(), "volumes are left behind: " + error.failure(), error.object(),
                      error.remedy() + "; start v2v again with the same login, which removes them");
    }
  }
  if (first) throw *first;
}

}  // namespace v2v::output_openstack
