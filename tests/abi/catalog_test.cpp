// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Which file a name stands for: the first on the search path, never one passed over in silence.
#include "fake_host.hpp"

#include <core/plugin/catalog.hpp>

#include <gmock/gmock.h>

namespace v2v::core {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

class Catalog : public testing::Test {
 protected:
  void SetUp() override {
    fs::create_directory(first_);
    fs::create_directory(second_);
  }
  static void put(const std::string &name, const fs::path &directory) {
    const std::string file = "v2v-output-" + name + ".so";
    fs::copy_file(fs::path(V2V_TEST_PLUGINS) / file, directory / file);
    fs::permissions(directory / file, fs::perms(0644));
  }
  std::string failure(Kind kind, const std::string &name) {
    try {
      catalog_.find(kind, name);
    } catch (const Error &error) {
      return error.what();
    }
    ADD_FAILURE() << name << " was found";
    return "";
  }

  test::TemporaryDirectory root_;
  const fs::path first_ = root_ / "first", second_ = root_ / "second";
  test::Memory memory_;
  PluginCatalog catalog_{{{first_, "--plugin-dir"}, {second_, "installed"}}, memory_};
};

TEST_F(Catalog, FirstHitWinsAndTheHiddenOneIsReportedOnce) {
  put("good", first_);
  put("good", second_);
  EXPECT_EQ(catalog_.find(Kind::output, "good").path, first_ / "v2v-output-good.so");
  catalog_.find(Kind::output, "good");
  EXPECT_THAT(memory_.warnings,
              ElementsAre((first_ / "v2v-output-good.so").string() + " is used and hides " +
                          (second_ / "v2v-output-good.so").string()));
}

TEST_F(Catalog, BrokenFirstHitIsAnErrorNotPassedOver) {
  put("null", first_);
  fs::rename(first_ / "v2v-output-null.so", first_ / "v2v-output-good.so");
  put("good", second_);
  EXPECT_THAT(failure(Kind::output, "good"), HasSubstr("refuses to load"));
}

TEST_F(Catalog, DanglingLinkIsAnErrorNotPassedOver) {
  fs::create_symlink("nowhere.so", first_ / "v2v-output-good.so");
  put("good", second_);
  EXPECT_THAT(failure(Kind::output, "good"), HasSubstr("No such file"));
}

TEST_F(Catalog, UnknownNameGetsTheNearest) {
  put("good", first_);
  put("throwing", second_);
  EXPECT_EQ(failure(Kind::output, "godo"),
            "godo: there is no output plugin of this name; did you mean 'good'?");
  EXPECT_EQ(failure(Kind::output, "something"),
            "something: there is no output plugin of this name; there are: good, throwing");
  EXPECT_THAT(failure(Kind::input, "good"), HasSubstr("there are none in " + first_.string()));
}

TEST_F(Catalog, NameCannotLeaveTheSearchPath) {
  put("good", second_);
  // The kernel would find this file through the directory of another plugin's name.
  fs::create_directory(first_ / "v2v-output-x");
  EXPECT_THAT(failure(Kind::output, "x/../../second/v2v-output-good"),
              HasSubstr("no output plugin of this name"));
}

TEST_F(Catalog, ListShowsEverythingThatIsMeantAsAPlugin) {
  put("good", first_);
  put("good", second_);
  put("undefined", second_);
  test::write_file(second_ / "v2v-oops-x.so", "");
  test::write_file(second_ / "readme.txt", "");

  const auto entries = catalog_.list();
  ASSERT_EQ(entries.size(), 4u);
  EXPECT_EQ(entries[0].path, second_ / "v2v-oops-x.so");
  EXPECT_FALSE(entries[0].id);
  ASSERT_TRUE(entries[0].error);
  EXPECT_THAT(entries[0].error->failure(), HasSubstr("not the name of a plugin"));
  EXPECT_EQ(entries[1].path, first_ / "v2v-output-good.so");
  ASSERT_NE(entries[1].plugin, nullptr);
  EXPECT_EQ(entries[1].origin, "--plugin-dir");
  EXPECT_EQ(entries[2].hidden_by, first_ / "v2v-output-good.so");
  EXPECT_EQ(entries[2].plugin, nullptr);
  ASSERT_TRUE(entries[3].error);
  EXPECT_THAT(entries[3].error->failure(), HasSubstr("nobody_has_this"));

  EXPECT_TRUE(catalog_.list(Kind::convert).empty());
  EXPECT_THAT(catalog_.names(Kind::output), ElementsAre("good", "undefined"));
}

TEST_F(Catalog, LoadAllRefusesTheWholeKindIfOneIsBroken) {
  put("good", first_);
  EXPECT_EQ(catalog_.load_all(Kind::output).size(), 1u);
  put("undefined", second_);
  EXPECT_THROW(catalog_.load_all(Kind::output), Error);
}

}  // namespace
}  // namespace v2v::core
