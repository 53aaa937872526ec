// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <v2v/openstack/session.hpp>

#include "../plugins/output_fixture.hpp"
#include "fake_cloud.hpp"

namespace v2v::test {
namespace {

using namespace std::chrono_literals;
using openstack::Session;
using openstack::Settings;
using ::testing::HasSubstr;
using ::testing::Not;
using Json = nlohmann::json;

http::Hooks quick() {
  http::Hooks hooks;
  hooks.pauses = {1ms};
  return hooks;
}

class SessionTest : public testing::Test {
 protected:
  Settings settings() { return Settings::from(cloud_.environment()); }
  Settings settings_with(std::map<std::string, std::string> more) {
    auto made = settings();
    for (const auto &[name, value] : more) made.set(name, value);
    return made;
  }
  Error login_error(const Settings &settings) {
    const auto error = error_of([&] { Session(settings, quick()).project(); });
    return error ? *error : Error(Code::internal, "no error");
  }
  http::Request list() { return {"GET", cloud_.server().url() + "/image/v2/images"}; }
  std::size_t logins() { return cloud_.server().count("POST /identity/v3/auth/tokens"); }

  FakeCloud cloud_;
};

TEST_F(SessionTest, LogsInWithAPasswordOnce) {
  Session session(settings(), quick());
  EXPECT_EQ(session.send(list()).status, 200);
  EXPECT_EQ(session.send(list()).status, 200);
  EXPECT_EQ(session.project(), "p1");
  EXPECT_EQ(logins(), 1u);
  EXPECT_EQ(Json::parse(cloud_.last_login), Json::parse(R"({"auth": {
    "identity": {"methods": ["password"], "password": {"user": {
      "name": "mover", "domain": {"name": "Users"}, "password": "p4ss\"word"}}},
    "scope": {"project": {"name": "movers", "domain": {"id": "d-projects"}}}}})"));
}

TEST_F(SessionTest, LogsInWithAnApplicationCredentialWhichNamesNoProject) {
  Session session(settings_with({{"application_credential_id", "a1"},
                                 {"application_credential_secret", "app"}}),
                  quick());
  EXPECT_EQ(session.send(list()).status, 200);
  EXPECT_EQ(Json::parse(cloud_.last_login), Json::parse(R"({"auth": {"identity": {
    "methods": ["application_credential"],
    "application_credential": {"id": "a1", "secret": "app"}}}})"));
}

TEST_F(SessionTest, LogsInWithATokenThatItDoesNotRenew) {
  cloud_.token_seconds = "00:00:30";
  Session session(settings_with({{"auth_type", "v3token"}, {"token", "given"}}), quick());
  EXPECT_EQ(session.send(list()).status, 200);
  EXPECT_EQ(session.send(list()).status, 200);
  EXPECT_EQ(logins(), 1u);
}

TEST_F(SessionTest, RenewsATokenThatIsAboutToEnd) {
  cloud_.token_seconds = "00:00:30";
  Session session(settings(), quick());
  session.send(list());
  session.send(list());
  EXPECT_EQ(logins(), 2u);
}

TEST_F(SessionTest, GetsANewTokenAfter401Once) {
  Session session(settings(), quick());
  session.send(list());
  cloud_.tokens.clear();
  EXPECT_EQ(session.send(list()).status, 200);
  EXPECT_EQ(logins(), 2u);
  for (int i = 0; i < 2; ++i) cloud_.server().fail_next({"GET", "/images", 401});
  EXPECT_EQ(session.send(list()).status, 401);
  EXPECT_EQ(logins(), 3u);
}

