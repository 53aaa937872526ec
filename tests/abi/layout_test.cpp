// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Compares plugin.h with layout-1.0.inc, so that an incompatible change is noticed here and not by
// somebody whose plugin crashes.
#include <v2v/plugin.h>

#include <gmock/gmock.h>

#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <type_traits>

namespace {

constexpr const char *explain =
    "plugin.h no longer is what released plugins were built for. A member may only be appended, "
    "with a new minor version; then add it to layout-1.0.inc";

struct Layout {
  std::size_t size = 0;
  std::size_t end = 0;  ///< of the last member
};

/// Everything that layout-1.0.inc knows, as it is checked line by line.
class Kept : public testing::Test {
 protected:
  void SetUp() override {
    if (sizeof(void *) != 8) GTEST_SKIP() << "the kept layout is that of 64-bit machines";
#define STRUCT(type, bytes)                                \
  EXPECT_EQ(sizeof(type), bytes) << #type ": " << explain; \
  structs_[#type].size = sizeof(type);
#define MEMBER(type, member, at, ...)                                             \
  EXPECT_EQ(offsetof(type, member), at) << #type "." #member ": " << explain;     \
  EXPECT_TRUE((std::is_same_v<decltype(type::member), __VA_ARGS__>))              \
      << #type "." #member " is not " #__VA_ARGS__ ": " << explain;               \
  follows(#type, #member, offsetof(type, member), sizeof(decltype(type::member)), \
          alignof(decltype(type::member)));
#define CONSTANT(name, value)                      \
  EXPECT_EQ(name, value) << #name ": " << explain; \
  constants_.insert(#name);
#include "layout-1.0.inc"
#undef STRUCT
#undef MEMBER
#undef CONSTANT
  }

  /// No room between two members for one that the kept file does not know.
  void follows(const std::string &type, const char *member, std::size_t at, std::size_t size,
               std::size_t alignment) {
    Layout &layout = structs_[type];
    const std::size_t next = (layout.end + alignment - 1) / alignment * alignment;
    EXPECT_EQ(at, next) << "a member before " << type << "." << member
                        << " is missing in layout-1.0.inc";
    layout.end = at + size;
  }

  std::map<std::string, Layout> structs_;
  std::set<std::string> constants_;
};

std::string header() {
  std::ifstream file(V2V_HEADER_PATH);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}
std::set<std::string> all_matches(const std::string &text, const std::string &pattern) {
  const std::regex expression(pattern);
  std::set<std::string> found;
  for (std::sregex_iterator match(text.begin(), text.end(), expression), end; match != end; ++match)
    found.insert((*match)[1]);
  return found;
}

TEST_F(Kept, NoStructEndsInPadding) {
  // has-member looks at `size`: a member appended into padding would seem to be there in a struct
  // from somebody who never heard of it.
  for (const auto &[name, layout] : structs_) {
    // Known, and to be filled with a reserved member before the ABI is frozen.
    if (V2V_ABI_DRAFT && name == "v2v_inspection") continue;
    EXPECT_EQ(layout.end, layout.size)
        << name << " ends in padding, or a new member is missing in layout-1.0.inc";
  }
}

TEST_F(Kept, EveryStructIsKept) {
  const auto defined = all_matches(header(), "\nstruct (v2v_\\w+) \\{");
  const auto typedefs = all_matches(header(), "\ntypedef struct (v2v_\\w+) \\{");
  EXPECT_GT(typedefs.size(), 20u);
  for (const auto &names : {defined, typedefs})
    for (const auto &name : names)
      EXPECT_TRUE(structs_.count(name)) << name << " is missing in layout-1.0.inc";
}

TEST_F(Kept, EveryConstantIsKept) {
  const auto names = all_matches(header(), "\n#define (V2V_[A-Z0-9_]+) \\(?-?[0-9]+u?\\)?");
  EXPECT_GT(names.size(), 50u);
  const std::set<std::string> not_frozen = {"V2V_ABI_MINOR", "V2V_ABI_DRAFT", "V2V_TARGET_MINOR"};
  for (const auto &name : names)
    EXPECT_TRUE(constants_.count(name) || not_frozen.count(name))
        << name << " is missing in layout-1.0.inc";
}

}  // namespace
