// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Links inside a guest: nothing leads out of its root.
#include <v2v/linux/guest_path.hpp>

#include <gmock/gmock.h>

#include <map>

using namespace v2v::linux;

namespace {

PathLookUp links(const std::map<std::string, std::string> &table) {
  return [table](const std::string &path) {
    const auto found = table.find(path);
    if (found == table.end()) return PathStep{};
    return PathStep{PathStep::Kind::link, found->second};
  };
}

std::string resolved(const std::string &path, const std::map<std::string, std::string> &table,
                     bool follow_last = true) {
  const auto result = resolve_links(path, follow_last, links(table));
  return result ? result->path : "loop";
}

TEST(GuestPath, RelativeLinkIsResolvedBesideItself) {
  EXPECT_EQ(resolved("/lib/modules", {{"/lib", "usr/lib"}}), "/usr/lib/modules");
}

TEST(GuestPath, AbsoluteLinkStartsAtTheGuestsRoot) {
  EXPECT_EQ(resolved("/a/b", {{"/a", "/x/y"}}), "/x/y/b");
}

TEST(GuestPath, DotDotStopsAtTheRoot) {
  EXPECT_EQ(resolved("/a", {{"/a", "../../../etc/shadow"}}), "/etc/shadow");
  EXPECT_EQ(resolved("/../../x", {}), "/x");
}

TEST(GuestPath, DotDotAfterALinkLeavesItsTarget) {
  EXPECT_EQ(resolved("/a/../b", {{"/a", "/x/y"}}), "/x/b");
}

TEST(GuestPath, LastNameIsFollowedOnlyOnDemand) {
  EXPECT_EQ(resolved("/a", {{"/a", "b"}}, false), "/a");
  EXPECT_EQ(resolved("/a", {{"/a", "b"}}, true), "/b");
}

TEST(GuestPath, LoopIsNoAnswer) {
  EXPECT_EQ(resolved("/a", {{"/a", "b"}, {"/b", "a"}}), "loop");
}

TEST(GuestPath, UnknownNamesAreReported) {
  const auto result = resolve_links("/a/b", true, [](const std::string &path) {
    return PathStep{path == "/a" ? PathStep::Kind::plain : PathStep::Kind::unknown};
  });
  ASSERT_TRUE(result);
  EXPECT_FALSE(result->known);
}

TEST(GuestPath, Parts) {
  EXPECT_EQ(parent_path("/a/b"), "/a");
  EXPECT_EQ(parent_path("/a"), "/");
  EXPECT_EQ(base_name("/a/b"), "b");
  EXPECT_EQ(join_path("/", "a"), "/a");
  EXPECT_EQ(join_path("/a", "b"), "/a/b");
  EXPECT_EQ(clean_path("//a/./b/"), "/a/b");
  EXPECT_TRUE(is_below("/etc/x", "/etc"));
  EXPECT_TRUE(is_below("/etc", "/etc"));
  EXPECT_TRUE(is_below("/etc", "/"));
  EXPECT_FALSE(is_below("/etcetera", "/etc"));
}

}  // namespace
