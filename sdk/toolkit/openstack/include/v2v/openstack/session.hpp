// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A cloud that one is logged in to: Keystone v3 gives a token and a catalogue, and every request
// carries the token. It is renewed before it ends, before an upload in which it could end, and when
// a service answers 401. Sources: the Identity API v3 and the catalogue as keystoneauth reads it.
//
// Every function may be called from any thread.
#pragma once

#include <v2v/http/client.hpp>
#include <v2v/openstack/settings.hpp>

#include <chrono>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace v2v::openstack {

/// A service in the catalogue, by the types it may have there.
struct Service {
  const char *title;                ///< for messages: "Glance (image)"
  std::vector<const char *> types;  ///< the official one first
  const char *override_setting;     ///< the setting that replaces what the catalogue says
};

const Service &image_service();
const Service &compute_service();
const Service &volume_service();

/// One address of a service.
struct Endpoint {
  std::string type, interface, region, url;
};

/// What Keystone answers to a login.
struct Token {
  std::string id, project;
  std::chrono::seconds lifetime{0};
  std::vector<Endpoint> catalogue;
};

/// Logs in once.
/// @throws Error(usage) if a setting is missing; Error(access) if Keystone refuses; Error(io)
Token log_in(const Settings &settings, const http::Client &client);

class Session {
 public:
  using Clock = std::function<std::chrono::steady_clock::time_point()>;

  /// Makes no request.
  /// @param now  another clock, for tests
  Session(Settings settings, http::Hooks hooks, Clock now = std::chrono::steady_clock::now);

  /// The service's address without a '/' at its end, and without the version `version` ("/v2").
  /// @throws as log_in(); Error(not_found) if the catalogue has no such service
  std::string endpoint(const Service &service, const std::string &version = {});
  std::string project();

  /// Sends it with the token; after 401 once more with a new one.
  /// @throws as log_in() and http::Client::send()
  http::Response send(http::Request request);

  /// Uploads with a token that has at least half of its life before it. After an answer of 401 the
  /// next one gets a new token.
  /// @param hooks  of this upload
  http::Response upload(http::Request request, const http::Upload &body, const http::Hooks &hooks);

  /// What an answer that is no success means, with what the server says of it.
  /// @param what    what failed: "cannot create the image"
  /// @param remedy  what helps where the status says nothing better
  Error error(const std::string &what, const std::string &object, const http::Response &answer,
              const std::string &remedy = {}) const;

  const Settings &settings() const { return settings_; }

 private:
  struct Held {
    Token token;
    std::chrono::steady_clock::time_point since;
  };

  http::Client client(const http::Hooks &hooks) const;
  std::string token(bool for_long);
  void drop(const std::string &refused);
  Error no_endpoint(const Service &service, const std::set<std::string> &others) const;
  Token current(bool for_long);

  const Settings settings_;
  const http::Hooks hooks_;
  const Clock now_;
  std::mutex mutex_;  ///< guards what follows
  std::optional<Held> held_;
};

}  // namespace v2v::openstack
