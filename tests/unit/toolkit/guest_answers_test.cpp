// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What is forgotten when something changes, and what is not.
#include "answer_cache.hpp"

#include <gmock/gmock.h>

using namespace v2v::linux;
using testing::ElementsAre;
using testing::Optional;

namespace {

FileInfo file(std::uint64_t inode) {
  FileInfo info;
  info.type = FileInfo::Type::file;
  info.device = 1;
  info.inode = inode;
  return info;
}

TEST(AnswerCache, ListingTellsWhatIsAbsent) {
  AnswerCache cache;
  EXPECT_FALSE(cache.is_surely_absent("/sbin/a"));
  cache.at("/sbin").names = std::vector<std::string>{"b", "c"};
  EXPECT_TRUE(cache.is_surely_absent("/sbin/a"));
  EXPECT_FALSE(cache.is_surely_absent("/sbin/b"));
  EXPECT_FALSE(cache.is_surely_absent("/bin/a"));
}

TEST(AnswerCache, SearchTellsListingsButNotOfWhatMayBeALink) {
  AnswerCache cache;
  cache.at("/lib").below =
      std::vector<std::string>{"/lib/m", "/lib/m/6.1", "/lib/m/6.1/a.ko", "/lib/mlink"};
  EXPECT_THAT(cache.names_in("/lib"), Optional(ElementsAre("m", "mlink")));
  EXPECT_THAT(cache.names_in("/lib/m"), Optional(ElementsAre("6.1")));
  EXPECT_FALSE(cache.names_in("/lib/mlink"));
  EXPECT_FALSE(cache.names_in("/usr"));
}

TEST(AnswerCache, SearchTellsWhereItsDirectoriesReallyAre) {
  AnswerCache cache;
  cache.at("/lib").below = std::vector<std::string>{"/lib/m", "/lib/m/6.1", "/lib/mlink"};
  EXPECT_FALSE(cache.real_directory("/lib/m"));
  cache.at("/lib").real.emplace("/usr/lib");
  EXPECT_EQ(cache.real_directory("/lib/m"), "/usr/lib/m");
  EXPECT_FALSE(cache.real_directory("/lib/mlink"));
  EXPECT_FALSE(cache.real_directory("/bin"));
}

TEST(AnswerCache, ChangedContentIsForgottenUnderEveryName) {
  AnswerCache cache;
  cache.at("/a").info.emplace(file(1));
  cache.at("/also-a").info.emplace(file(1));
  cache.at("/b").info.emplace(file(2));
  cache.at("/unknown").content = "old";
  cache.content_changed("/a", file(1));
  EXPECT_FALSE(cache.at("/a").info);
  EXPECT_FALSE(cache.at("/also-a").info);
  EXPECT_TRUE(cache.at("/b").info);
  EXPECT_FALSE(cache.at("/unknown").content);
}

TEST(AnswerCache, NewNameForgetsListingsAndWhatWasAbsent) {
  AnswerCache cache;
  cache.at("/").names = std::vector<std::string>{};
  cache.at("/a").info.emplace(std::nullopt);
  cache.at("/b").info.emplace(file(2));
  cache.name_added(std::nullopt);
  EXPECT_FALSE(cache.is_surely_absent("/a"));
  EXPECT_FALSE(cache.at("/a").info);
  EXPECT_TRUE(cache.at("/b").info);
}

TEST(AnswerCache, NewNameElsewhereLeavesASearchAlone) {
  const auto search = [](AnswerCache &cache) -> AnswerCache::Known & {
    auto &known = cache.at("/lib/modules");
    known.below = std::vector<std::string>{"/lib/modules/a"};
    known.real.emplace("/usr/lib/modules");
    return known;
  };
  AnswerCache cache;
  auto &known = search(cache);
  cache.name_added("/etc/new");
  EXPECT_TRUE(known.below);
  cache.name_added("/usr/lib/modules/new");
  EXPECT_FALSE(known.below);
  search(cache);
  // Where it is, is not known: it may be there through a link.
  cache.name_added(std::nullopt);
  EXPECT_FALSE(known.below);
}

}  // namespace
