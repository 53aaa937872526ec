// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Which program a name starts, and what each of them has and has not.
#include <host/help.hpp>

#include "testing.hpp"

#include <gmock/gmock.h>

namespace v2v::host {
namespace {

using testing::HasSubstr;
using testing::Not;
using Words = std::vector<std::string>;

TEST(Programs, AreChosenByTheLastPartOfTheirName) {
  for (const char *name :
       {"virt-v2v", "virt-v2v-in-place", "virt-v2v-inspector", "virt-v2v-open"}) {
    EXPECT_EQ(program_named(std::string("/usr/libexec/v2v/") + name).name, name);
    EXPECT_FALSE(program_named(name).own) << name;
  }
  for (const char *name : {"v2v", "./v2v", "virt-v2v-other", ""})
    EXPECT_TRUE(program_named(name).own) << name;
}

TEST(Programs, AWordMakesV2vAnotherOne) {
  Words arguments = {"inspect", "-i", "disk"};
  EXPECT_EQ(chosen_program("v2v", arguments).task, task_inspect);
  EXPECT_EQ(arguments, (Words{"-i", "disk"}));
  arguments = {"open", "x"};
  EXPECT_EQ(chosen_program("v2v", arguments).task, task_open);
  arguments = {"-i", "libvirt", "open"};  // a guest of that name
  EXPECT_EQ(chosen_program("v2v", arguments).task, task_convert);
  arguments = {"open", "x"};  // nor has virt-v2v such words
  EXPECT_EQ(chosen_program("virt-v2v", arguments).task, task_convert);
  EXPECT_EQ(arguments.size(), 2u);
}

/// Whether a program knows an option of this name.
bool knows(const std::string &program, const std::string &name) {
  for (const OptionSpec *spec : options_of(program_named(program)))
    for (const std::string &known : spec->names)
      if (known == name) return true;
  return false;
}

TEST(Programs, HaveTheOptionsOfTheirTasks) {
  for (const char *option : {"o", "os", "of", "oo", "parallel", "print-estimate"}) {
    EXPECT_TRUE(knows("virt-v2v", option)) << option;
    for (const char *other : {"virt-v2v-in-place", "virt-v2v-inspector", "virt-v2v-open"})
      EXPECT_FALSE(knows(other, option)) << other << " " << option;
  }
  for (const char *program : {"virt-v2v", "virt-v2v-inspector", "virt-v2v-open"})
    EXPECT_TRUE(knows(program, "it")) << program;
  EXPECT_FALSE(knows("virt-v2v-in-place", "it"));
  EXPECT_TRUE(knows("virt-v2v-in-place", "root"));
  EXPECT_FALSE(knows("virt-v2v-open", "root"));
  for (const Program &program : programs()) {
    EXPECT_TRUE(knows(program.name, "debug-gc")) << program.name;
    EXPECT_TRUE(knows(program.name, "i")) << program.name;
  }
}

TEST(Programs, AConversionInPlaceHasNoTarget) {
  EXPECT_EQ(parse_error({"-o", "null", "--in-place", "x"}).object(), "-o");
  EXPECT_EQ(parse_error({"--in-place", "-os", "/x", "x"}).object(), "-os");
  EXPECT_EQ(parse_error({"--in-place=x"}).failure(), "unknown --in-place option: x");
  EXPECT_EQ(parse_error({"--in-place", "x"}, "virt-v2v").remedy(), "use virt-v2v-in-place");
  EXPECT_EQ(parse({"x"}, "virt-v2v-in-place").task, task_in_place);
}

TEST(Programs, ACheckHasTheCommandLineOfAConversion) {
  const auto line = parse({"check", "-i", "disk", "-o", "null", "--root", "first", "x", "-O", "f"});
  EXPECT_TRUE(line.check);
  EXPECT_EQ(line.task, task_convert);
  EXPECT_EQ(line.report_file, "f");
  EXPECT_EQ(parse({"check", "--in-place", "--json", "x"}).task, task_in_place);
  EXPECT_EQ(parse_error({"check", "--in-place", "-o", "null", "x"}).object(), "-o");
  EXPECT_EQ(parse_error({"check", "--in-place", "-it", "ssh", "x"}).object(), "-it");
  EXPECT_EQ(parse_error({"check", "--print-estimate", "x"}).object(), "--print-estimate");
  EXPECT_EQ(parse_error({"check", "--no-convert", "x"}).code(), Code::usage);
  EXPECT_FALSE(parse({"-i", "libvirt", "check"}).check);  // a guest of that name
  EXPECT_FALSE(parse({"check"}, "virt-v2v").check);
}

TEST(Programs, AGuestThatIsMovedAsItIsCannotBeConvertedInAnyWay) {
  EXPECT_TRUE(parse({"--convert", "none", "-n", "a", "--no-fstrim", "-b", "x:y", "x"}).as_it_is);
  for (const Words &words :
       {Words{"--root", "first"}, Words{"--key", "all:key:x"},
        Words{"--block-driver", "virtio-blk"}, Words{"--initramfs", "rebuild"}, Words{"-co", "x"},
        Words{"--memsize", "1024"}, Words{"--no-selinux-relabel"}}) {
    auto all = words;
    all.insert(all.end(), {"--convert", "none", "x"});
    EXPECT_EQ(parse_error(all).code(), Code::usage) << words.front();
    all[all.size() - 2] = "auto";
    EXPECT_FALSE(parse(all).as_it_is);
  }
  EXPECT_EQ(parse_error({"--convert", "none", "--mac", "00:00:00:00:00:01:ip:1.2.3.4"}).object(),
            "--mac …:ip");
  EXPECT_EQ(parse_error({"--convert", "none", "--in-place", "x"}).object(), "--convert");
  EXPECT_EQ(parse_error({"--convert", "linux", "x"}).failure(), "unknown --convert option: linux");
  EXPECT_FALSE(knows("virt-v2v", "convert"));
}

TEST(Programs, OfVirtV2vLeaveMistakesToGetopt) {
  testing::internal::CaptureStderr();
  EXPECT_THROW(parse({"--nonsense"}, "virt-v2v"), MistakeTold);
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "virt-v2v: unrecognized option '--nonsense'\n");
  testing::internal::CaptureStderr();
  EXPECT_THROW(parse({"-i", "disk", "-o", "null", "x"}, "virt-v2v-open"), MistakeTold);
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("virt-v2v-open: "));
}

