// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Keystone and Glance (and, if a test adds them, further services) as far as v2v speaks to them, as strict as the real ones: tokens are checked and end,
// an image takes data only while it is queued, what is sent twice is refused. tests/e2e/glance.sh has the
// real ones.
#pragma once

#include <v2v/openstack/settings.hpp>

#include <map>
#include <set>
#include <string>

#include "http_server.hpp"

namespace v2v::test {

struct FakeImage {
  std::string status = "queued", name, data;
  std::map<std::string, std::string> properties;  ///< all of the request's, as JSON
  bool hidden = false;
};

class FakeCloud {
 public:
  FakeCloud();

  HttpServer &server() { return server_; }
  /// OS_… variables that log in.
  std::map<std::string, std::string> variables() const;
  openstack::Environment environment() const;

  // To be changed before requests are made, or looked at after them.
  std::map<std::string, FakeImage> images;
  std::set<std::string> tokens;  ///< valid ones
  std::string token_seconds = "01:00:00";
  std::string last_login;                 ///< the body
  long quota_limit = -1, quota_used = 0;  ///< MiB
  bool can_hide = true, tells_quota = true;
  std::string hash_of_all = {};   ///< instead of the right one
  HttpServer::Handler more = {};  ///< Cinder and Nova, if the cloud has them

 private:
  HttpAnswer answer(const HttpRequest &request);
  HttpAnswer log_in(const HttpRequest &request);
  HttpAnswer schema() const;
  HttpAnswer create(const HttpRequest &request);
  HttpAnswer image(const HttpRequest &request, const std::string &id);
  HttpAnswer put_data(const HttpRequest &request, FakeImage &image);

  unsigned issued_ = 0;
  std::set<std::string> used_ids_;
  HttpServer server_;
};

}  // namespace v2v::test
