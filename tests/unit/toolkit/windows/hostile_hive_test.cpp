// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Hives that are damaged or made to harm: an Error and nothing else.
#include "all_edits.hpp"
#include "guest_hives.hpp"

#include <gmock/gmock.h>

#include <random>

namespace v2v::windows {
namespace {

using testing::HasSubstr;

class HostileHiveTest : public testing::Test {
 protected:
  void write(const std::string &bytes) const { test::write_file(guest_.path("SYSTEM"), bytes); }
  std::string bytes(const std::string &name = "SYSTEM") const {
    return test::read_file(guest_.path(name));
  }
  /// The number of refused steps.
  unsigned edit_all(const std::string &name = "SYSTEM") const {
    AllEdits edits;
    name == "BCD" ? edits.on_boot_store(guest_.path(name))
                  : edits.on_windows_hive(guest_.path(name));
    return edits.errors;
  }
  static std::string number(std::size_t number) {
    std::string all;
    for (int i = 0; i < 4; ++i, number >>= 8) all += static_cast<char>(number & 0xff);
    return all;
  }

  const GuestHives guest_;
};

TEST_F(HostileHiveTest, ASoundHiveIsRefusedByNoStep) {
  EXPECT_EQ(edit_all("SYSTEM"), 0u);
  EXPECT_EQ(edit_all("BCD"), 0u);
  // A SOFTWARE has no control set to say, before and after.
  EXPECT_EQ(edit_all("SOFTWARE"), 2u);
}

TEST_F(HostileHiveTest, TruncatedAnywhereItIsAnError) {
  for (const std::string name : {"SYSTEM", "SOFTWARE", "BCD"}) {
    const auto whole = bytes(name);
    for (std::size_t size = 0; size < whole.size(); size += 1021) {
      test::write_file(guest_.path(name), whole.substr(0, size));
      EXPECT_GT(edit_all(name), 0u) << name << " cut to " << size;
    }
  }
}

TEST_F(HostileHiveTest, WithBytesOfItChangedItIsAnErrorOrStillAHive) {
  std::mt19937 random(1);  // NOLINT: the same in each run
  unsigned refused = 0;
  for (const std::string name : {"SYSTEM", "SOFTWARE", "BCD"}) {
    const auto whole = bytes(name);
    for (int round = 0; round < 60; ++round) {
      auto changed = whole;
      for (int i = 0; i < 40; ++i)
        changed[0x1000 + random() % (changed.size() - 0x1000)] = static_cast<char>(random());
      test::write_file(guest_.path(name), changed);
      refused += edit_all(name) > 2 ? 1 : 0;
    }
  }
  EXPECT_GT(refused, 30u) << "the damage was not seen";
}

TEST_F(HostileHiveTest, AKeyInsideOfItselfIsNotFollowedForEver) {
  guest_.add("SYSTEM", "[ControlSet001\\Services\\viostor\\StartOverride]\n0=d:3\n");
  auto changed = bytes();
  {
    // A key's cell: the number of subkeys at 24, the place of their list at 32.
    const auto system = guest_.read("SYSTEM");
    const auto outer = system.find("ControlSet001\\Services\\viostor").value();
    const auto inner = system.find(outer, "StartOverride").value();
    changed.replace(inner + 24, 4, number(1));
    changed.replace(inner + 32, 4, changed.substr(outer + 32, 4));
  }
  write(changed);
  const auto system = guest_.read("SYSTEM");
  ASSERT_TRUE(
      system.find("ControlSet001\\Services\\viostor\\StartOverride\\StartOverride\\StartOverride"));
  try {
    differences(system, system);
    FAIL() << "a circle was walked to its end";
  } catch (const Error &error) {
    EXPECT_EQ(error.code(), Code::corrupt);
    EXPECT_THAT(error.what(), HasSubstr("circle"));
  }
  Hive writable(guest_.path("SYSTEM"), "SYSTEM", Hive::Access::write);
  EXPECT_THROW(writable.remove(writable.find("ControlSet001\\Services\\viostor").value()), Error);
  EXPECT_GT(edit_all(), 0u);
}

/// A key's cell: the number of its values at 40, the place of their list at 44.
TEST_F(HostileHiveTest, OfTwoKeysWithOneListOfValuesOneCannotBeEditedAndAllElseCan) {
  guest_.add("SYSTEM", "[Try\\A]\nlong=s:more than four bytes\n[Try\\B]\n[Try\\C\\D]\n");
  auto changed = bytes();
  {
    const auto system = guest_.read("SYSTEM");
    const auto a = system.find("Try\\A").value(), b = system.find("Try\\B").value();
    changed.replace(b + 40, 8, changed.substr(a + 40, 8));
  }
  write(changed);
  Hive system(guest_.path("SYSTEM"), "SYSTEM", Hive::Access::write);
  const auto b = system.find("Try\\B").value();
  EXPECT_EQ(system.text(b, "long"), "more than four bytes");
  EXPECT_THROW(system.set(b, "x", Value::number(1)), Error);
  EXPECT_THROW(system.remove_value(b, "long"), Error);
  EXPECT_THROW(system.ensure("Try\\B\\new"), Error);
  EXPECT_THROW(system.remove(b), Error);
  EXPECT_THROW(system.remove(system.find("Try").value()), Error) << "it is below";
  system.set(system.find("Try\\A").value(), "x", Value::number(1));
  system.remove(system.find("Try\\C").value());
  system.commit();
  EXPECT_FALSE(guest_.read("SYSTEM").find("Try\\C"));
}

TEST_F(HostileHiveTest, OfTwoKeysWithOneValueOneCannotBeEdited) {
  guest_.add("SYSTEM", "[Try\\A]\nx=d:1\n[Try\\B]\ny=d:2\n");
  auto changed = bytes();
  {
    const auto system = guest_.read("SYSTEM");
    const auto list = [&](const std::string &path) {
      const auto at = system.find(path).value() + 44;
      std::size_t offset = 0;
      for (int i = 3; i >= 0; --i)
        offset = offset << 8 | static_cast<unsigned char>(changed[at + i]);
      return 0x1000 + offset;
    };
    changed.replace(list("Try\\B") + 4, 4, changed.substr(list("Try\\A") + 4, 4));
  }
  write(changed);
  Hive system(guest_.path("SYSTEM"), "SYSTEM", Hive::Access::write);
  EXPECT_EQ(system.number(system.find("Try\\B").value(), "x"), 1u);
  EXPECT_THROW(system.set(system.find("Try\\B").value(), "z", Value::number(1)), Error);
}

TEST_F(HostileHiveTest, AHiveThatSaysItIsLongerThanItsFileIsRefused) {
  auto changed = bytes();
  changed.replace(0x28, 4, number(0x70000000));
  std::string sum(4, '\0');
  for (std::size_t i = 0; i < 508; ++i) sum[i % 4] = static_cast<char>(sum[i % 4] ^ changed[i]);
  changed.replace(508, 4, sum);
  write(changed);
  EXPECT_THROW(guest_.read("SYSTEM"), Error);
}

TEST_F(HostileHiveTest, KeysDeeperThanWindowsAllowsAreRefused) {
  std::string path = "[a";
  for (int i = 0; i < 600; ++i) path += "\\a";
  guest_.add("SYSTEM", path + "]\n");
  EXPECT_THROW(guest_.changes("SYSTEM"), Error);
}

}  // namespace
}  // namespace v2v::windows
