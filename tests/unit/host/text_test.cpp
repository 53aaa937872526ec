// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Text for people: safe, wrapped, human numbers.
#include <host/text.hpp>

#include <gtest/gtest.h>

namespace v2v::host {
namespace {

TEST(Printable, OrdinaryTextStays) {
  EXPECT_EQ(printable("Grüße ‘x’ 漢字\n\tnext"), "Grüße ‘x’ 漢字\n\tnext");
}
TEST(Printable, ControlCharactersAreShown) {
  EXPECT_EQ(printable("a\x1b[31m\r\x7f"), "a\\x1b[31m\\x0d\\x7f");
  EXPECT_EQ(printable(std::string_view("a\0b", 3)), "a\\x00b");
  EXPECT_EQ(printable("\xc2\x9b"
                      "31m"),
            "\\x9b31m");
}
TEST(Printable, OneLineOnly) {
  EXPECT_EQ(printable("a\nb\t", false), "a\\x0ab\\x09");
}
TEST(Printable, WrongUtf8IsReplaced) {
  EXPECT_EQ(printable("a\xff"
                      "b"),
            "a\xef\xbf\xbd"
            "b");
  EXPECT_EQ(printable("\xe6\xbc"), "\xef\xbf\xbd");
}
TEST(Printable, TextCannotBeTurnedRound) {
  EXPECT_EQ(printable("\xe2\x80\xae"
                      "x"),
            "\\u202ex");
}

TEST(Wrapped, BreaksAtBlanks) {
  EXPECT_EQ(wrapped("aaa bbb ccc", 7, 0, 0), "aaa bbb\nccc");
  EXPECT_EQ(wrapped("aaa bbb ccc", 8, 0, 2), "aaa bbb\n  ccc");
}
TEST(Wrapped, CountsWhereTheFirstLineBegins) {
  EXPECT_EQ(wrapped("aaa bbb", 8, 4, 4), "aaa\n    bbb");
}
TEST(Wrapped, CountsCharacters) {
  EXPECT_EQ(wrapped("üüü üüü", 7, 0, 0), "üüü üüü");
}
TEST(Wrapped, LongWordsStayWhole) {
  EXPECT_EQ(wrapped("aaaaaaaaaa b", 5, 0, 0), "aaaaaaaaaa\nb");
  EXPECT_EQ(wrapped("b aaaaaaaaaa c", 5, 0, 2), "b aaaaaaaaaa\n  c");
}
TEST(Wrapped, KeepsNewlinesAndTwoBlanks) {
  EXPECT_EQ(wrapped("a.  b\n\nc\n", 20, 0, 2), "a.  b\n\n  c\n");
}
TEST(Wrapped, Empty) {
  EXPECT_EQ(wrapped("", 10, 0, 0), "");
}

TEST(HumanBytes, ThreeDigits) {
  EXPECT_EQ(human_bytes(0), "0 bytes");
  EXPECT_EQ(human_bytes(999), "999 bytes");
  EXPECT_EQ(human_bytes(1000), "1.0 KiB");
  EXPECT_EQ(human_bytes(1536), "1.5 KiB");
  EXPECT_EQ(human_bytes(10 << 20), "10 MiB");
  EXPECT_EQ(human_bytes(1023ull << 30), "1.0 TiB");
  EXPECT_EQ(human_bytes(~0ull), "16 EiB");
}

TEST(HumanDuration, HoursOnlyWhenThereAreSome) {
  EXPECT_EQ(human_duration(0), "0:00");
  EXPECT_EQ(human_duration(65), "1:05");
  EXPECT_EQ(human_duration(3600), "1:00:00");
  EXPECT_EQ(human_duration(360000 + 61), "100:01:01");
}

}  // namespace
}  // namespace v2v::host
