// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <v2v/openstack/settings.hpp>

#include "../plugins/output_fixture.hpp"

namespace v2v::test {
namespace {

using openstack::Settings;
using ::testing::HasSubstr;
using Values = std::map<std::string, std::string>;

openstack::Environment given(Values values) {
  return [values = std::move(values)](const char *name) -> const char * {
    const auto found = values.find(name);
    return found == values.end() ? nullptr : found->second.c_str();
  };
}

constexpr const char *clouds = R"(
clouds:
  other: {auth: {auth_url: http://other}}
  mine:
    auth_type: v3applicationcredential
    auth:
      auth_url: https://keystone/v3
      application_credential_id: a1
      password: "from the file"
    regions: [one, two]
    verify: false
    endpoint-type: internal
)";

class SettingsTest : public testing::Test {
 protected:
  void SetUp() override { write_file(scratch_ / "clouds.yaml", clouds); }
  Values mine(Values more = {}) {
    more["OS_CLOUD"] = "mine";
    more["OS_CLIENT_CONFIG_FILE"] = scratch_ / "clouds.yaml";
    more["HOME"] = scratch_.path();
    return more;
  }
  TemporaryDirectory scratch_;
};

TEST_F(SettingsTest, AreTheVariables) {
  const auto settings = Settings::from(given({{"OS_AUTH_URL", "http://k"},
                                              {"OS_TENANT_NAME", "t"},
                                              {"OS_ENDPOINT_TYPE", "internalURL"},
                                              {"OS_PASSWORD", "p"},
                                              {"OS_INSECURE", "True"}}));
  EXPECT_EQ(settings.get("auth_url"), "http://k");
  EXPECT_EQ(settings.get("project_name"), "t");
  EXPECT_EQ(settings.get("interface"), "internalURL");
  EXPECT_EQ(settings.get("password"), "p");
  EXPECT_TRUE(settings.insecure());
  EXPECT_FALSE(Settings::from(given({})).insecure());
}

TEST_F(SettingsTest, AreACloudOfTheFile) {
  const auto settings = Settings::from(given(mine({{"OS_AUTH_URL", "http://not-this"}})));
  EXPECT_EQ(settings.get("auth_url"), "https://keystone/v3");
  EXPECT_EQ(settings.get("application_credential_id"), "a1");
  EXPECT_EQ(settings.get("region_name"), "one");
  EXPECT_EQ(settings.get("interface"), "internal");
  EXPECT_TRUE(settings.insecure());
}

TEST_F(SettingsTest, VariablesFillInAndChooseTheRegion) {
  const auto settings = Settings::from(given(mine({{"OS_REGION_NAME", "two"},
                                                   {"OS_PASSWORD", "not this"},
                                                   {"OS_CACERT", "/ca"},
                                                   {"OS_APPLICATION_CREDENTIAL_SECRET", "s"}})));
  EXPECT_EQ(settings.get("region_name"), "two");
  EXPECT_EQ(settings.get("password"), "from the file");
  EXPECT_EQ(settings.get("cacert"), "/ca");
  EXPECT_EQ(settings.get("application_credential_secret"), "s");
}

TEST_F(SettingsTest, SecretsMayBeInAFileOfTheirOwn) {
  write_file(scratch_ / ".config/openstack/secure.yaml",
             "clouds: {mine: {auth: {application_credential_secret: sec}}}\n");
  const auto settings = Settings::from(given(mine()));
  EXPECT_EQ(settings.get("application_credential_secret"), "sec");
}

TEST_F(SettingsTest, TheFileIsFoundInTheHomeDirectory) {
  write_file(scratch_ / ".config/openstack/clouds.yaml", clouds);
  auto values = mine();
  values.erase("OS_CLIENT_CONFIG_FILE");
  EXPECT_EQ(Settings::from(given(values)).get("auth_url"), "https://keystone/v3");
}

TEST_F(SettingsTest, AFileThatDoesNotHelpIsNamed) {
  auto values = mine();
  values["OS_CLOUD"] = "none";
  auto error = error_of([&] { Settings::from(given(values)); });
  ASSERT_TRUE(error);
  EXPECT_THAT(error->what(), HasSubstr("clouds.yaml"));
  EXPECT_THAT(error->remedy(), HasSubstr("other, mine"));
  write_file(scratch_ / "clouds.yaml", "clouds:\n  a: [\n");
  error = error_of([&] { Settings::from(given(mine())); });
  ASSERT_TRUE(error);
  EXPECT_THAT(error->what(), HasSubstr("line 3"));
  write_file(scratch_ / "clouds.yaml", std::string(10'000, '['));
  EXPECT_TRUE(error_of([&] { Settings::from(given(mine())); }));
  values["OS_CLIENT_CONFIG_FILE"] = scratch_ / "absent";
  error = error_of([&] { Settings::from(given(values)); });
  ASSERT_TRUE(error);
  EXPECT_THAT(error->what(), HasSubstr("there is no clouds.yaml"));
}

TEST_F(SettingsTest, ARecordHasNoSecretAndFindsThemAgain) {
  const Values now = {
      {"OS_AUTH_URL", "http://k"}, {"OS_USERNAME", "u"}, {"OS_PASSWORD", "secret1"}};
  const auto record = Settings::from(given(now)).without_secrets();
  for (const auto &[name, value] : record) EXPECT_NE(value, "secret1") << name;
  EXPECT_EQ(Settings::from_record(record, given(now)).get("password"), "secret1");
  EXPECT_EQ(Settings::from_record(record, given(now)).get("username"), "u");
  // The password of another cloud is not sent to this one.
  EXPECT_EQ(Settings::from_record(
                record, given({{"OS_AUTH_URL", "http://other"}, {"OS_PASSWORD", "secret2"}}))
                .get("password"),
            "");
}

TEST_F(SettingsTest, ARecordOfACloudReadsTheFileAgain) {
  const auto record = Settings::from(given(mine())).without_secrets();
  EXPECT_EQ(record.count("password"), 0u);
  // In another shell, where nothing is set.
  EXPECT_EQ(Settings::from_record(record, given({})).get("password"), "from the file");
}

}  // namespace
}  // namespace v2v::test
