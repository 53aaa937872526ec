// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/windows/hive.hpp>
#include <v2v/windows/utf16.hpp>

#include "../../temporary_directory.hpp"
#include "empty_hive.hpp"

#include <gmock/gmock.h>

#include <filesystem>

namespace v2v::windows {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class HiveTest : public testing::Test {
 protected:
  HiveTest() { EmptyHive::write(file_); }
  Hive open(Hive::Access access = Hive::Access::read) { return Hive(file_, "SYSTEM", access); }

  test::TemporaryDirectory directory_;
  std::string file_ = directory_.path() / "SYSTEM";
};

TEST_F(HiveTest, KeysAndValuesOfEveryKindAreReadBack) {
  {
    Hive hive = open(Hive::Access::write);
    const auto key = hive.ensure("ControlSet001\\Services\\viostor");
    hive.set(key, "Start", Value::number(0));
    hive.set(key, "ImagePath",
             Value::text("system32\\drivers\\viostor.sys", ValueType::expandable));
    hive.set(key, "", Value::texts({"Zürich", "日本語"}));
    hive.commit();
  }
  const Hive hive = open();
  const auto key = hive.find("controlset001\\SERVICES\\VioStor").value();
  EXPECT_EQ(hive.key_name(key), "viostor");
  EXPECT_EQ(hive.number(key, "start"), 0u);
  EXPECT_EQ(hive.text(key, "ImagePath"), "system32\\drivers\\viostor.sys");
  EXPECT_THAT(hive.texts(key, "").value(), ElementsAre("Zürich", "日本語"));
  EXPECT_THAT(hive.value_names(key), ElementsAre("Start", "ImagePath", ""));
}

TEST_F(HiveTest, WhatIsNotThereOrOfAnotherKindIsNothing) {
  Hive hive = open(Hive::Access::write);
  const auto key = hive.ensure("A");
  hive.set(key, "number", Value::number(7));
  EXPECT_FALSE(hive.find("A\\B\\C"));
  EXPECT_FALSE(hive.value(key, "text"));
  EXPECT_FALSE(hive.text(key, "number"));
  EXPECT_FALSE(hive.texts(key, "number"));
  hive.set(key, "number", Value::binary("abc"));
  EXPECT_FALSE(hive.number(key, "number"));
}

TEST_F(HiveTest, ARemovedValueLeavesTheOthersAsTheyWere) {
  Hive hive = open(Hive::Access::write);
  const auto key = hive.ensure("A");
  hive.set(key, "one", Value::number(1));
  hive.set(key, "Two", Value::text("2"));
  hive.set(key, "three", Value::binary(std::string("\0\1", 2)));
  hive.remove_value(key, "TWO");
  hive.remove_value(key, "four");
  EXPECT_THAT(hive.value_names(key), ElementsAre("one", "three"));
  EXPECT_EQ(hive.value(key, "three"), Value::binary(std::string("\0\1", 2)));
}

TEST_F(HiveTest, TypesWithoutANameAreKept) {
  // In SAM they are the numbers of users.
  const Value user{static_cast<ValueType>(0xfffffff4), ""};
  {
    Hive hive = open(Hive::Access::write);
    const auto key = hive.ensure("A");
    hive.set(key, "", user);
    hive.set(key, "one", Value::number(1));
    hive.remove_value(key, "one");
    hive.commit();
  }
  const Hive hive = open();
  EXPECT_EQ(hive.value(hive.find("A").value(), ""), user);
  EXPECT_THAT(hive.values(hive.find("A").value()), ElementsAre(testing::Pair("", user)));
}

TEST_F(HiveTest, ARemovedKeyIsGoneWithAllBelowIt) {
  Hive hive = open(Hive::Access::write);
  hive.ensure("A\\B\\C");
  hive.ensure("A\\D");
  hive.remove(hive.find("A\\B").value());
  EXPECT_FALSE(hive.find("A\\B"));
  EXPECT_TRUE(hive.find("A\\D"));
}

TEST_F(HiveTest, NothingIsWrittenWithoutCommit) {
  open(Hive::Access::write).ensure("A");
  EXPECT_FALSE(open().find("A"));
}

TEST_F(HiveTest, ATruncatedHiveIsNamedAndNotCrashedOn) {
  std::filesystem::resize_file(file_, 0x1080);
  try {
    open();
    FAIL() << "a truncated hive was opened";
  } catch (const Error &error) {
    EXPECT_EQ(error.code(), Code::corrupt);
    EXPECT_THAT(error.what(), HasSubstr("SYSTEM"));
  }
}

TEST(Utf16, BothWaysWithCharactersBeyondTheFirstPlane) {
  EXPECT_EQ(to_utf16("a😀"), std::string("a\0\x3d\xd8\x00\xde", 6));
  EXPECT_EQ(from_utf16(to_utf16("Größe 😀")), "Größe 😀");
}

TEST(Utf16, HalfASurrogatePairAndHalfAUnitAreLeftOut) {
  EXPECT_EQ(from_utf16(std::string("a\0b\0\x3d\xd8"
                                   "c",
                                   7)),
            "ab");
}

}  // namespace
}  // namespace v2v::windows
