// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <host/collection.hpp>

#include "../temporary_directory.hpp"
#include "testing.hpp"

#include <gmock/gmock.h>

namespace v2v::host {
namespace {

using testing::HasSubstr;

std::string place(const std::string &value) {
  const auto path = collected_path(value);
  return path.guest + " as " + path.local;
}

TEST(Collect, NamesAPathOfTheGuestAndItsPlaceInTheArchive) {
  EXPECT_EQ(place("/etc/fstab"), "/etc/fstab as etc/fstab");
  EXPECT_EQ(place("/etc/fstab:before"), "/etc/fstab as before");
  EXPECT_EQ(place("/etc/network/:a/b/"), "/etc/network/ as a/b");
  EXPECT_EQ(place("/Windows/System32/config/SYSTEM"),
            "/Windows/System32/config/SYSTEM as Windows/System32/config/SYSTEM");
  EXPECT_EQ(place("//etc//fstab"), "//etc//fstab as etc/fstab");
}

TEST(Collect, RefusesPlacesOutsideOfTheArchive) {
  for (const char *value :
       {"etc/fstab", "", ":x", "/etc/fstab:", "/etc/fstab:/x", "/etc/fstab:../x",
        "/etc/fstab:a/../../x", "/etc/../x", "/:.", "C:\\x"}) {
    const auto error = test::error_of([&] { collected_path(value); });
    EXPECT_EQ(error.code(), Code::usage) << value;
    EXPECT_THAT(error.remedy(), HasSubstr("--collect GUEST[:LOCAL]"));
  }
  EXPECT_THAT(parse_error({"--collect", "/etc/fstab:/x"}).failure(), HasSubstr("begins with /"));
}

TEST(Collect, NeedsBothOptionsAndAConversion) {
  const test::TemporaryDirectory directory;
  const auto output = (directory / "c.tar.xz").string();
  const auto of = [](const std::vector<std::string> &arguments, const char *program = "v2v") {
    return test::error_of([&] { collection(parse(arguments, program)); });
  };
  EXPECT_THAT(of({"--collect", "/etc/fstab"}).remedy(), HasSubstr("--collect-output"));
  EXPECT_THAT(of({"--collect-output", output}).remedy(), HasSubstr("--collect GUEST"));
  EXPECT_THAT(
      of({"inspect", "--no-convert", "--collect", "/x", "--collect-output", output}).remedy(),
      HasSubstr("--no-convert"));
  EXPECT_THAT(of({"--collect", "/a:x", "--collect", "/b:x", "--collect-output", output}).failure(),
              HasSubstr("'x'"));
  // Found before anything begins.
  EXPECT_EQ(of({"--collect", "/x", "--collect-output", (directory / "none/c").string()}).code(),
            Code::not_found);
  EXPECT_EQ(collection(parse({"x.vmdk"})).file, nullptr);
  const auto wanted =
      collection(parse({"--collect", "/a", "--collect", "/b:c", "--collect-output", output}));
  ASSERT_EQ(wanted.paths.size(), 2u);
  EXPECT_EQ(wanted.paths[1].local, "c");
  ASSERT_NE(wanted.file, nullptr);
  EXPECT_EQ(wanted.file->path(), output);
}

TEST(Collect, IsAnOptionOfTheProgramsOfVirtV2vToo) {
  for (const char *program : {"virt-v2v", "virt-v2v-in-place", "virt-v2v-inspector"})
    EXPECT_EQ(parse({"--collect", "/a"}, program).collect.size(), 1u) << program;
}

}  // namespace
}  // namespace v2v::host
