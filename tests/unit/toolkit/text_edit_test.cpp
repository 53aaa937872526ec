// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Line editing keeps every byte that is not meant.
#include "system_fixture.hpp"

#include <v2v/linux/text_edit.hpp>

using namespace v2v::linux;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

namespace {

bool keep(std::string &) {
  return true;
}

TEST(TextEdit, KeepsLineEndsAndOddBytes) {
  using namespace std::string_literals;
  for (const auto &text : {""s, "a"s, "a\n"s, "a\r\nb\n\n\nc"s, "\0\xff\n\t x \n"s, "\r\r\n"s})
    EXPECT_EQ(edit_lines(text, keep), text);
}

TEST(TextEdit, ChangesAndDeletesLines) {
  const auto edited = edit_lines("one\r\ntwo\nthree", [](std::string &line) {
    if (line == "one") line = "1";
    return line != "two";
  });
  EXPECT_EQ(edited, "1\r\nthree");
}

TEST(TextEdit, WordsAreViewsThatCanBeReplaced) {
  const std::string line = "  /dev/sda1\t/  ext4";
  const auto parts = words(line);
  ASSERT_EQ(parts.size(), 3u);
  EXPECT_EQ(replace_piece(line, parts[0], "/dev/vda1"), "  /dev/vda1\t/  ext4");
}

TEST(TextEdit, ReadsShellAssignments) {
  EXPECT_EQ(shell_value("A=1", "A"), "1");
  EXPECT_EQ(shell_value("A=", "A"), "");
  EXPECT_EQ(shell_value("A=\"", "A"), "");
  EXPECT_EQ(shell_value(" export A=\"x \\\" y\" # c", "A"), "x \\\" y");
  EXPECT_EQ(shell_value("A='it is'", "A"), "it is");
  EXPECT_EQ(shell_value("A=x # comment", "A"), "x");
  EXPECT_EQ(shell_value("AB=1", "A"), std::nullopt);
  EXPECT_EQ(shell_value("#A=1", "A"), std::nullopt);
  EXPECT_EQ(shell_variable("A=1\nB=2\nA=3\n", "A"), "3");
}

TEST(TextEdit, OrdersNumbersByValue) {
  EXPECT_TRUE(natural_less("ens33", "ens160"));
  EXPECT_FALSE(natural_less("ens160", "ens33"));
  EXPECT_TRUE(natural_less("vmlinuz-5.9.0", "vmlinuz-5.10.0"));
  EXPECT_TRUE(natural_less("a", "a1"));
  EXPECT_FALSE(natural_less("a", "a"));
  // Neither both ways nor not at all.
  EXPECT_NE(natural_less("a01", "a1"), natural_less("a1", "a01"));
}

class EditBufferTest : public SystemTest {};

TEST_F(EditBufferTest, WritesOnlyWhatChanged) {
  guest.write("/a", "one\n");
  guest.write("/b", "two\n");
  EditBuffer buffer(guest, log, "a reason");
  buffer.edit("/a", [](std::string &line) {
    line = "1";
    return true;
  });
  EXPECT_FALSE(buffer.edit("/b", keep));
  EXPECT_FALSE(buffer.edit("/missing", keep));
  EXPECT_THAT(changes, IsEmpty());
  EXPECT_THAT(buffer.save(), ElementsAre("/a"));
  EXPECT_EQ(guest.read("/a"), "1\n");
  EXPECT_THAT(changes, ElementsAre("/a: one → 1 (a reason)"));
  EXPECT_THAT(buffer.save(), IsEmpty());
}

TEST_F(EditBufferTest, TellsAllTheReasonsOfAFile) {
  guest.write("/a", "one two\n");
  EditBuffer buffer(guest, log, "the first");
  buffer.replace("/a", "1 two\n");
  buffer.because("the second");
  buffer.replace("/a", "1 2\n");
  buffer.replace("/a", "1 II\n");
  buffer.save();
  EXPECT_THAT(changes, ElementsAre("/a: one → 1; two → II (the first; the second)"));
}

TEST_F(EditBufferTest, ChangeThatIsTakenBackIsNotWritten) {
  guest.write("/a", "one\n");
  EditBuffer buffer(guest, log, "a reason");
  buffer.replace("/a", "other\n");
  buffer.replace("/a", "one\n");
  EXPECT_THAT(buffer.save(), IsEmpty());
}

TEST_F(EditBufferTest, HugeFilesAreLeftAloneWithAWarning) {
  guest.write("/etc/fstab", std::string(5u << 20, 'x'));
  EXPECT_FALSE(read_config(guest, "/etc/fstab", log));
  EXPECT_THAT(warnings, ElementsAre(HasSubstr("/etc/fstab is left alone")));
}

}  // namespace
