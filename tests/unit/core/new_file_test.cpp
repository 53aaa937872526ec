// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/run/new_file.hpp>

#include "../refusal.hpp"
#include "../temporary_directory.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <unistd.h>

namespace v2v::core {
namespace {

using test::error_of;
using testing::HasSubstr;

std::size_t entries(const std::filesystem::path &directory) {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto &entry : std::filesystem::directory_iterator(directory)) ++count;
  return count;
}

TEST(NewFile, IsThereWhenItIsPublishedAndNothingBefore) {
  const test::TemporaryDirectory directory;
  {
    NewFile file(directory / "report", 0600, "the report");
    file.write("all of it");
    EXPECT_EQ(entries(directory.path()), 0u);
    file.publish();
  }
  EXPECT_EQ(test::read_file(directory / "report"), "all of it");
  EXPECT_EQ(entries(directory.path()), 1u);
  struct stat info {};
  ASSERT_EQ(::stat((directory / "report").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777u, 0600u);
}

TEST(NewFile, ReplacesAnOldOneAtTheEndOnly) {
  const test::TemporaryDirectory directory;
  test::write_file(directory / "report", "old");
  {
    NewFile unfinished(directory / "report", 0600, "the report");
    unfinished.write("new");
  }
  EXPECT_EQ(test::read_file(directory / "report"), "old");
  NewFile file(directory / "report", 0600, "the report");
  file.write("new");
  file.publish();
  EXPECT_EQ(test::read_file(directory / "report"), "new");
  EXPECT_EQ(entries(directory.path()), 1u);
}

TEST(NewFile, RefusesAtOnceWhatCannotBeWritten) {
  const test::TemporaryDirectory directory;
  const auto missing = error_of([&] { NewFile(directory / "none/report", 0600, "the report"); });
  EXPECT_EQ(missing.code(), Code::not_found);
  EXPECT_EQ(missing.object(), (directory / "none/report").string());
  EXPECT_THAT(missing.failure(), HasSubstr("cannot write the report"));
  EXPECT_FALSE(missing.remedy().empty());
  EXPECT_EQ(error_of([&] { NewFile(directory.path(), 0600, "it"); }).code(), Code::access);
  EXPECT_EQ(error_of([&] { NewFile("/dev/null", 0600, "it"); }).code(), Code::access);
  EXPECT_EQ(error_of([&] { NewFile("/proc/report", 0600, "it"); }).object(), "/proc/report");
}

}  // namespace
}  // namespace v2v::core
