// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Lines of a manifest as tools write them and as nobody should.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <manifest.hpp>

namespace v2v::test {
namespace {

using namespace input_ova;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string sum(40, 'a');

TEST(Manifest, ReadsWhatToolsWrite) {
  const auto manifest = parse_manifest("SHA1(guest.ovf)= " + sum +
                                       "\n"  // ovftool
                                       "SHA1 (guest disk (1).vmdk) = " +
                                       sum +
                                       "\r\n"  // VirtualBox, CR
                                       "\r\n\n"
                                       "SHA256(a=b.vmdk)= " +
                                       std::string(64, 'B') +
                                       "\n"
                                       "sha512(c)= " +
                                       std::string(128, '0'));
  EXPECT_THAT(manifest.warnings, IsEmpty());
  ASSERT_EQ(manifest.lines.size(), 4u);
  EXPECT_EQ(manifest.lines[0].file, "guest.ovf");
  EXPECT_EQ(manifest.lines[0].sum, sum);
  EXPECT_EQ(manifest.lines[1].file, "guest disk (1).vmdk");
  EXPECT_EQ(manifest.lines[2].algorithm, Algorithm::sha256);
  EXPECT_EQ(manifest.lines[2].file, "a=b.vmdk");
  EXPECT_EQ(manifest.lines[2].sum, std::string(64, 'b'));
  EXPECT_EQ(manifest.lines[3].algorithm, Algorithm::sha512);
}

TEST(Manifest, WarnsOfEachMalformedLine) {
  for (const auto &line :
       {std::string("garbage line"), "SHA1(a) " + sum, "SHA1(a)= " + sum.substr(1),
        "SHA256(a)= " + sum, "MD5(a)= " + std::string(32, 'a'), "SHA1()= " + sum, "SHA1(a= " + sum,
        "SHA1(a)= " + sum.substr(1) + "g", "SHA1(a)x= " + sum, "SHA1(a)= " + sum + " b",
        std::string("SHA1(a)="), std::string("=()"), std::string(")(=")}) {
    const auto manifest = parse_manifest(line + "\n");
    EXPECT_THAT(manifest.lines, IsEmpty()) << line;
    EXPECT_THAT(
        manifest.warnings,
        ElementsAre(AllOf(HasSubstr("unable to parse line from manifest"), HasSubstr(line))));
  }
}

TEST(Manifest, ASumInTheWrongFormIsCheckedAndWarnedAbout) {
  for (const auto *gap : {"", "  "}) {
    const auto manifest = parse_manifest("SHA1(a)=" + std::string(gap) + sum);
    EXPECT_EQ(manifest.lines.size(), 1u);
    EXPECT_THAT(manifest.warnings, ElementsAre(HasSubstr("unable to parse line from manifest")));
  }
}

TEST(Manifest, DoesNotFloodTheTerminal) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "\x1b[31m rubbish\n";
  const auto manifest = parse_manifest(text);
  EXPECT_EQ(manifest.warnings.size(), 11u);
  EXPECT_THAT(manifest.warnings.back(), HasSubstr("990 more"));
  EXPECT_EQ(manifest.warnings.front().find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace v2v::test
