// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What is said of plugins.
#include "testing.hpp"

#include <host/plugin_text.hpp>

#include <gmock/gmock.h>

namespace v2v::host {
namespace {

using Entry = core::PluginCatalog::Entry;
using testing::HasSubstr;

core::LoadedPlugin plugin() {
  core::LoadedPlugin plugin;
  plugin.kind = Kind::output;
  plugin.info = {"local", "0.1.0", "the v2v authors", "writes a directory", {}};
  plugin.info.options = {
      {"compressed", OptionType::boolean, "Compress the image", "", std::nullopt},
      {"block-size", OptionType::size, "Size of a block", "SIZE", "65536"},
      {"tag", OptionType::list, "A word to attach", "WORD", std::nullopt},
  };
  plugin.abi = "1.0-draft2";
  plugin.path = "/p/v2v-output-local.so";
  return plugin;
}

Entry entry(const std::string &path) {
  return {path,    "--plugin-dir", core::parse_plugin_file_name(path.substr(path.rfind('/') + 1)),
          nullptr, std::nullopt,   {}};
}

TEST(PluginList, ShowsFineBrokenAndHiddenOnes) {
  const core::LoadedPlugin fine = plugin();
  std::vector<Entry> entries = {entry("/p/v2v-output-local.so"), entry("/q/v2v-output-local.so"),
                                entry("/p/v2v-output-rhv.so"), entry("/p/v2v-nonsense.so")};
  entries[0].plugin = &fine;
  entries[1].hidden_by = "/p/v2v-output-local.so";
  entries[2].error =
      Error(Code::unsupported, "is for ABI 2.0, this host serves 1.0", "x", "install a newer v2v");
  entries[3].error = Error(Code::corrupt, "is no plugin's name", "y");
  const PluginList list = plugin_list(entries, {});
  EXPECT_FALSE(list.all_fine);
  EXPECT_EQ(list.text,
            "output local 0.1.0, the v2v authors, ABI 1.0-draft2\n"
            "    writes a directory\n"
            "    /p/v2v-output-local.so\n"
            "output local: hidden by /p/v2v-output-local.so\n"
            "    /q/v2v-output-local.so\n"
            "output rhv: BROKEN\n"
            "    is for ABI 2.0, this host serves 1.0\n"
            "    hint: install a newer v2v\n"
            "    /p/v2v-output-rhv.so\n"
            "v2v-nonsense.so: BROKEN\n"
            "    is no plugin's name\n"
            "    /p/v2v-nonsense.so\n");
}

TEST(PluginList, AHiddenPluginIsFine) {
  std::vector<Entry> entries = {entry("/q/v2v-output-local.so")};
  entries[0].hidden_by = "/p/v2v-output-local.so";
  EXPECT_TRUE(plugin_list(entries, {}).all_fine);
}

TEST(PluginList, NothingFoundSaysWhereItLooked) {
  const PluginList list = plugin_list({}, {{"/usr/lib/v2v/plugins", "installed"}});
  EXPECT_TRUE(list.all_fine);
  EXPECT_EQ(list.text, "There are no plugins in\n    /usr/lib/v2v/plugins (installed)\n");
}

TEST(PluginOptions, EachOnALineOfItsOwn) {
  EXPECT_EQ(plugin_options(plugin()),
            "  -oo compressed[=true|false]       Compress the image\n"
            "  -oo block-size=SIZE               Size of a block (65536)\n"
            "  -oo tag=WORD                      A word to attach; may be given several\n"
            "                                    times\n");
}

TEST(PluginOptions, None) {
  core::LoadedPlugin none = plugin();
  none.info.options.clear();
  EXPECT_EQ(plugin_options(none), "");
}

TEST(PluginDescription, SaysEverything) {
  const std::string text = plugin_description(plugin());
  EXPECT_THAT(text, HasSubstr("kind:    output\n"));
  EXPECT_THAT(text, HasSubstr("vendor:  the v2v authors\n"));
  EXPECT_THAT(text, HasSubstr("ABI:     1.0-draft2\n"));
  EXPECT_THAT(text, HasSubstr("file:    /p/v2v-output-local.so\n"));
  EXPECT_THAT(text, HasSubstr("options:\n  -oo compressed[=true|false] "));
}

TEST(PluginDescription, APluginCannotControlTheTerminal) {
  core::LoadedPlugin rude = plugin();
  rude.info.vendor = "x\x1b[2J\n";
  EXPECT_EQ(plugin_description(rude).find('\x1b'), std::string::npos);
}

TEST(HelpLine, LongLeftPartsHaveALineOfTheirOwn) {
  EXPECT_EQ(help_line("--short", "text"), "  --short                           text\n");
  EXPECT_EQ(help_line(std::string(40, 'x'), "text"),
            "  " + std::string(40, 'x') + "\n" + std::string(36, ' ') + "text\n");
}

}  // namespace
}  // namespace v2v::host
