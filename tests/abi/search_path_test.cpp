// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "fake_host.hpp"

#include <core/plugin/search_path.hpp>

#include <gmock/gmock.h>

namespace v2v::core {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> paths(const SearchInputs &inputs) {
  std::vector<std::string> result;
  for (const auto &directory : search_path(inputs))
    result.push_back(directory.origin + " " + directory.path.string());
  return result;
}

class SearchPath : public testing::Test {
 protected:
  void SetUp() override {
    for (const char *name : {"a", "b", "c", "prefix/bin/plugins"})
      fs::create_directories(root_ / name);
    inputs_.executable_directory = root_ / "prefix/bin";
    inputs_.installed_directory = "/configured/v2v/plugins";
  }
  std::string text(const std::string &name) const { return (root_ / name).string(); }

  test::TemporaryDirectory root_;
  SearchInputs inputs_;
};

TEST_F(SearchPath, OptionThenEnvironmentThenOwn) {
  inputs_.plugin_dirs = {text("b/"), text("a")};
  inputs_.environment = text("c") + "::" + text("absent") + ":" + text("a");
  EXPECT_THAT(
      paths(inputs_),
      testing::ElementsAre("--plugin-dir " + text("b"), "--plugin-dir " + text("a"),
                           "V2V_PLUGIN_PATH " + text("c"), "installed /configured/v2v/plugins"));
}

TEST_F(SearchPath, OneDirectoryUnderTwoNamesIsSearchedOnce) {
  fs::create_directory_symlink("a", root_ / "link");
  inputs_.plugin_dirs = {text("link")};
  inputs_.environment = text("a");
  EXPECT_THAT(paths(inputs_), testing::ElementsAre("--plugin-dir " + text("link"),
                                                   "installed /configured/v2v/plugins"));
}

TEST_F(SearchPath, MissingPluginDirIsAnError) {
  inputs_.plugin_dirs = {text("absent")};
  EXPECT_THROW(search_path(inputs_), Error);
}

TEST_F(SearchPath, BuildTreeIsRecognisedByItsPlugins) {
  EXPECT_THAT(paths(inputs_), testing::ElementsAre("installed /configured/v2v/plugins"));
  test::write_file(root_ / "prefix/bin/plugins/v2v-output-x.so", "");
  EXPECT_THAT(paths(inputs_),
              testing::ElementsAre("beside the program " + text("prefix/bin/plugins")));
}

TEST_F(SearchPath, MovedInstallationFindsItsPlugins) {
  const fs::path moved =
      (inputs_.executable_directory / V2V_TEST_PLUGIN_DIR_FROM_BIN).lexically_normal();
  fs::create_directories(moved);
  EXPECT_THAT(paths(inputs_), testing::ElementsAre("installed " + moved.string()));
}

}  // namespace
}  // namespace v2v::core
