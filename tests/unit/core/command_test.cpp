// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/run/command.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <thread>

namespace v2v::core {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

Code code_of(const Command &command) {
  try {
    command.run();
  } catch (const Error &error) {
    return error.code();
  }
  return Code{0};
}

TEST(Command, CapturesBothOutputsAndTheStatus) {
  const auto result = Command{{"sh", "-c", "echo out; echo err >&2; exit 3"}}.run();
  EXPECT_EQ(result.status, 3);
  EXPECT_EQ(result.out, "out\n");
  EXPECT_EQ(result.error, "err\n");
}

TEST(Command, NamesAProgramThatIsNotThere) {
  try {
    Command{{"v2v-no-such-program"}}.run();
    FAIL();
  } catch (const Error &error) {
    EXPECT_EQ(error.code(), Code::not_found);
    EXPECT_EQ(error.object(), "v2v-no-such-program");
    EXPECT_THAT(error.remedy(), HasSubstr("install"));
  }
}

TEST(Command, StopsAtItsTimeLimitWithItsChildren) {
  Command command{{"sh", "-c", "sleep 1000 & echo $!; sleep 1000"}};
  command.timeout = 300ms;
  std::string out;
  command.on_output = [&](const std::string &piece) { out += piece; };
  EXPECT_EQ(code_of(command), Code::io);
  const pid_t grandchild = std::stoi(out);
  for (int i = 0; i < 100 && ::kill(grandchild, 0) == 0; ++i) std::this_thread::sleep_for(20ms);
  EXPECT_NE(::kill(grandchild, 0), 0);
}

TEST(Command, StopsWhenCancelled) {
  Cancellation cancellation;
  Command command{{"sleep", "1000"}};
  command.check_cancelled = [&cancellation] { cancellation.check(); };
  std::thread canceller([&] {
    std::this_thread::sleep_for(100ms);
    cancellation.request();
  });
  EXPECT_EQ(code_of(command), Code::cancelled);
  canceller.join();
}

TEST(Command, PassesArgumentsAndEnvironmentUntouched) {
  Command command{{"sh", "-c", "printf '%s|%s' \"$1\" \"$V2V_TEST\"", "sh", "a b'$(c)"}};
  command.environment = {{"V2V_TEST", "x y"}};
  EXPECT_EQ(command.run().out, "a b'$(c)|x y");
}

TEST(Command, CheckedTellsWhatTheCommandSaid) {
  try {
    Command{{"sh", "-c", "echo no room >&2; exit 1"}}.run_checked("cannot copy", "disk.img");
    FAIL();
  } catch (const Error &error) {
    EXPECT_STREQ(error.what(), "disk.img: cannot copy: no room");
  }
}

TEST(Command, BoundsWhatItKeepsOfStandardError) {
  const auto result =
      Command{{"sh", "-c", "head -c 300000 /dev/zero | tr '\\0' x >&2; echo end >&2"}}.run();
  EXPECT_LE(result.error.size(), 64u * 1024);
  EXPECT_THAT(result.error, ::testing::EndsWith("end\n"));
}

}  // namespace
}  // namespace v2v::core