TEST(Programs, OfVirtV2vListItsFeatures) {
  const Words inputs = {"disk", "libvirt", "ova", "vpx"}, outputs = {"local", "rhv", "vdsm"},
              converters = {"debian", "windows"};
  EXPECT_EQ(feature_list(program_named("virt-v2v"), inputs, outputs, converters),
            "virt-v2v\nvirt-v2v-2.0\nlibguestfs-rewrite\nvcenter-https\nvddk\ncolours-option\n"
            "vdsm-compat-option\nio/oo\nmac-option\nbandwidth-option\nmac-ip-option\n"
            "parallel-option\ncustomize-ops\nblock-driver-option\ncollect-option\ninput:disk\n"
            "input:libvirt\ninput:ova\ninput:vpx\noutput:disk\noutput:local\noutput:ovirt\n"
            "output:rhv\noutput:vdsm\nconvert:linux\nconvert:windows\nconvert:debian\n"
            "ovf:ovirt\novf:rhvexp\novf:ovirtexp\n");
  const auto in_place =
      feature_list(program_named("virt-v2v-in-place"), {"disk"}, outputs, converters);
  EXPECT_THAT(in_place, HasSubstr("virt-v2v-in-place\nvirt-v2v-in-place-2.0\n"));
  EXPECT_THAT(in_place, HasSubstr("\ncustomize-ops\noutput-xml-option\n"));
  EXPECT_THAT(in_place, HasSubstr("\nconvert:windows\n"));
  EXPECT_THAT(in_place, Not(HasSubstr("output:")));
  const auto open = feature_list(program_named("virt-v2v-open"), inputs, outputs, converters);
  EXPECT_THAT(open, HasSubstr("virt-v2v-open\n"));
  EXPECT_THAT(open, Not(HasSubstr("convert:")));
}

}  // namespace
}  // namespace v2v::host
