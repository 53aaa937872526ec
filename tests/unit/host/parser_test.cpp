// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The command line's grammar is virt-v2v's, and every option ends in its setting.
#include "testing.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <functional>
#include <set>

namespace v2v::host {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Words = std::vector<std::string>;

// ---- Grammar ----------------------------------------------------------------------------------

TEST(Grammar, ThreeWaysToWriteATwoLetterOption) {
  for (const Words &words : {Words{"-ic", "esx://h"}, Words{"--ic", "esx://h"},
                             Words{"-ic=esx://h"}, Words{"--ic=esx://h"}})
    EXPECT_EQ(parse(words).input.connection, "esx://h") << words[0];
}

TEST(Grammar, ShortOptionNextToTwoLetterOptions) {
  EXPECT_EQ(parse({"-i", "disk", "-if", "raw"}).input.plugin, "disk");
  EXPECT_EQ(parse({"-i", "disk", "-if", "raw"}).input.format, "raw");
  // -iodisk is no option of this name, so it is -i odisk.
  EXPECT_EQ(parse({"-iodisk"}).input.plugin, "odisk");
  EXPECT_EQ(parse({"-oo", "k=v", "-o", "null"}).output.plugin, "null");
}

TEST(Source, TheUriChoosesTheInputThatLibvirtWouldBe) {
  const auto plugin = [](const Words &words) { return parse(words).input.plugin; };
  for (const char *uri : {"vpx://u@h/DC/x?no_verify=1", "esx://h", "GSX://h"})
    EXPECT_EQ(plugin({"-ic", uri}), "vpx") << uri;
  EXPECT_EQ(plugin({"-i", "libvirt", "-ic", "esx://h"}), "vpx");
  EXPECT_TRUE(parse({"-ic", "esx://h"}).input.chosen);
  EXPECT_EQ(plugin({"-ic", "xen+ssh://root@h"}), "xen");
  for (const char *uri : {"", "qemu:///system", "qemu+ssh://h/system", "vpx:///DC", "xen:///",
                          "vpx://", "test:///default"})
    EXPECT_EQ(plugin({"-ic", uri}), "libvirt") << uri;
  EXPECT_FALSE(parse({"-ic", "qemu:///system"}).input.chosen);
  EXPECT_EQ(plugin({"-i", "vmx", "-ic", "esx://h"}), "vmx");
}

TEST(Grammar, ShortOptionsTogether) {
  const CommandLine line = parse({"-vx"});
  EXPECT_TRUE(line.talk.verbose);
  EXPECT_TRUE(line.talk.trace);
}

TEST(Grammar, LongOptionsWithOneDash) {
  EXPECT_EQ(parse({"-root", "first"}).root, "first");
  EXPECT_TRUE(parse({"-verbose"}).talk.verbose);
}

TEST(Grammar, UniqueBeginningsAreEnough) {
  EXPECT_EQ(parse({"--echo"}).echo_keys, true);
  EXPECT_EQ(parse({"--plugin-d=a"}).plugin_directories.size(), 1u);
  EXPECT_TRUE(parse({"--verb"}).talk.verbose);
  EXPECT_EQ(parse({"--machine-r", "--vers"}).action, Action::version);
}

TEST(Grammar, AmbiguousBeginningNamesTheCandidates) {
  const Error error = parse_error({"--print"});
  EXPECT_EQ(error.failure(), "option --print is ambiguous");
  EXPECT_THAT(error.remedy(), HasSubstr("--print-source, --print-estimate"));
}

TEST(Grammar, AnEqualsSignAfterAShortOptionIsExplained) {
  const Error error = parse_error({"-o=null"});
  EXPECT_EQ(error.failure(), "cannot read option -o=null");
  EXPECT_EQ(error.remedy(), "put a space before the value: -o null");
}

TEST(Grammar, WordsMayStandAnywhere) {
  const CommandLine line = parse({"one", "-i", "disk", "two", "-v", "three"});
  EXPECT_THAT(line.input.arguments, ElementsAre("one", "two", "three"));
}

TEST(Grammar, WordsMayStandAnywhereEvenInAPosixEnvironment) {
  ::setenv("POSIXLY_CORRECT", "1", 1);
  const CommandLine line = parse({"one", "-i", "disk"});
  ::unsetenv("POSIXLY_CORRECT");
  EXPECT_EQ(line.input.plugin, "disk");
}

TEST(Grammar, TwoDashesEndTheOptions) {
  const CommandLine line = parse({"-i", "disk", "--", "-v", "--", "x"});
  EXPECT_FALSE(line.talk.verbose);
  EXPECT_THAT(line.input.arguments, ElementsAre("-v", "--", "x"));
}

TEST(Grammar, ADashAloneIsAWord) {
  EXPECT_THAT(parse({"-"}).input.arguments, ElementsAre("-"));
}

TEST(Grammar, AnOptionalValueNeedsItsEqualsSign) {
  const CommandLine line = parse({"--machine-readable", "disk.img"});
  EXPECT_TRUE(line.talk.machine_readable);
  EXPECT_EQ(line.talk.machine_destination, "");
  EXPECT_THAT(line.input.arguments, ElementsAre("disk.img"));
}

TEST(Grammar, AnEmptyValueIsAValue) {
  EXPECT_EQ(parse({"-on", ""}).output.name, "");
}

TEST(Grammar, ValuesMayLookLikeOptions) {
  EXPECT_EQ(parse({"-on", "-v"}).output.name, "-v");
}

TEST(Grammar, MissingValue) {
  EXPECT_EQ(parse_error({"-i"}).failure(), "option -i needs a value");
  EXPECT_EQ(parse_error({"-i"}).remedy(), "write -i INPUT");
  EXPECT_EQ(parse_error({"--memsize"}).remedy(), "write --memsize MB");
  EXPECT_EQ(parse_error({"a", "-v", "--root"}).failure(), "option --root needs a value");
}

TEST(Grammar, UnwantedValue) {
  EXPECT_EQ(parse_error({"--quiet=x"}).failure(), "option -q takes no value");
}

TEST(Grammar, UnknownOptionGivesTheNearest) {
  const Error error = parse_error({"a", "-v", "--memszie=5"});
  EXPECT_EQ(error.code(), Code::usage);
  EXPECT_EQ(error.failure(), "unknown option --memszie");
  EXPECT_THAT(error.remedy(), HasSubstr("did you mean --memsize?"));
  EXPECT_THAT(parse_error({"--qqqqqqqqqqqq"}).remedy(), HasSubstr("v2v --help"));
  EXPECT_EQ(parse_error({"-z"}).failure(), "unknown option -z");
}

TEST(Grammar, SecondUseOfASingleOption) {
  for (const char *name : {"-i", "-ic", "-if", "-ip", "-o", "-oc", "-of", "-on", "-op", "-os"})
    EXPECT_EQ(parse_error({name, "x", name, "x"}).failure(),
              std::string(name) + " option used more than once on the command line");
  EXPECT_EQ(parse_error({"-oa", "sparse", "-oa", "sparse"}).failure(),
            "-oa option used more than once on the command line");
}

TEST(Grammar, TheLastNumberCounts) {
  EXPECT_EQ(parse({"-m", "1024", "--memsize", "2048"}).appliance.memory, 2048u);
  EXPECT_EQ(parse({"--smp", "1", "--smp", "2"}).appliance.cpus, 2u);
  EXPECT_EQ(parse({"--parallel", "1", "--parallel", "2"}).parallel, 2u);
  EXPECT_EQ(parse({"--parallel", "100"}).parallel, 64u);
}

TEST(Grammar, WhereJsonCannotGoThereIsNone) {
  CommandLine line;
  EXPECT_THROW(parse_command_line(program_named("v2v"), {"--machine-readable=foo"}, line), Error);
  EXPECT_FALSE(line.talk.machine_readable);
}

TEST(Grammar, WhatCameBeforeAMistakeIsKept) {
  CommandLine line;
  EXPECT_THROW(
      parse_command_line(program_named("v2v"), {"--machine-readable", "-q", "--wrong"}, line),
      Error);
  EXPECT_TRUE(line.talk.machine_readable);
  EXPECT_TRUE(line.talk.quiet);
}

TEST(Grammar, EveryNameIsUnique) {
  for (const Program &program : programs()) {
    std::vector<std::string> names;
    for (const OptionSpec *spec : options_of(program))
      names.insert(names.end(), spec->names.begin(), spec->names.end());
    std::sort(names.begin(), names.end());
    EXPECT_EQ(std::adjacent_find(names.begin(), names.end()), names.end()) << program.name;
  }
}

// ---- Every option -----------------------------------------------------------------------------

/// Where a card on "a" ends.
std::string mapped(const CommandLine &line, Nic::Type type) {
  Nic nic{type, "00:00:00:00:00:01", "a", "", {}};
  line.networks.apply(nic);
  return nic.network;
}

struct Case {
  Words words;
  std::function<bool(const CommandLine &)> holds;
};

TEST(Options, EachEndsInItsSetting) {
  using C = const CommandLine &;
  const Case cases[] = {
      {{}, [](C c) { return c.input.plugin == "libvirt" && !c.input.chosen; }},
      {{}, [](C c) { return c.output.plugin == "libvirt" && !c.output.chosen; }},
      {{}, [](C c) { return c.root.empty() && c.trim && c.action == Action::convert; }},
      {{"-i", "ova"}, [](C c) { return c.input.plugin == "ova" && c.input.chosen; }},
      {{"-i", "local"}, [](C c) { return c.input.plugin == "disk"; }},
      {{"-ic", "u"}, [](C c) { return c.input.connection == "u"; }},
      {{"--report", "r.html"}, [](C c) { return c.html_report == "r.html"; }},
      {{"--collect", "/a", "--collect", "/b:c"},
       [](C c) {
         return c.collect.size() == 2 && c.collect[1].guest == "/b" && c.collect[1].local == "c";
       }},
      {{"--collect-output", "c.tar.xz"}, [](C c) { return c.collect_output == "c.tar.xz"; }},
      {{"-if", "vmdk"}, [](C c) { return c.input.format == "vmdk"; }},
      {{"-io", "a=b", "-io", "c"},
       [](C c) {
         return c.input.options == Words{"a=b", "c"};
       }},
      {{"-io", "?"}, [](C c) { return c.action == Action::input_options; }},
      {{"-ip", "f"}, [](C c) { return c.input.password_file == "f"; }},
      {{"--password-file", "f"}, [](C c) { return c.input.password_file == "f"; }},
      {{"-it", "ssh"}, [](C c) { return c.input.transport == "ssh"; }},
      {{"-it", "vddk"}, [](C c) { return c.input.transport == "vddk"; }},
      {{"--allow-references"}, [](C c) { return c.input.allow_references; }},
      {{"--print-source"}, [](C c) { return c.action == Action::print_source; }},
      {{"-o", "disk"}, [](C c) { return c.output.plugin == "local" && c.output.chosen; }},
      {{"-o", "rhev"}, [](C c) { return c.output.plugin == "rhv"; }},
      {{"-o", "ovirt-upload"}, [](C c) { return c.output.plugin == "rhv-upload"; }},
      {{"-o", "vendor-array"}, [](C c) { return c.output.plugin == "vendor-array"; }},
      {{"-oa", "sparse"}, [](C c) { return c.output.allocation == Allocation::sparse; }},
      {{"-oa", "preallocated"},
       [](C c) { return c.output.allocation == Allocation::preallocated; }},
      {{"-oc", "u"}, [](C c) { return c.output.connection == "u"; }},
      {{"-of", "qcow2"}, [](C c) { return c.output.format == "qcow2"; }},
      {{"-on", "n"}, [](C c) { return c.output.name == "n"; }},
      {{"-co", "a=b"}, [](C c) { return c.converter_options == Words{"a=b"}; }},
      {{"-co", "?"}, [](C c) { return c.action == Action::converter_options; }},
      {{"-oo", "a=b"}, [](C c) { return c.output.options == Words{"a=b"}; }},
      {{"-oo", "?"}, [](C c) { return c.action == Action::output_options; }},
      {{"-op", "f"}, [](C c) { return c.output.password_file == "f"; }},
      {{"-os", "/d"}, [](C c) { return c.output.storage == "/d"; }},
      {{"--parallel", "3"}, [](C c) { return c.parallel == 3; }},
      {{"--print-estimate"}, [](C c) { return c.action == Action::print_estimate; }},
      {{"--root", "single"}, [](C c) { return c.root == "single"; }},
      {{"--root", "/dev/sda2"}, [](C c) { return c.root == "/dev/sda2"; }},
      {{"--root", "btrfsvol:/dev/sda2/@"}, [](C c) { return c.root == "btrfsvol:/dev/sda2/@"; }},
      {{"--key", "all:key:x", "--key", "u:file:f"}, [](C c) { return c.keys.size() == 2; }},
      {{"--keys-from-stdin"}, [](C c) { return c.keys_from_stdin; }},
      {{"--echo-keys"}, [](C c) { return c.echo_keys; }},
      {{"-m", "2048"}, [](C c) { return c.appliance.memory == 2048; }},
      {{"--memsize=512"}, [](C c) { return c.appliance.memory == 512; }},
      {{"--smp", "4"}, [](C c) { return c.appliance.cpus == 4; }},
      {{"--block-driver", "virtio-scsi"}, [](C c) { return c.block_bus == BlockBus::virtio_scsi; }},
      {{"--block-driver", "virtio-blk"}, [](C c) { return c.block_bus == BlockBus::virtio_blk; }},
      {{"--initramfs", "rebuild"}, [](C c) { return c.rebuild_initramfs; }},
      {{"--no-selinux-relabel"}, [](C c) { return !c.relabel; }},
      {{"--selinux-relabel"}, [](C c) { return c.relabel; }},
      {{"--selinux-relabel-at-boot"}, [](C c) { return c.relabel; }},
      {{"--initramfs", "auto"}, [](C c) { return !c.rebuild_initramfs; }},
      {{"--no-fstrim"}, [](C c) { return !c.trim; }},
      {{"inspect", "-O", "f"}, [](C c) { return c.report_file == "f" && c.convert; }},
      {{"--in-place", "-O", "-"}, [](C c) { return c.report_file == "-"; }},
      {{"inspect", "--json"}, [](C c) { return c.report_as_json && c.report_file == "-"; }},
      {{"check", "--json"},
       [](C c) { return c.check && c.report_as_json && c.report_file == "-"; }},
      {{"--convert", "none"}, [](C c) { return c.as_it_is; }},
      {{"--convert=auto"}, [](C c) { return !c.as_it_is; }},
      {{"inspect", "--no-convert"}, [](C c) { return !c.convert; }},
      {{"open", "--run", "ls @@"}, [](C c) { return c.run == "ls @@"; }},
      {{"--in-place"}, [](C c) { return c.task == task_in_place && !c.direct; }},
      {{"--in-place=direct"}, [](C c) { return c.task == task_in_place && c.direct; }},
      {{"-q"}, [](C c) { return c.talk.quiet; }},
      {{"--quiet"}, [](C c) { return c.talk.quiet; }},
      {{"-v"}, [](C c) { return c.talk.verbose; }},
      {{"-x"}, [](C c) { return c.talk.trace; }},
      {{"--color"}, [](C c) { return c.talk.colours; }},
      {{"--colors"}, [](C c) { return c.talk.colours; }},
      {{"--colour"}, [](C c) { return c.talk.colours; }},
      {{"--colours"}, [](C c) { return c.talk.colours; }},
      {{"--wrap"}, [](C c) { return c.talk.wrap; }},
      {{"--machine-readable"}, [](C c) { return c.action == Action::features; }},
      {{"--machine-readable", "-i", "disk", "-io", "?"},
       [](C c) { return c.action == Action::input_options; }},
      {{"--machine-readable=file:/x", "g"},
       [](C c) { return c.talk.machine_destination == "file:/x" && c.action == Action::convert; }},
      {{"--plugin-dir", "a", "--plugin-dir", "b"},
       [](C c) { return c.plugin_directories.size() == 2 && c.plugin_directories[1] == "b"; }},
      {{"--list-plugins"}, [](C c) { return c.action == Action::list_plugins; }},
      {{"--plugin-info", "f.so"},
       [](C c) { return c.action == Action::plugin_info && c.plugin_file == "f.so"; }},
      {{"--help"}, [](C c) { return c.action == Action::help; }},
      {{"-V"}, [](C c) { return c.action == Action::version; }},
      {{"--version"}, [](C c) { return c.action == Action::version; }},
      {{"--print-source", "--help"}, [](C c) { return c.action == Action::help; }},
      {{"--help", "--version"}, [](C c) { return c.action == Action::help; }},
      {{"--short-options"}, [](C c) { return c.action == Action::short_options; }},
      {{"--long-options"}, [](C c) { return c.action == Action::long_options; }},
      {{"-b", "a:b"}, [](C c) { return mapped(c, Nic::Type::bridge) == "b"; }},
      {{"--bridge=b"}, [](C c) { return mapped(c, Nic::Type::bridge) == "b"; }},
      {{"-n", "a:b"}, [](C c) { return mapped(c, Nic::Type::network) == "b"; }},
      {{"--network", "b"}, [](C c) { return mapped(c, Nic::Type::network) == "b"; }},
      {{"--mac", "00:00:00:00:00:01:network:b"},
       [](C c) { return mapped(c, Nic::Type::bridge) == "b"; }},
      // Older releases.
      {{"--debug-gc"}, [](C c) { return c.action == Action::convert; }},
      {{"--no-trim", "all"}, [](C c) { return c.trim && c.remarks.size() == 1; }},
      {{"--vmtype", "server"}, [](C c) { return c.remarks.size() == 1; }},
      {{"--compressed"}, [](C c) { return c.output.options == Words{"compressed=true"}; }},
      {{"--qemu-boot"}, [](C c) { return c.output.options == Words{"qemu-boot=true"}; }},
      {{"--vddk-libdir", "/l"}, [](C c) { return c.input.options == Words{"vddk-libdir=/l"}; }},
      {{"--bandwidth", "10M"}, [](C c) { return c.input.options == Words{"bandwidth=10M"}; }},
      {{"--bandwidth-file=/f"}, [](C c) { return c.input.options == Words{"bandwidth-file=/f"}; }},
      {{"--vdsm-compat", "1.1"}, [](C c) { return c.output.options == Words{"vdsm-compat=1.1"}; }},
  };
  std::set<std::string> tried;
  for (const Case &each : cases) {
    SCOPED_TRACE(testing::PrintToString(each.words));
    EXPECT_TRUE(each.holds(parse(each.words)));
    for (const std::string &word : each.words) tried.insert(word.substr(0, word.find('=')));
  }
  for (const auto &part : {current_options(), older_options()})
    for (const OptionSpec &spec : part) {
      const auto was_tried = [&](const std::string &name) {
        return tried.count(OptionSpec::dashed(name)) != 0;
      };
      // The options that are made in a loop are tried once.
      const bool same_kind =
          spec.names[0].starts_with("vddk-") || spec.names[0].starts_with("vdsm-");
      EXPECT_TRUE(same_kind || std::any_of(spec.names.begin(), spec.names.end(), was_tried))
          << spec.display();
    }
}

TEST(Options, WhatCannotBeDoneIsRefusedAndNeverIgnored) {
  for (const OptionSpec &spec : refused_options()) {
    SCOPED_TRACE(spec.display());
    Words words{spec.display()};
    if (spec.value == OptionSpec::Value::required) words.push_back("x");
    const bool theirs = spec.manner == OptionSpec::Manner::virt_v2v;
    const Error error = parse_error(words, theirs ? "virt-v2v" : "v2v");
    EXPECT_EQ(error.code(), Code::unsupported);
    EXPECT_EQ(error.object(), spec.display());
    EXPECT_FALSE(error.remedy().empty());
  }
  EXPECT_GE(refused_options().size(), 5u);
}

}  // namespace
}  // namespace v2v::host
