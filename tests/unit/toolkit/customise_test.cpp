// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What of the changes to a guest's files needs no guest: line ends, Perl, and the table of operations.
#include "../refusal.hpp"

#include <v2v/customise/append_line.hpp>
#include <v2v/customise/edit.hpp>
#include <v2v/customise/operations.hpp>

namespace v2v::customise {
namespace {

using test::error_of;
using testing::HasSubstr;

TEST(AppendedLine, EndsAsTheOtherLinesOfTheFileDo) {
  EXPECT_EQ(appended_line("", "", "x", "\n"), "x\n");
  EXPECT_EQ(appended_line("", "", "x", "\r\n"), "x\r\n");
  EXPECT_EQ(appended_line("a\n", "a\n", "x", "\r\n"), "x\n");
  EXPECT_EQ(appended_line("a\r\nb\r\n", "\r\n", "x", "\n"), "x\r\n");
  EXPECT_EQ(appended_line("a\r", "a\r", "x", "\n"), "x\r");
}

TEST(AppendedLine, IsALineOfItsOwn) {
  EXPECT_EQ(appended_line("a\nb", "\nb", "x", "\n"), "\nx\n");
  EXPECT_EQ(appended_line("a\r\nb", "\nb", "x", "\n"), "\r\nx\r\n");
  EXPECT_EQ(appended_line("a", "a", "x", "\r\n"), "\r\nx\r\n");
  EXPECT_EQ(appended_line("a\n", "a\n", "", "\n"), "\n");
}

TEST(Edit, ChangesLineByLine) {
  EXPECT_EQ(edited("a=1\nb=2\n", "s/^b=.*/b=3/", "/f"), "a=1\nb=3\n");
  EXPECT_EQ(edited("a\nb\n", "$_ = \"$lineno $_\"", "/f"), "1 a\n2 b\n");
  EXPECT_EQ(edited("a\nb\n", "$_ = '' if /b/", "/f"), "a\n");
}

TEST(Edit, KeepsEveryOtherByte) {
  const std::string odd("a\0\xff\r\n\xc3\xa4 last", 14);
  EXPECT_EQ(edited(odd, "s/never/seen/", "/f"), odd);
  EXPECT_EQ(edited("", "s/a/b/", "/f"), "");
}

TEST(Edit, AnExpressionThatIsWrongIsFoundBefore) {
  check_expression("s/a/b/; $lineno > 1 and s/c/d/ # a comment");
  const auto error = error_of([] { check_expression("s/a/b"); });
  EXPECT_EQ(error.code(), Code::usage);
  EXPECT_THAT(error.failure(), HasSubstr("Substitution replacement not terminated"));
  EXPECT_THAT(error_of([] { edited("a\n", "die 'no such line'", "/f"); }).failure(),
              HasSubstr("no such line"));
}

TEST(Edit, CheckingRunsNothing) {
  check_expression("die 'it was run'");
}

TEST(Operations, SayWhatBegins) {
  EXPECT_EQ(announcement({"hostname", {"web01"}}), "Setting the hostname: web01");
  EXPECT_EQ(announcement({"install", {"a", "b"}}), "Installing packages: a b");
  EXPECT_EQ(announcement({"upload", {"/tmp/a{0}", "/b"}}), "Uploading: /tmp/a{0} to /b");
  EXPECT_EQ(announcement({"chown", {"/a", "0", "7"}}), "Changing owner of /a to 0:7");
  EXPECT_EQ(announcement({"link", {"/a", "/b", "/c"}}), "Linking: /b /c -> /a");
  EXPECT_EQ(announcement({"run-command", {"a\nb \x1b[2J"}}), "Running: a?b ?[2J");
  EXPECT_EQ(announcement({"update", {}}), "Updating packages");
  EXPECT_EQ(announcement({"password", {"bob", "text", "swordfish", "", ""}}), "Setting passwords");
}

TEST(Operations, ThatAreNotKnownAreRefusedByName) {
  check_shape({"update", {}});
  const auto error = error_of([] { check_shape({"paint-green", {"/etc"}}); });
  EXPECT_EQ(error.code(), Code::unsupported);
  EXPECT_EQ(error.object(), "--paint-green");
  for (const Operation &operation :
       {Operation{"update", {"a"}}, Operation{"write", {"/a"}}, Operation{"link", {"/a"}}})
    EXPECT_EQ(error_of([&] { check_shape(operation); }).code(), Code::internal) << operation.kind;
}

}  // namespace
}  // namespace v2v::customise