TEST_F(SessionTest, ChoosesTheEndpointByInterfaceAndRegion) {
  const auto url_for = [&](const std::map<std::string, std::string> &more) {
    return Session(settings_with(more), quick()).endpoint(openstack::image_service(), "/v2");
  };
  EXPECT_EQ(url_for({}), cloud_.server().url() + "/image");
  EXPECT_EQ(url_for({{"region_name", "two"}}), cloud_.server().url() + "/second");
  EXPECT_EQ(url_for({{"interface", "adminURL"}}), "http://127.0.0.1:1");
  EXPECT_EQ(url_for({{"image_endpoint_override", "http://x/v2"}}), "http://x");
  const auto error = error_of([&] { url_for({{"region_name", "three"}}); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), Code::not_found);
  EXPECT_THAT(error->what(), HasSubstr("region three"));
  EXPECT_THAT(error->remedy(), HasSubstr("public in two"));
  EXPECT_THAT(error_of([&] {
                Session(settings(), quick()).endpoint(openstack::compute_service());
              })->what(),
              HasSubstr("no compute (Nova) service"));
}

TEST_F(SessionTest, ARefusedLoginSaysWhatHelpsAndNoSecret) {
  auto error = login_error(settings_with({{"password", "wrong-password"}}));
  EXPECT_EQ(error.code(), Code::access);
  EXPECT_THAT(error.what(), Not(HasSubstr("wrong-password")));
  EXPECT_THAT(error.what(), HasSubstr("/identity/v3/auth/tokens"));
  error = login_error(settings_with({{"token", "old"}}));
  EXPECT_THAT(error.remedy(), HasSubstr("application credential"));
  error = login_error(settings_with({{"auth_url", cloud_.server().url() + "/image"}}));
  EXPECT_EQ(error.code(), Code::access);
}

TEST_F(SessionTest, WhatIsMissingForALoginIsNamed) {
  EXPECT_THAT(login_error(settings_with({{"password", ""}})).what(), HasSubstr("OS_PASSWORD"));
  EXPECT_THAT(login_error(settings_with({{"username", ""}})).what(), HasSubstr("OS_USERNAME"));
  EXPECT_THAT(login_error(settings_with({{"project_name", ""}})).what(),
              HasSubstr("OS_PROJECT_NAME"));
  EXPECT_THAT(login_error(Settings()).what(), HasSubstr("OS_"));
  const auto error = login_error(settings_with({{"auth_type", "v3oidcpassword"}}));
  EXPECT_EQ(error.code(), Code::unsupported);
  EXPECT_THAT(error.remedy(), HasSubstr("token issue"));
}

TEST_F(SessionTest, AnAnswerThatIsNotKeystonesIsAnError) {
  for (const std::string body : {"", "{", "[]", "{\"token\": 1}", "{\"token\": {\"catalog\": 7}}",
                                 "{\"token\": {\"catalog\": [5]}}"}) {
    cloud_.server().fail_next({"POST", "/tokens", 201, false, 0, "X-Subject-Token: t", body});
    EXPECT_EQ(login_error(settings()).code(), Code::io) << body;
  }
}

TEST_F(SessionTest, ErrorsSayWhatTheServiceSays) {
  const Session session(settings(), quick());
  const auto shown = [&](int status, const std::string &body) {
    return session.error("cannot do it", "this", {status, {}, body});
  };
  auto error = shown(403, R"({"forbidden": {"code": 403, "message": "not for you"}})");
  EXPECT_STREQ(
      error.what(),
      "this: cannot do it: the answer is 403, not for you; ask the cloud's operator for the "
      "right to do this, or use another project");
  EXPECT_EQ(error.code(), Code::access);
  error =
      shown(413, "<html><head><title>413</title></head><h1>x</h1>\n quota<br/> is full </html>");
  EXPECT_EQ(error.failure(), "cannot do it: the answer is 413, quota is full");
  EXPECT_EQ(error.code(), Code::no_space);
  EXPECT_THAT(shown(400, "you said p4ss\"word").what(), HasSubstr("you said ***"));
  EXPECT_EQ(shown(500, "").failure(), "cannot do it: the answer is 500");
}

}  // namespace
}  // namespace v2v::test
