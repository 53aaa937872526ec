// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// An oVirt engine that one is logged in to. Its SSO gives a token, which every request to the REST
// API (version 4) carries; when the engine answers 401 the token has ended, and there is another
// login. Sources: oVirt's REST API guide, and ovirt-engine's enginesso and restapi.
//
// Every function may be called from any thread.
#pragma once

#include <v2v/error.hpp>
#include <v2v/http/client.hpp>

#include <nlohmann/json.hpp>

#include <chrono>
#include <functional>
#include <mutex>
#include <string>

#include "login.hpp"

namespace v2v::output_rhv_upload {

class Engine {
 public:
  /// Makes no request.
  Engine(Login login, http::Hooks hooks) : login_(std::move(login)), hooks_(std::move(hooks)) {}

  /// @param path  below the API, with a '/' at its beginning and percent-encoded
  /// @param body  null: none
  /// @throws as http::Client::send(); Error(access) if the login is refused
  http::Response send(const std::string &method, const std::string &path,
                      const nlohmann::json &body = nullptr);
  /// As send(), for an answer that must be a success.
  /// @return the object that it has, or an empty one
  nlohmann::json ask(const std::string &method, const std::string &path, const std::string &what,
                     const std::string &object, const nlohmann::json &body = nullptr);

  /// What an answer that is no success means, with what the engine says of it.
  /// @param what    what failed: "cannot create the disk"
  /// @param remedy  what helps where the status says nothing better
  Error error(const std::string &what, const std::string &object, const http::Response &answer,
              const std::string &remedy = {}) const;

  /// Asks again and again, less and less often, until `done` says true.
  /// @return false if the time was over before
  bool wait(std::chrono::seconds limit, const std::function<bool()> &done) const;

  const Login &login() const { return login_; }
  const http::Hooks &hooks() const { return hooks_; }
  std::string printable_url() const { return http::printable_url(login_.api); }

 private:
  std::string token();
  void drop(const std::string &refused);
  std::string log_in() const;

  const Login login_;
  const http::Hooks hooks_;
  std::mutex mutex_;  ///< guards the token
  std::string token_;
};

/// The object in an answer's body, or an empty one.
nlohmann::json object_in(const http::Response &answer);

}  // namespace v2v::output_rhv_upload
