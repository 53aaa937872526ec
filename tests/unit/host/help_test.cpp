// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// --help, completion and features come from the same table as parsing; the manual page keeps step.
#include <host/help.hpp>
#include <host/options.hpp>

#include <gmock/gmock.h>

#include <fstream>
#include <regex>
#include <set>
#include <sstream>

namespace v2v::host {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::set<std::string> shown_names() {
  std::set<std::string> names;
  for (const Program &program : programs())
    for (const OptionSpec *spec : options_of(program))
      if (spec->group != Group::hidden)
        for (const std::string &name : spec->names) names.insert(OptionSpec::dashed(name));
  return names;
}

TEST(Help, EveryShownOptionIsExplained) {
  for (const Program &program : programs())
    for (const OptionSpec *spec : options_of(program)) {
      if (spec->group == Group::hidden) continue;
      EXPECT_FALSE(spec->help.empty()) << spec->display();
      EXPECT_THAT(general_help(program), HasSubstr(spec->help.substr(0, 20))) << spec->display();
    }
}

TEST(Help, LinesFitATerminal) {
  for (const Program &program : programs()) {
    std::istringstream lines(general_help(program));
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 82u) << line;
  }
}

TEST(Help, ColumnsAreAligned) {
  EXPECT_THAT(general_help(programs().front()),
              HasSubstr("\n  -q, --quiet                       No progress messages\n"));
}

TEST(Completion, ShortAndLongLists) {
  const std::string shorts = short_option_list(programs().front()),
                    longs = long_option_list(programs().front());
  EXPECT_THAT(shorts, HasSubstr("-i\n-ic\n"));
  EXPECT_THAT(shorts, Not(HasSubstr("--")));
  EXPECT_THAT(longs, HasSubstr("--ic\n"));
  EXPECT_THAT(longs, HasSubstr("--debug-gc\n"));
  EXPECT_THAT(longs, Not(HasSubstr("--i\n")));
}

std::string features(const std::vector<std::string> &inputs,
                     const std::vector<std::string> &outputs,
                     const std::vector<std::string> &converters) {
  return feature_list(programs().front(), inputs, outputs, converters);
}

TEST(Features, NamesThePluginsThatAreThere) {
  const std::string text = features({"disk"}, {"local", "null"}, {"debian"});
  EXPECT_THAT(text, StartsWith("virt-v2v\nvirt-v2v-2.0\nlibguestfs-rewrite\n"));
  EXPECT_THAT(text, HasSubstr("\nio/oo\n"));
  EXPECT_THAT(text, HasSubstr("\ninput:disk\noutput:local\noutput:null\n"));
}

TEST(Features, NamesTheServersThatGuestsAreReadFrom) {
  const auto text = features({"vpx", "xen"}, {"null"}, {"debian"});
  EXPECT_THAT(text, HasSubstr("\nvcenter-https\nxen-ssh\nvddk\n"));
  const auto without = features({"disk"}, {"null"}, {"debian"});
  for (const char *word : {"vcenter-https", "vddk", "xen-ssh"})
    EXPECT_THAT(without, Not(HasSubstr(word)));
}

/// The lines about conversion, which are the last ones.
std::string conversions(const std::vector<std::string> &converters) {
  const std::string text = features({"disk"}, {"null"}, converters);
  return text.substr(text.find("output:null\n") + std::string("output:null\n").size());
}

TEST(Features, NamesWhatCanBeConvertedAsVirtV2vDoes) {
  EXPECT_EQ(conversions({"debian", "windows"}), "convert:linux\nconvert:windows\nconvert:debian\n");
  EXPECT_EQ(conversions({"debian", "rhel"}), "convert:linux\nconvert:debian\nconvert:rhel\n");
  EXPECT_EQ(conversions({"linux"}), "convert:linux\n");
}

TEST(Features, ClaimsNoConversionThatNoConverterIsFor) {
  EXPECT_EQ(conversions({}), "");
  EXPECT_EQ(conversions({"windows"}), "convert:windows\n");
  EXPECT_EQ(conversions({"windows-ce"}), "convert:windows\nconvert:windows-ce\n");
}

TEST(Features, SaysWhatVdsmLooksForWhereItsOutputIs) {
  const auto vdsm = features({"disk"}, {"local", "vdsm"}, {"debian"});
  EXPECT_THAT(vdsm, HasSubstr("colours-option\nvdsm-compat-option\n"));
  EXPECT_THAT(vdsm, HasSubstr("ovf:ovirt\novf:rhvexp\novf:ovirtexp\n"));
  EXPECT_THAT(features({"disk"}, {"local"}, {"debian"}), testing::Not(HasSubstr("ovf:")));
}

/// The manual page's entries are definition lines: **-i** *INPUT*.
TEST(ManualPage, HasEveryOptionOfHelpAndNoOther) {
  std::ifstream file(V2V_MANUAL);
  ASSERT_TRUE(file) << V2V_MANUAL;
  std::set<std::string> documented;
  const std::regex name("\\*\\*(--?[A-Za-z][a-z0-9-]*)\\*\\*");
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("**-")) continue;
    for (std::sregex_iterator match(line.begin(), line.end(), name), end; match != end; ++match)
      documented.insert((*match)[1]);
  }
  EXPECT_EQ(documented, shown_names());
}

}  // namespace
}  // namespace v2v::host
