// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/windows/hive_compare.hpp>

#include "guest_hives.hpp"

#include <gmock/gmock.h>

namespace v2v::windows {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using What = Difference::What;

auto is(const std::string &path, What what, bool is_key = false) {
  return testing::AllOf(testing::Field("path", &Difference::path, path),
                        testing::Field("what", &Difference::what, what),
                        testing::Field("is_key", &Difference::is_key, is_key));
}

class HiveCompareTest : public testing::Test {
 protected:
  HiveCompareTest() {
    guest_.add("SYSTEM",
               "[Try\\B]\none=d:1\nTwo=s:2\n@=s:default\n[Try\\a\\below]\nx=d:1\n[Try\\C]\n");
  }
  std::vector<Difference> changes() const { return guest_.changes("SYSTEM"); }
  template <class Edit>
  void edit(Edit edit_hive) {
    guest_.edit("SYSTEM", edit_hive);
  }
  const GuestHives guest_;
};

TEST_F(HiveCompareTest, AHiveIsLikeItself) {
  EXPECT_THAT(changes(), IsEmpty());
}

TEST_F(HiveCompareTest, ValuesThatAreAddedRemovedAndChangedAreNamed) {
  edit([](Hive &hive) {
    const auto key = hive.find("Try\\B").value();
    hive.remove_value(key, "one");
    hive.set(key, "three", Value::number(3));
    hive.set(key, "", Value::text("other"));
    hive.set(key, "Two", Value::text("2", ValueType::expandable));
  });
  EXPECT_THAT(changes(),
              ElementsAre(is("Try\\B\\(Default)", What::changed), is("Try\\B\\one", What::removed),
                          is("Try\\B\\three", What::added), is("Try\\B\\Two", What::changed)));
}

TEST_F(HiveCompareTest, OfAKeyThatIsOnOneSideOnlyAllIsListed) {
  edit([](Hive &hive) {
    hive.remove(hive.find("Try\\A").value());
    fill(hive, "[Try\\New\\Deep]\ny=d:1\n");
  });
  EXPECT_THAT(
      changes(),
      ElementsAre(is("Try\\a", What::removed, true), is("Try\\a\\below", What::removed, true),
                  is("Try\\a\\below\\x", What::removed), is("Try\\New", What::added, true),
                  is("Try\\New\\Deep", What::added, true), is("Try\\New\\Deep\\y", What::added)));
}

TEST_F(HiveCompareTest, OrderAndCaseOfNamesSayNothing) {
  edit([](Hive &hive) {
    hive.remove(hive.find("Try").value());
    fill(hive, "[TRY\\c]\n[TRY\\A\\Below]\nX=d:1\n[TRY\\b]\n@=s:default\ntwo=s:2\nOne=d:1\n");
  });
  EXPECT_THAT(changes(), IsEmpty());
}

TEST_F(HiveCompareTest, PlannedIsThePathAndWhatIsBelow) {
  const std::vector<Difference> all = {{"A\\B", What::changed, false},
                                       {"A\\B\\C", What::removed, true},
                                       {"A\\Bad", What::changed, false}};
  EXPECT_THAT(unplanned(all, {"a\\b"}), ElementsAre(is("A\\Bad", What::changed)));
  EXPECT_EQ(unplanned(all, {}).size(), 3u);
}

TEST_F(HiveCompareTest, AKeyMadeOnTheWayIsPlannedAndOneRemovedIsNot) {
  EXPECT_THAT(unplanned({{"A", What::added, true}}, {"A\\B"}), IsEmpty());
  EXPECT_EQ(unplanned({{"A", What::removed, true}}, {"A\\B"}).size(), 1u);
  EXPECT_EQ(unplanned({{"A", What::added, false}}, {"A\\B"}).size(), 1u);
}

}  // namespace
}  // namespace v2v::windows
