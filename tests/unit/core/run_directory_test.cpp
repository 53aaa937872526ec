// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/run/run_directory.hpp>

#include <v2v/error.hpp>

#include "../temporary_directory.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

namespace v2v::core {
namespace {

using test::TemporaryDirectory;

TEST(RunDirectory, IsPrivateAndLockedWhileItLives) {
  const TemporaryDirectory parent;
  const auto run = RunDirectory::create(parent.path(), 0);
  struct stat info {};
  ASSERT_EQ(::stat(run.path().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0700u);
  EXPECT_TRUE(RunDirectory::claim_stale(parent.path()).empty());
}

TEST(RunDirectory, IsStaleOnceItsHolderIsGone) {
  const TemporaryDirectory parent;
  { const auto run = RunDirectory::create(parent.path(), 0); }
  std::filesystem::create_directory(parent / "other");
  const auto stale = RunDirectory::claim_stale(parent.path());
  ASSERT_EQ(stale.size(), 1u);
  EXPECT_TRUE(RunDirectory::claim_stale(parent.path()).empty()) << "claimed twice";
  stale[0].remove();
  EXPECT_FALSE(std::filesystem::exists(stale[0].path()));
  EXPECT_TRUE(std::filesystem::exists(parent / "other"));
}

TEST(RunDirectory, KeepsTheJournalWhenAsked) {
  const TemporaryDirectory parent;
  const auto run = RunDirectory::create(parent.path(), 0);
  test::write_file(run.path() / "journal", "x");
  test::write_file(run.path() / "sub" / "overlay", "x");
  run.remove_all_but_journal();
  EXPECT_TRUE(std::filesystem::exists(run.path() / "journal"));
  EXPECT_FALSE(std::filesystem::exists(run.path() / "sub"));
}

TEST(RunDirectory, RefusesWithoutRoom) {
  const TemporaryDirectory parent;
  try {
    RunDirectory::create(parent.path(), std::uint64_t{1} << 62);
    FAIL();
  } catch (const Error &error) {
    EXPECT_EQ(error.code(), Code::no_space);
    EXPECT_EQ(error.object(), parent.path().string());
  }
  EXPECT_TRUE(std::filesystem::is_empty(parent.path()));
}

}  // namespace
}  // namespace v2v::core
