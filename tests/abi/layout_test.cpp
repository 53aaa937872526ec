// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Compares plugin.h with layout-1.0.inc, so that an incompatible change is noticed here and not by
// somebody whose plugin crashes.
#include <v2v/plugin.h>

#include <gmock/gmock.h>

#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <type_traits>
#include <vector>

namespace {

constexpr const char *explain =
    "plugin.h no longer is what released plugins were built for. A member may only be appended, "
    "with a new minor version; then add it to layout-1.0.inc";

struct KeptStruct {
  const char *name;
  std::size_t now, kept;  ///< bytes
};
struct KeptMember {
  const char *structure, *name;
  std::size_t now, kept;  ///< offset
  bool same_type;
  std::size_t size, alignment;
};
struct KeptConstant {
  const char *name;
  long now, kept;
};

// The kept file, read three times. Tables, because 300 assertions in one function are too much for
// a compiler that also adds a sanitizer's checks.
#define STRUCT(type, bytes) {#type, sizeof(type), bytes},
#define MEMBER(...)
#define CONSTANT(...)
constexpr KeptStruct structs[] = {
#include "layout-1.0.inc"
};
#undef STRUCT
#undef MEMBER
#define STRUCT(...)
#define MEMBER(type, member, at, ...)                   \
  {#type,                                               \
   #member,                                             \
   offsetof(type, member),                              \
   at,                                                  \
   std::is_same_v<decltype(type::member), __VA_ARGS__>, \
   sizeof(decltype(type::member)),                      \
   alignof(decltype(type::member))},
constexpr KeptMember members[] = {
#include "layout-1.0.inc"
};
#undef MEMBER
#undef CONSTANT
#define MEMBER(...)
#define CONSTANT(name, value) {#name, name, value},
constexpr KeptConstant constants[] = {
#include "layout-1.0.inc"
};

/// The kept layout is that of machines with 64-bit pointers.
class Kept : public testing::Test {
 protected:
  void SetUp() override {
    if (sizeof(void *) != 8) GTEST_SKIP() << "the kept layout is that of 64-bit machines";
  }
  template <class Table>
  static std::set<std::string> names(const Table &table) {
    std::set<std::string> result;
    for (const auto &row : table) result.insert(row.name);
    return result;
  }
};

TEST_F(Kept, SizesOffsetsTypesAndNumbersAreAsReleased) {
  for (const auto &row : structs) EXPECT_EQ(row.now, row.kept) << row.name << ": " << explain;
  for (const auto &row : constants) EXPECT_EQ(row.now, row.kept) << row.name << ": " << explain;
  for (const auto &row : members) {
    EXPECT_EQ(row.now, row.kept) << row.structure << "." << row.name << ": " << explain;
    EXPECT_TRUE(row.same_type) << row.structure << "." << row.name
                               << " has another type: " << explain;
  }
}

TEST_F(Kept, EveryMemberIsKeptAndNoStructEndsInPadding) {
  // Members are in order, so one that is not kept leaves room before the next or at the end. Room
  // at the end is bad in itself: has-member looks at `size`, and a member appended there would seem
  // to be in a struct from somebody who never heard of it.
  std::map<std::string, std::size_t> ends;
  for (const auto &row : members) {
    std::size_t &end = ends[row.structure];
    EXPECT_EQ(row.now, (end + row.alignment - 1) / row.alignment * row.alignment)
        << "a member before " << row.structure << "." << row.name << " is not kept";
    end = row.now + row.size;
  }
  for (const auto &row : structs) {
    EXPECT_EQ(ends[row.name], row.now) << row.name << " ends in padding, or a member is not kept";
  }
}

/// The lines of plugin.h as words.
std::vector<std::vector<std::string>> header_lines() {
  std::ifstream file(V2V_HEADER_PATH);
  std::vector<std::vector<std::string>> lines;
  for (std::string line; std::getline(file, line);) {
    std::istringstream text(line);
    lines.emplace_back(std::istream_iterator<std::string>(text),
                       std::istream_iterator<std::string>());
  }
  return lines;
}

TEST_F(Kept, EveryStructIsKept) {
  std::set<std::string> defined;
  for (auto words : header_lines()) {
    if (!words.empty() && words[0] == "typedef") words.erase(words.begin());
    if (words.size() == 3 && words[0] == "struct" && words[2] == "{") defined.insert(words[1]);
  }
  EXPECT_GT(defined.size(), 20u);
  EXPECT_THAT(names(structs), testing::ContainerEq(defined));
}

TEST_F(Kept, EveryConstantIsKept) {
  std::set<std::string> defined;
  for (const auto &words : header_lines())
    if (words.size() > 2 && words[0] == "#define" &&
        words[2].find_first_not_of("0123456789-()u") == std::string::npos)
      defined.insert(words[1]);
  EXPECT_GT(defined.size(), 50u);
  for (const char *grows : {"V2V_ABI_MINOR", "V2V_ABI_DRAFT", "V2V_TARGET_MINOR"})
    defined.erase(grows);
  EXPECT_THAT(names(constants), testing::ContainerEq(defined));
}

}  // namespace
