// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// libvirt's file of credentials.
#include "../../refusal.hpp"
#include "../../temporary_directory.hpp"

#include <auth_file.hpp>

#include <filesystem>
#include <fstream>
#include <map>

namespace v2v::test {
namespace {

using namespace input_vpx;
using ::testing::HasSubstr;

const VpxUri uri = parse_vpx_uri("vpx://vc.example/DC");

TEST(AuthFileTest, TheServersCredentialsAreFound) {
  const auto found = credentials_in(
      "# comment\r\n[credentials-a]\nusername=root\npassword = s=e c \r\n\n"
      "[credentials-b]\nusername=other\npassword=x\n"
      "[auth-esx-default]\ncredentials=b\n[auth-esx-vc.example]\ncredentials=a\n",
      uri);
  EXPECT_EQ(found.user, "root");
  EXPECT_EQ(found.password, "s=e c");
}

TEST(AuthFileTest, OthersServeOnlyIfTheyAreTheDefault) {
  const std::string file = "[credentials-b]\nusername=u\npassword=p\n";
  EXPECT_EQ(credentials_in(file + "[auth-vpx-default]\ncredentials=b\n", uri).password, "p");
  EXPECT_EQ(credentials_in(file + "[auth-vpx-vc.example]\ncredentials=b\n", uri).user, "u");
  EXPECT_EQ(credentials_in(file + "[auth-esx-other]\ncredentials=b\n", uri).password, "");
  EXPECT_EQ(credentials_in(file + "[auth-libvirt-vc.example]\ncredentials=b\n", uri).password, "");
  EXPECT_EQ(credentials_in(file + "[auth-esx-vc.example]\ncredentials=c\n", uri).password, "");
  EXPECT_EQ(credentials_in("username=u\npassword=p\n[", uri).password, "");
}

TEST(AuthFileTest, TheUriWinsThenTheVariableThenTheUsersFile) {
  const TemporaryDirectory home;
  std::map<std::string, std::string> variables = {{"LIBVIRT_AUTH_FILE", "/from/variable"},
                                                  {"HOME", home.path().string()}};
  const auto environment = [&](const char *name) { return variables[name]; };
  EXPECT_EQ(auth_file(parse_vpx_uri("esx://h?authfile=/from/uri"), environment), "/from/uri");
  EXPECT_EQ(auth_file(uri, environment), "/from/variable");
  variables.erase("LIBVIRT_AUTH_FILE");
  const auto file = home.path() / ".config/libvirt/auth.conf";
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file) << "[x]\n";
  EXPECT_EQ(auth_file(uri, environment), file.string());
}

TEST(AuthFileTest, AFileThatIsNotThereIsNamed) {
  const auto error = error_of([] { read_credentials("/nonexistent/auth", uri); });
  EXPECT_EQ(error.code(), Code::not_found);
  EXPECT_EQ(error.object(), "/nonexistent/auth");
  EXPECT_THAT(error.remedy(), HasSubstr("-ip"));
  EXPECT_EQ(read_credentials("", uri).password, "");
}

}  // namespace
}  // namespace v2v::test
