// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What a program of the host that works on a guest's data can do, and what it cannot.
#include "host_command.hpp"
#include "guest_fixture.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace v2v;
using namespace v2v::toolkit;
using testing::HasSubstr;

namespace {

constexpr std::chrono::seconds limit{60};

class HostCommandTest : public testing::Test {
 protected:
  HostCommandResult shell(const std::string &script) {
    return run_on_host({"sh", "-c", script, "sh", working_directory}, directory_.path().string(),
                       limit);
  }
  TemporaryDirectory directory_;
};

TEST_F(HostCommandTest, WorksInItsDirectory) {
  EXPECT_EQ(shell("echo hello >\"$1\"/file").status, 0);
  EXPECT_EQ(std::filesystem::file_size(directory_.path() / "file"), 6u);
  const auto result = shell("echo said; exit 3");
  EXPECT_EQ(result.status, 3);
  EXPECT_EQ(result.output, "said\n");
}

TEST_F(HostCommandTest, RootsRightsAreGivenUp) {
  if (::geteuid() != 0) GTEST_SKIP() << "not root";
  EXPECT_EQ(shell("id -u; id -G").output, "65534\n65534\n");
  TemporaryDirectory other;
  const auto result =
      run_on_host({"touch", (other.path() / "file").string()}, directory_.path().string(), limit);
  EXPECT_NE(result.status, 0);
  EXPECT_THAT(result.output, HasSubstr("Permission denied"));
  EXPECT_TRUE(std::filesystem::is_empty(other.path()));
}

TEST_F(HostCommandTest, InheritsNothingElse) {
  const int leaked = ::dup(0);
  EXPECT_EQ(shell("ls /proc/self/fd | grep -c '^[4-9]$'").output, "1\n");  // that of ls itself
  ::close(leaked);
  EXPECT_EQ(shell("env | grep -v -e ^LC_ALL -e ^PWD -e ^_ -e ^SHLVL -e ^OLDPWD").output, "");
}

TEST_F(HostCommandTest, NothingThatItStartedLivesOn) {
  const auto result = shell("sleep 60 >/dev/null 2>&1 & echo $!");
  ASSERT_EQ(result.status, 0);
  const auto process = "/proc/" + result.output.substr(0, result.output.size() - 1) + "/stat";
  for (int tries = 0; tries < 600 && std::filesystem::exists(process); ++tries) ::usleep(100'000);
  EXPECT_FALSE(std::filesystem::exists(process));
}

TEST_F(HostCommandTest, MissingProgramIsAnError) {
  EXPECT_THROW(run_on_host({"no-such-program-of-v2v"}, directory_.path().string(), limit), Error);
}

}  // namespace
