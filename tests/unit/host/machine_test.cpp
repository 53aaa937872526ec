// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// JSON lines for programs: guestfs(3), "Advanced machine readable output".
#include "testing.hpp"

#include <host/console.hpp>
#include <host/fan_out.hpp>
#include <host/machine.hpp>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace v2v::host {
namespace {

using nlohmann::json;
using testing::MatchesRegex;

class Machine : public testing::Test {
 protected:
  Machine()
      : reporter_({[this](const std::string &line) { lines_.push_back(line); },
                   [this] { return now_; },
                   [] {
                     return std::timespec{0, 123456789};
                   }}) {}

  std::vector<json> objects() const {
    std::vector<json> objects;
    for (const std::string &line : lines_) {
      EXPECT_EQ(line.find('\n'), std::string::npos);
      objects.push_back(json::parse(line));
    }
    return objects;
  }

  std::vector<std::string> lines_;
  Seconds now_{0};
  MachineReporter reporter_;
};

TEST_F(Machine, MessagesHaveThreeMembers) {
  reporter_.step("Opening the source");
  reporter_.info("a");
  reporter_.warning("b");
  const auto all = objects();
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0]["message"], "Opening the source");
  EXPECT_EQ(all[0]["type"], "message");
  EXPECT_THAT(all[0]["timestamp"].get<std::string>(),
              MatchesRegex("....-..-..T..:..:..\\.123456789[+-]..:.."));
  EXPECT_EQ(all[0].size(), 3u);
  EXPECT_EQ(all[1]["type"], "info");
  EXPECT_EQ(all[2]["type"], "warning");
  EXPECT_THAT(lines_[0], MatchesRegex("\\{\"message\":.*,\"timestamp\":.*,\"type\":.*\\}"));
}

TEST_F(Machine, ErrorsComeInTheirParts) {
  reporter_.error(Error(Code::no_space, "no room", "/var/tmp", "make some"));
  const json object = objects().at(0);
  EXPECT_EQ(object["message"], "/var/tmp: no room");
  EXPECT_EQ(object["type"], "error");
  EXPECT_EQ(object["code"], "no-space");
  EXPECT_EQ(object["object"], "/var/tmp");
  EXPECT_EQ(object["remedy"], "make some");
}

TEST_F(Machine, ErrorsWithoutAnObject) {
  reporter_.error(Error(Code::usage, "wrong"));
  const json object = objects().at(0);
  EXPECT_EQ(object["message"], "wrong");
  EXPECT_FALSE(object.contains("object"));
  EXPECT_FALSE(object.contains("remedy"));
}

TEST_F(Machine, DebugIsNotForPrograms) {
  reporter_.debug("x");
  EXPECT_TRUE(lines_.empty());
}

TEST_F(Machine, ChangesOfTheGuestHaveTheirReason) {
  reporter_.change({"/etc/fstab", "sda → vda", "a new name"});
  const auto line = objects().at(0);
  EXPECT_EQ(line["type"], "change");
  EXPECT_EQ(line["object"], "/etc/fstab");
  EXPECT_EQ(line["change"], "sda → vda");
  EXPECT_EQ(line["reason"], "a new name");
}

TEST_F(Machine, AnyBytesMakeJson) {
  reporter_.step("a\xff\x1b\n\"\xe6");
  EXPECT_EQ(objects().at(0)["message"], "a\xef\xbf\xbd\x1b\n\"\xef\xbf\xbd");
}

TEST_F(Machine, ProgressHasBytesRateAndTimeLeft) {
  reporter_.progress({"copy", 1, 2, 0, 1000});
  now_ = Seconds(2);
  reporter_.progress({"copy", 1, 2, 500, 1000});
  const auto all = objects();
  ASSERT_EQ(all.size(), 2u);
  EXPECT_TRUE(all[0]["eta"].is_null());
  const json &line = all[1];
  EXPECT_EQ(line["type"], "progress");
  EXPECT_EQ(line["phase"], "copy");
  EXPECT_EQ(line["disk"], 1);
  EXPECT_EQ(line["disks"], 2);
  EXPECT_EQ(line["bytes"], 500);
  EXPECT_EQ(line["total"], 1000);
  EXPECT_EQ(line["rate"], 250);
  EXPECT_EQ(line["eta"], 2);
  EXPECT_TRUE(line.contains("timestamp"));
}

TEST_F(Machine, ProgressIsNotAFlood) {
  for (unsigned i = 0; i <= 3000; ++i) {
    now_ = Seconds(i * 0.001);
    reporter_.progress({"copy", 1, 1, i, 3000});
  }
  reporter_.progress({"copy", 1, 1, 3000, 3000});
  const auto all = objects();
  EXPECT_LE(all.size(), 5u);
  EXPECT_GE(all.size(), 4u);
  EXPECT_EQ(all.front()["bytes"], 0);
  EXPECT_EQ(all.back()["bytes"], 3000);
}

