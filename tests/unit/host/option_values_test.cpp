// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Values of options, and the words for wrong ones, which are virt-v2v's.
#include "testing.hpp"

#include <host/option_values.hpp>

namespace v2v::host {
namespace {

TEST(OptionValues, WrongWordsAreToldAsVirtV2vTellsThem) {
  const std::pair<std::vector<std::string>, const char *> cases[] = {
      {{"--root", "foo"}, "unknown --root option: foo"},
      {{"--root", "dev/sda"}, "unknown --root option: dev/sda"},
      {{"-oa", "foo"}, "unknown -oa option: foo"},
      {{"--machine-readable=foo"}, "invalid format string for --machine-readable: foo"},
      {{"--machine-readable=file:"}, "invalid format string for --machine-readable: file:"},
      {{"--machine-readable=fd:x"}, "invalid output fd for --machine-readable: fd:x"},
      {{"--machine-readable=fd:-1"}, "invalid output fd for --machine-readable: fd:-1"},
      {{"--machine-readable=stream:foo"},
       "invalid output stream for --machine-readable: stream:foo"},
      {{"--key", "foo"}, "selector 'foo': missing TYPE"},
      {{"--key", "a:b"}, "selector 'a': invalid TYPE"},
      {{"--key", "a:bogus:c"}, "selector 'a': invalid TYPE"},
      {{"--key", "a:key"}, "selector 'a': missing KEY_STRING"},
      {{"--key", "a:file:"}, "selector 'a': missing FILENAME"},
      {{"--block-driver", "ide"}, "unknown block driver ‘--block-driver ide’"},
      {{"--initramfs", "x"}, "unknown --initramfs option: x"},
      {{"--parallel", "0"}, "--parallel needs a number from 1 to 10000, not ‘0’"},
      {{"--smp", "two"}, "--smp needs a number from 1 to 255, not ‘two’"},
      {{"--smp", "99999999999999999999"},
       "--smp needs a number from 1 to 255, not ‘99999999999999999999’"},
      {{"-m", "12x"}, "-m/--memsize needs a number from 128 to 1048576, not ‘12x’"},
      {{"-m", "-5"}, "-m/--memsize needs a number from 128 to 1048576, not ‘-5’"},
  };
  for (const auto &[words, text] : cases) {
    const Error error = parse_error(words);
    EXPECT_EQ(error.failure(), text);
    EXPECT_EQ(error.code(), Code::usage) << text;
  }
}

TEST(OptionValues, PassphraseMayHoldColons) {
  const DiskKey key = disk_key("all:key:a:b:c");
  EXPECT_EQ(key.selector, "all");
  EXPECT_EQ(key.key, "a:b:c");
  EXPECT_EQ(key.file, "");
}

TEST(OptionValues, KeyFromAFile) {
  const DiskKey key = disk_key("/dev/sda2:file:/etc/key");
  EXPECT_EQ(key.selector, "/dev/sda2");
  EXPECT_EQ(key.file, "/etc/key");
}

TEST(OptionValues, ErrorsNeverShowAPassphrase) {
  const Error error = error_of([] { disk_key(":key:secret"); });
  EXPECT_EQ(std::string(error.what()).find("secret"), std::string::npos);
}

TEST(OptionValues, KeyOfClevis) {
  const DiskKey key = disk_key("all:clevis");
  EXPECT_EQ(key.selector, "all");
  EXPECT_TRUE(key.clevis);
  EXPECT_FALSE(disk_key("all:key:clevis").clevis);
  EXPECT_EQ(error_of([] { disk_key("all:clevis:x"); }).failure(),
            "selector 'all': too many fields");
}

TEST(OptionValues, MachineDestinations) {
  for (const char *text : {"", "file:/x", "file:a:b", "stream:stdout", "stream:stderr", "fd:3"})
    EXPECT_EQ(machine_destination(text), text);
}

}  // namespace
}  // namespace v2v::host
