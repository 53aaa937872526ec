// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "fake_host.hpp"

#include <core/plugin/nearest.hpp>
#include <core/plugin/options.hpp>

#include <gmock/gmock.h>

namespace v2v::core {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;
using Words = std::vector<std::string>;

const std::vector<Option> declared = {
    {"compressed", OptionType::boolean, "Compress.", "", {}},
    {"block-size", OptionType::size, "Bytes.", "", "64K"},
    {"count", OptionType::number, "How many.", "", {}},
    {"tag", OptionType::list, "Words.", "WORD", {}},
    {"cafile", OptionType::file, "Certificates.", "", {}},
    {"cluster", OptionType::string, "Where.", "", "Default"},
};

Options check(const Words &given) {
  return check_options(declared, given, "-o test");
}
std::string refusal(const Words &given) {
  try {
    check(given);
  } catch (const Error &error) {
    return error.what();
  }
  ADD_FAILURE() << testing::PrintToString(given) << " was not refused";
  return "";
}

TEST(Options, DefaultsFollowWhatWasGiven) {
  EXPECT_THAT(check({}).pairs(),
              ElementsAre(Pair("block-size", "65536"), Pair("cluster", "Default")));
  EXPECT_THAT(check({"cluster=a=b", "tag=x", "tag=", "block-size=1"}).pairs(),
              ElementsAre(Pair("cluster", "a=b"), Pair("tag", "x"), Pair("tag", ""),
                          Pair("block-size", "1")));
}

TEST(Options, YesAndNoHaveManyNames) {
  for (const char *word : {"compressed", "compressed=true", "compressed=yes", "compressed=1"})
    EXPECT_EQ(check({word}).get("compressed"), "true") << word;
  for (const char *word : {"compressed=false", "compressed=no", "compressed=0"})
    EXPECT_EQ(check({word}).get("compressed"), "false") << word;
  EXPECT_EQ(refusal({"compressed=maybe"}),
            "-o test: option 'compressed' cannot be 'maybe'; give true, false, yes, no, 1 or 0");
}

TEST(Options, SizesArePassedInBytes) {
  EXPECT_EQ(check({"block-size=2T"}).get("block-size"), "2199023255552");
  EXPECT_EQ(check({"block-size=0"}).get("block-size"), "0");
  EXPECT_EQ(check({"block-size=18446744073709551615"}).get("block-size"), "18446744073709551615");
  for (const char *value :
       {"", "K", "-1", "1.5G", "1k", "1KB", " 1", "0x10", "16777216T", "18446744073709551616"})
    EXPECT_THAT(refusal({std::string("block-size=") + value}), HasSubstr("powers of 1024"))
        << value;
}

TEST(Options, NumbersAreDecimal) {
  EXPECT_EQ(check({"count=007"}).get("count"), "7");
  for (const char *value : {"", "-1", "+1", "1K", "one"})
    EXPECT_THAT(refusal({std::string("count=") + value}), HasSubstr("decimal number")) << value;
}

TEST(Options, FilesExistAndBecomeAbsolute) {
  const test::TemporaryDirectory directory;
  test::write_file(directory / "ca.pem", "x");
  EXPECT_EQ(check({"cafile=" + (directory / "./ca.pem").string()}).get("cafile"),
            (directory / "ca.pem").string());
  EXPECT_EQ(
      check({"cafile=" + std::filesystem::relative(directory / "ca.pem").string()}).get("cafile"),
      (directory / "ca.pem").string());
  EXPECT_THAT(refusal({"cafile=" + (directory / "absent").string()}),
              HasSubstr("absent: no such file; give option 'cafile'"));
  EXPECT_THAT(refusal({"cafile=" + directory.path().string()}), HasSubstr("is a directory"));
  EXPECT_THAT(refusal({"cafile="}), HasSubstr("file name is missing"));
}

TEST(Options, UnknownMissingAndRepeatedAreRefused) {
  EXPECT_EQ(refusal({"compresed"}),
            "-o test: unknown option 'compresed'; did you mean 'compressed'?");
  EXPECT_THAT(refusal({"zzz=1"}), HasSubstr("there are: compressed, block-size"));
  EXPECT_THAT(refusal({"=1"}), HasSubstr("unknown option ''"));
  EXPECT_EQ(refusal({"tag"}), "-o test: option 'tag' needs a value; write tag=WORD");
  EXPECT_THAT(refusal({"count=1", "count=1"}), HasSubstr("option 'count' is given twice"));
  EXPECT_THROW(check_options({}, {"a=1"}, "-o null"), Error);
  // What -ip and -op become.
  EXPECT_EQ(
      refusal({"password-file=/x"}),
      "-o test: -op option cannot be used in this output mode; leave it out: it takes no password");
}

TEST(Nearest, FindsSlipsButNotOtherWords) {
  const Words names = {"disk", "local", "null", "libvirt", "rhv-upload"};
  EXPECT_EQ(nearest("lcoal", names), "local");
  EXPECT_EQ(nearest("LOCAL", names), "local");
  EXPECT_EQ(nearest("rhv_uplod", names), "rhv-upload");
  EXPECT_EQ(nearest("dsk", names), "disk");
  EXPECT_EQ(nearest("glance", names), std::nullopt);
  EXPECT_EQ(nearest("", names), std::nullopt);
  EXPECT_EQ(nearest("x", {"y"}), std::nullopt);
  EXPECT_EQ(suggestion("x", {}), "");
}

}  // namespace
}  // namespace v2v::core