TEST_F(Machine, EachDiskHasItsLines) {
  reporter_.progress({"copy", 1, 2, 1, 10});
  reporter_.progress({"copy", 2, 2, 2, 20});
  EXPECT_EQ(objects().size(), 2u);
}

TEST(Timestamp, IsLocalTimeWithNanoseconds) {
  ::setenv("TZ", "XYZ-05:30", 1);
  ::tzset();
  EXPECT_EQ(timestamp({1700000000, 5}), "2023-11-15T03:43:20.000000005+05:30");
  ::setenv("TZ", "XYZ+03:00", 1);
  ::tzset();
  EXPECT_EQ(timestamp({1700000000, 0}), "2023-11-14T19:13:20.000000000-03:00");
  ::unsetenv("TZ");
  ::tzset();
}

TEST(FanOut, TellsEverybody) {
  std::vector<std::string> first, second;
  const auto options = [](std::vector<std::string> &lines) {
    return MachineOptions{[&lines](const std::string &line) { lines.push_back(line); },
                          [] { return Seconds(0); }, [] { return std::timespec{}; }};
  };
  MachineReporter a(options(first)), b(options(second));
  FanOut all({&a});
  all.add(b);
  all.step("s");
  all.info("i");
  all.note("n");
  all.warning("w");
  all.error(Error(Code::io, "e"));
  all.progress({"copy", 1, 1, 0, 1});
  all.change({"a", "b", "c"});
  EXPECT_EQ(first.size(), 7u);
  EXPECT_EQ(first, second);
}

TEST(FanOut, LeavesItToEachWhetherNotesAreShown) {
  std::ostringstream out, error;
  ConsoleOptions quiet;
  quiet.out = &out;
  quiet.error = &error;
  quiet.quiet = true;
  ConsoleReporter console(quiet);
  std::vector<std::string> lines;
  MachineReporter machine({[&lines](const std::string &line) { lines.push_back(line); },
                           [] { return Seconds(0); }, [] { return std::timespec{}; }});
  FanOut({&console, &machine}).note("virtio is there");
  EXPECT_EQ(out.str(), "");
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_THAT(lines[0], testing::HasSubstr(R"("message":"virtio is there")"));
}

// ---- Where the lines go -----------------------------------------------------------------------

TEST(Stream, AFileIsMade) {
  const std::string file = testing::TempDir() + "v2v-machine-" + std::to_string(::getpid());
  {
    const MachineStream stream("file:" + file);
    EXPECT_FALSE(stream.is_standard_output());
    stream.write("one");
    stream.write("two");
  }
  std::stringstream text;
  text << std::ifstream(file).rdbuf();
  EXPECT_EQ(text.str(), "one\ntwo\n");
  ::unlink(file.c_str());
}

TEST(Stream, ADescriptorIsUsedAndStaysOpen) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  { MachineStream("fd:" + std::to_string(ends[1])).write("line"); }
  char text[10] = {};
  EXPECT_EQ(::read(ends[0], text, sizeof text), 5);
  EXPECT_STREQ(text, "line\n");
  EXPECT_EQ(::close(ends[1]), 0);
  ::close(ends[0]);
}

TEST(Stream, WhatCannotBeWrittenToIsAnError) {
  for (const char *destination : {"file:/nonexistent/x", "fd:999", "fd:99999999999999"}) {
    const Error error = error_of([&] { MachineStream stream(destination); });
    EXPECT_EQ(error.code(), Code::access) << destination;
    EXPECT_EQ(error.object(), std::string("--machine-readable=") + destination);
  }
  const int reading = ::open("/dev/null", O_RDONLY);
  EXPECT_THROW(MachineStream("fd:" + std::to_string(reading)), Error);
  ::close(reading);
}

TEST(Stream, StandardStreams) {
  EXPECT_TRUE(MachineStream("").is_standard_output());
  EXPECT_TRUE(MachineStream("stream:stdout").is_standard_output());
  EXPECT_FALSE(MachineStream("stream:stderr").is_standard_output());
}

TEST(AsVirtV2v, ProgressIsInFractionsAndJsonHasBlanks) {
  std::vector<std::string> lines;
  MachineOptions options{[&lines](const std::string &line) { lines.push_back(line); },
                         [] { return Seconds(0); }, [] { return std::timespec{}; }};
  options.as_virt_v2v = true;
  MachineReporter machine(options);
  machine.progress({"copy", 1, 1, 42, 100});
  machine.progress({"copy", 1, 1, 100, 100});
  EXPECT_EQ(lines, (std::vector<std::string>{"42/100", "100/100"}));
  // virt-v2v knows no changes.
  machine.change({"a", "b", "c"});
  EXPECT_EQ(lines.size(), 2u);
  machine.warning("a \"b\"\xff");
  EXPECT_THAT(lines.back(), MatchesRegex("\\{ \"message\": \"a \\\\\"b\\\\\"\xef\xbf\xbd\", "
                                         "\"timestamp\": \"1970.*\", \"type\": \"warning\" \\}"));
}

}  // namespace
}  // namespace v2v::host
