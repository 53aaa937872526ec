// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <fstream>
#include <v2v/local_disks/staging.hpp>

#include "output_fixture.hpp"

namespace v2v::test {
namespace {

using local_disks::Staging;
using testing::ElementsAre;
using testing::IsEmpty;

class StagingTest : public testing::Test {
 protected:
  Staging make() {
    return Staging(directory(), "guest", [this](const std::string &record) {
      // The record must be there before what it names.
      if (record.find("\"staging\"") != std::string::npos) {
        EXPECT_THAT(names_in(directory()), names_before_);
      }
      records_.push_back(record);
      if (fail_at_ != 0 && records_.size() == fail_at_) throw Error(Code::io, "killed");
    });
  }
  std::string directory() const { return scratch_.path(); }
  std::string text(const std::string &name) const { return read_file(scratch_ / name); }
  void put(const std::string &name, const std::string &content) {
    write_file(scratch_ / name, content);
  }

  TemporaryDirectory scratch_;
  testing::Matcher<std::vector<std::string>> names_before_ = testing::_;
  std::vector<std::string> records_;
  std::size_t fail_at_ = 0;
};

TEST_F(StagingTest, NothingIsVisibleUntilPublished) {
  names_before_ = IsEmpty();
  auto staging = make();
  staging.write("disk", "bytes", 0644);
  staging.write("guest.sh", "#!", 0755);
  ASSERT_EQ(names_in(directory()).size(), 1u);
  struct stat entry;
  ASSERT_EQ(stat((directory() + "/" + names_in(directory())[0]).c_str(), &entry), 0);
  EXPECT_EQ(entry.st_mode & 07777, 0700u);
  staging.publish({"disk", "guest.sh"}, false);
  EXPECT_THAT(names_in(directory()), ElementsAre("disk", "guest.sh"));
  EXPECT_EQ(text("disk"), "bytes");
}

TEST_F(StagingTest, AbortRemovesEverythingAtAnyTimeAndTwice) {
  put("other", "stays");
  auto staging = make();
  Staging::abort(records_);
  EXPECT_THAT(names_in(directory()), ElementsAre("other"));

  auto second = make();
  second.write("disk", "bytes", 0644);
  second.write("xml", "bytes", 0644);
  Staging::abort(records_);
  EXPECT_THAT(names_in(directory()), ElementsAre("other"));
  Staging::abort(records_);

  auto third = make();
  third.write("disk", "bytes", 0644);
  third.publish({"disk"}, false);
  Staging::abort(records_);
  Staging::abort(records_);
  EXPECT_THAT(names_in(directory()), ElementsAre("other"));
}

TEST_F(StagingTest, AnExistingFileStopsEverything) {
  put("xml", "old");
  auto staging = make();
  staging.write("disk", "new", 0644);
  staging.write("xml", "new", 0644);
  EXPECT_EQ(error_of([&] { staging.publish({"disk", "xml"}, false); })->code(), Code::exists);
  EXPECT_FALSE(std::filesystem::exists(scratch_ / "disk"));
  EXPECT_EQ(text("xml"), "old");
  Staging::abort(records_);
  EXPECT_THAT(names_in(directory()), ElementsAre("xml"));
}

TEST_F(StagingTest, ReplacingTakesOldStateAlong) {
  put("disk", "old");
  put("state", "old");
  auto staging = make();
  staging.write("disk", "new", 0644);
  staging.publish({"disk"}, true, {"state"});
  EXPECT_THAT(names_in(directory()), ElementsAre("disk"));
  EXPECT_EQ(text("disk"), "new");
  // The old files cannot come back any more, so the new ones stay.
  Staging::abort(records_);
  EXPECT_EQ(text("disk"), "new");
}

// The journal fails at each of its records in turn, as if the process had been killed there.
TEST_F(StagingTest, ReplacingIsAllOrNothingWhereverItIsKilled) {
  for (std::size_t at = 2; at <= 5; ++at) {
    for (const char *name : {"disk", "state", "xml"}) put(name, "old");
    records_.clear();
    fail_at_ = 0;
    auto staging = make();
    staging.write("disk", "new", 0644);
    staging.write("xml", "new", 0644);
    fail_at_ = at;
    // Records: staging, retire state, publish disk, publish xml, done.
    EXPECT_TRUE(error_of([&] { staging.publish({"disk", "xml"}, true, {"state"}); })) << at;
    if (at == 5) records_.pop_back();  // killed before the record was written
    Staging::abort(records_);
    Staging::abort(records_);
    EXPECT_THAT(names_in(directory()), ElementsAre("disk", "state", "xml")) << at;
    for (const char *name : {"disk", "state", "xml"}) EXPECT_EQ(text(name), "old") << at << name;
  }
}

TEST_F(StagingTest, AFileThatAnotherMadeSinceIsNotRemoved) {
  auto staging = make();
  staging.write("disk", "bytes", 0644);
  staging.publish({"disk"}, false);
  std::filesystem::remove(scratch_ / "disk");
  put("disk", "of another");
  Staging::abort(records_);
  EXPECT_EQ(text("disk"), "of another");
}

TEST_F(StagingTest, TwoAtTheSameTimeForOneGuestAreRefused) {
  const auto other_guest = [&] { Staging(directory(), "another", [](const std::string &) {}); };
  {
    auto first = make();
    const auto error = error_of([&] { Staging::refuse_if_busy(directory(), "guest"); });
    ASSERT_TRUE(error);
    EXPECT_EQ(error->code(), Code::exists);
    EXPECT_EQ(error->object(), directory() + "/guest");
    EXPECT_EQ(error_of([&] { make(); })->code(), Code::exists);
    EXPECT_FALSE(error_of(other_guest));
    // What the refused one made goes with its abort; the first is not touched.
    Staging::abort({records_.back()});
    first.write("disk", "bytes", 0644);
    first.publish({"disk"}, false);
  }
  // What a killed conversion left is in nobody's way.
  { const auto killed = make(); }
  EXPECT_FALSE(error_of([&] { Staging::refuse_if_busy(directory(), "guest"); }));
  EXPECT_FALSE(error_of([&] { make(); }));
}

TEST_F(StagingTest, AbortFollowsNoLinks) {
  const auto precious = scratch_ / "precious";
  std::filesystem::create_directory(precious);
  write_file(precious / "file", "x");
  // A link where the private directory was.
  std::filesystem::create_directory_symlink(precious, scratch_ / ".v2v-0123");
  Staging::abort({R"({"op":"staging","path":")" + directory() + R"(/.v2v-0123"})"});
  EXPECT_TRUE(std::filesystem::exists(precious / "file"));
  // A link inside it is removed, what it points to is not.
  auto staging = make();
  std::filesystem::create_symlink(precious / "file", staging.path("disk"));
  Staging::abort(records_);
  EXPECT_TRUE(std::filesystem::exists(precious / "file"));
}

TEST_F(StagingTest, OtherRecordsAndOtherDirectoriesAreLeftAlone) {
  std::filesystem::create_directory(scratch_ / "data");
  put("data/file", "x");
  Staging::abort({"", "not json", "[]", "{}", R"({"op":"volume","name":"v"})",
                  R"({"op":"staging","path":")" + directory() + R"(/data"})",
                  R"({"op":"staging","path":"relative/.v2v-1"})", R"({"op":"staging"})"});
  EXPECT_EQ(text("data/file"), "x");
}

TEST_F(StagingTest, ALinkThatLiesAtTheFinalNameIsNotFollowed) {
  put("victim", "old");
  std::filesystem::create_symlink(scratch_ / "victim", scratch_ / "disk");
  for (const bool replace : {false, true}) {
    auto staging = make();
    staging.write("disk", "new", 0644);
    EXPECT_EQ(error_of([&] { staging.publish({"disk"}, replace); })->code(), Code::exists);
    EXPECT_EQ(text("victim"), "old");
  }
}

}  // namespace
}  // namespace v2v::test
