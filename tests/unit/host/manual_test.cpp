// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Pages out of Markdown and of what plugins say; manual_test.sh looks at the pages that v2v has.
#include <host/manual/abi_text.hpp>
#include <host/manual/page.hpp>
#include <host/manual/roff.hpp>
#include <v2v/error.hpp>

#include <gmock/gmock.h>

namespace v2v::manual {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string body(const std::string &markdown) {
  const auto page = roff("# v2v-x(1)\n\n" + markdown, "2026-01-31", "v2v 1.0");
  return page.substr(page.find('\n', page.find(".TH")) + 1);
}

TEST(Roff, BeginsWithTheTitle) {
  EXPECT_THAT(
      roff("# v2v-x(7)\n\n## NAME\n\nv2v-x - an x\n", "2026-01-31", "v2v 1.0"),
      HasSubstr(".TH V2V\\-X 7 2026-01-31 \"v2v 1.0\" \"v2v\"\n.SH NAME\nv2v-x \\- an x\n"));
  EXPECT_THROW(roff("## NAME\n", "2026-01-31", "v2v 1.0"), Error);
}

TEST(Roff, OptionsAreTaggedAndKeepWhatFollows) {
  EXPECT_EQ(body("## OPTIONS\n\n**-oo size**=*BYTES*\n: How large.\n\nMore.\n\n**-x**\n: "
                 "Short.\n\n## END\n\nText.\n"),
            ".SH OPTIONS\n"
            ".TP\n\\fB\\-oo size\\fR=\\fIBYTES\\fR\nHow large.\n.IP\nMore.\n"
            ".TP\n\\fB\\-x\\fR\nShort.\n"
            ".SH END\nText.\n");
}

TEST(Roff, TextIsNeverARequest) {
  EXPECT_EQ(body(".so /etc/passwd\n\n'a' \\fB `-x~^'` …\n"),
            ".PP\n\\&.so /etc/passwd\n.PP\n\\&'a' \\efB \\fB\\-x\\(ti\\(ha\\(aq\\fR \\[u2026]\n");
  EXPECT_EQ(body("    .so x\n\n    b\n"), ".PP\n.RS 4\n.nf\n\\&.so x\n.sp\nb\n.fi\n.RE\n");
}

TEST(Roff, LinesAreFilled) {
  const auto text = body(std::string("word ") + std::string(100, 'x') + " .word " +
                         std::string(74, 'y') + " .z\n");
  EXPECT_EQ(text, ".PP\nword\n" + std::string(100, 'x') + "\n\\&.word\n" + std::string(74, 'y') +
                      " .z\n");
}

TEST(Roff, RowsOfATableAreTagged) {
  EXPECT_EQ(
      body("| What | Meaning | Default |\n|---|---|---|\n| `a\\|b` | one | two |\n| c | d | |\n"),
      ".TP\n\\fIWhat\\fR\n\\fIMeaning\\fR\n"
      ".TP\n\\fBa|b\\fR\none (Default: two)\n"
      ".TP\nc\nd\n");
}

TEST(Roff, ListsAndLinks) {
  EXPECT_EQ(body("- one\n- two\n\n1. first\n"),
            ".IP \\(bu 4\none\n.IP \\(bu 4\ntwo\n.IP 1. 4\nfirst\n");
  EXPECT_EQ(body("[v2v(1)](v2v.md) [x](https://example.com/a-b)\n"),
            ".PP\nv2v(1) x <https://example.com/a\\-b>\n");
}

TEST(Roff, WhatHasNoFormIsRefused) {
  for (const char *text : {"> quoted\n", "---\n", "<b>x</b>\n", "![x](y.png)\n"})
    EXPECT_THROW(body(text), Error) << text;
}

const std::string page =
    "# v2v-output-x(1)\n\n## NAME\n\nold\n\n## OPTIONS\n\n"
    "**-os** *DIR*\n: Where.\n\n"
    "**-oo size**\n\nOf a disk,\n**-os** has nothing to do with it.\n\n## SEE ALSO\n\nv2v(1)\n";

core::LoadedPlugin plugin(std::vector<Option> options) {
  core::LoadedPlugin plugin;
  plugin.kind = Kind::output;
  plugin.info = {"x", "1.0", "v", "an x*", std::move(options)};
  return plugin;
}
const Option size{"size", OptionType::size, "How large", "", "4G"};
const Option tag{"tag", OptionType::list, "A word <x>", "WORD", std::nullopt};

TEST(Page, GetsTheOptionsOfThePlugin) {
  const auto filled = with_options(page, subject_of(plugin({size, tag})));
  EXPECT_EQ(
      filled,
      "# v2v-output-x(1)\n\n## NAME\n\nv2v-output-x - output of v2v: an x\\*\n\n## OPTIONS\n\n"
      "**-os** *DIR*\n: Where.\n\n"
      "**-oo size**=*BYTES*\n: How large (4G).\n\nOf a disk,\n**-os** has nothing to do with "
      "it.\n\n"
      "**-oo tag**=*WORD*\n: A word \\<x>; may be given several times.\n\n"
      "## SEE ALSO\n\nv2v(1)\n");
  EXPECT_EQ(with_options(filled, subject_of(plugin({size, tag}))), filled);
  // Help that has changed replaces what is there, and nothing else.
  Option other = size;
  other.help = "Otherwise";
  EXPECT_THAT(with_options(filled, subject_of(plugin({other, tag}))),
              HasSubstr("**-oo size**=*BYTES*\n: Otherwise (4G).\n\nOf a disk,\n"));
}

TEST(Page, WhatIsNotThereIsNotExplained) {
  EXPECT_THROW(with_options(page, subject_of(plugin({tag}))), Error);
  EXPECT_THROW(with_options("# v2v-output-x(1)\n\n## NAME\n", subject_of(plugin({size}))), Error);
}

TEST(Page, SaysThatThereIsNoOption) {
  const std::string empty =
      "# v2v-output-x(1)\n\n## NAME\n\n## OPTIONS\n\nWords.\n\n**-os** *DIR*\n: Where.\n";
  const auto filled = with_options(empty, subject_of(plugin({})));
  EXPECT_THAT(filled, HasSubstr("## OPTIONS\n\nThere are no `-oo` options.\n\nWords.\n\n**-os**"));
  EXPECT_EQ(with_options(filled, subject_of(plugin({}))), filled);
  EXPECT_THAT(with_options(filled, subject_of(plugin({size}))), Not(HasSubstr("There are no")));
}

TEST(Page, AProgramHasItsOwnOptions) {
  const std::string common =
      "# virt-v2v(1)\n\n## NAME\n\n## SYNOPSIS\n\n## OPTIONS\n\n**-o** *X*\n\nWhere.\n";
  std::vector<std::string> none;
  const auto &open = host::chosen_program("virt-v2v-open", none);
  const auto filled = with_options(renamed(common, open.name), subject_of(open));
  EXPECT_THAT(filled, HasSubstr("# virt-v2v-open(1)\n\n## NAME\n\nvirt-v2v-open - "));
  EXPECT_THAT(filled, HasSubstr("\n    virt-v2v-open -i ova "));
  EXPECT_THAT(filled, HasSubstr("\n**--run** *COMMAND*\n: "));
  EXPECT_THAT(filled, Not(HasSubstr("**-o**")));
}

TEST(Abi, MembersWithTheirComments) {
  EXPECT_EQ(
      abi_text("/* SPDX-x: y\n *\n * What `it` is.\n *\n *   Rules.  One\n *           two.\n "
               "*/\n#ifndef H\n#define H\n"
               "#ifdef __cplusplus\nextern \"C\" {\n#endif\n"
               "/* ---- Things ---- */\n\n"
               "/* A <number> of V2V_THING_ONE. */\n#define V2V_THING_ONE 1 /* the first */\n"
               "#define V2V_THING_TWO 2\n\n"
               "struct other;\n"
               "/* A thing. */\ntypedef struct v2v_thing {\n  uint32_t size;\n"
               "  int32_t type; /* V2V_THING_… of\n                   * its kind */\n"
               "  /* [serial] Takes *a | b. */\n  int (*take)(void *a, int b);\n} v2v_thing;\n"
               "#ifdef __cplusplus\n}\n#endif\n#endif\n"),
      "## DESCRIPTION\n\nWhat `it` is.\n\n- **Rules.** One two.\n\n\n"
      "## THINGS\n\n"
      "### V2V_THING_…\n\nA \\<number> of `V2V_THING_ONE`.\n\n| | |\n|---|---|\n"
      "| `V2V_THING_ONE 1` | the first |\n| `V2V_THING_TWO 2` |  |\n\n"
      "### v2v_thing\n\nA thing.\n\n| | |\n|---|---|\n"
      "| `uint32_t size` |  |\n"
      "| `int32_t type` | `V2V_THING_`… of its kind |\n"
      "| `int (*take)(void *a, int b)` | [serial] Takes \\*a \\| b. |\n\n");
  EXPECT_THROW(abi_text("/* no end"), Error);
}

}  // namespace
}  // namespace v2v::manual
