// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The command line reaches the engine.
#include "testing.hpp"

#include <host/conversion_settings.hpp>

#include <gmock/gmock.h>

#include <unistd.h>

#include <fstream>
#include <sstream>

namespace v2v::host {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

core::ConversionSettings settings(const std::vector<std::string> &arguments,
                                  const std::string &input = "") {
  std::istringstream in(input);
  return conversion_settings(parse(arguments), in);
}

TEST(ConversionSettings, Input) {
  const auto made = settings({"-i", "disk", "a.img", "-if", "raw", "-ic", "c", "-it", "ssh", "-io",
                              "name=x", "-ip", "pw", "--allow-references"});
  EXPECT_EQ(made.input, "disk");
  EXPECT_THAT(made.input_request.arguments, ElementsAre("a.img"));
  EXPECT_EQ(made.input_request.format, "raw");
  EXPECT_EQ(made.input_request.connection, "c");
  EXPECT_EQ(made.input_request.transport, "ssh");
  EXPECT_TRUE(made.input_request.allow_references);
  EXPECT_THAT(made.input_options, ElementsAre("name=x", "password-file=pw"));
}

TEST(ConversionSettings, Output) {
  const auto made = settings({"-o", "local", "-os", "/d", "-of", "qcow2", "-on", "n", "-oc", "c",
                              "-oa", "preallocated", "-oo", "compressed", "-op", "pw"});
  EXPECT_EQ(made.output, "local");
  EXPECT_EQ(made.output_request.storage, "/d");
  EXPECT_EQ(made.output_request.format, "qcow2");
  EXPECT_EQ(made.output_request.name, "n");
  EXPECT_EQ(made.output_request.connection, "c");
  EXPECT_EQ(made.output_request.allocation, Allocation::preallocated);
  EXPECT_THAT(made.output_options, ElementsAre("compressed", "password-file=pw"));
}

TEST(ConversionSettings, Guest) {
  const auto made =
      settings({"--root", "first", "--initramfs", "rebuild", "--no-fstrim", "--parallel", "3", "-m",
                "1024", "--smp", "2", "-x", "--block-driver", "virtio-scsi", "-n", "a:b"});
  EXPECT_EQ(made.root, "first");
  EXPECT_TRUE(made.rebuild_initramfs);
  EXPECT_FALSE(made.fstrim);
  EXPECT_EQ(made.parallel, 3u);
  EXPECT_EQ(made.appliance_memory, 1024u);
  EXPECT_EQ(made.appliance_cpus, 2u);
  EXPECT_TRUE(made.trace);
  EXPECT_EQ(made.block_bus, BlockBus::virtio_scsi);
  Nic nic{Nic::Type::network, "", "a", "", {}};
  made.map_nic(nic);
  EXPECT_EQ(nic.network, "b");
}

TEST(ConversionSettings, TheEnginesDefaultsStay) {
  const core::ConversionSettings fresh, made = settings({});
  EXPECT_EQ(made.parallel, fresh.parallel);
  EXPECT_EQ(made.root, fresh.root);
  EXPECT_EQ(made.fstrim, fresh.fstrim);
  EXPECT_FALSE(made.ask_root);
  EXPECT_FALSE(made.print_source);
}

class KeyFile : public testing::Test {
 protected:
  ~KeyFile() override { ::unlink(file_.c_str()); }
  /// The passphrases that are tried for a file with these bytes.
  std::vector<std::string> passphrases(const std::string &bytes) const {
    std::ofstream(file_, std::ios::binary) << bytes;
    std::vector<std::string> found;
    for (const auto &key : settings({"--key", "all:file:" + file_}).keys)
      found.push_back(key.passphrase);
    return found;
  }
  const std::string file_ = testing::TempDir() + "v2v-key-" + std::to_string(::getpid());
};

TEST_F(KeyFile, IsItsFirstLineOrAllOfIt) {
  EXPECT_THAT(passphrases("typed"), ElementsAre("typed"));
  EXPECT_THAT(passphrases("typed\n"), ElementsAre("typed", "typed\n"));
  EXPECT_THAT(passphrases("first\nsecond\n"), ElementsAre("first", "first\nsecond\n"));
  EXPECT_THAT(passphrases("\nsecond"), ElementsAre("\nsecond"));
  const std::string random("a\0b\nc\xff", 6);
  EXPECT_THAT(passphrases(random), ElementsAre(std::string("a\0b", 3), random));
}

TEST_F(KeyFile, IsNoLargerThanCryptsetupTakes) {
  EXPECT_THAT(passphrases(std::string(8 << 20, 'x')), testing::SizeIs(1));
  EXPECT_THAT(error_of([this] { passphrases(std::string((8 << 20) + 1, 'x')); }).failure(),
              HasSubstr("too large"));
}

TEST_F(KeyFile, ComesInTheOrderOfTheCommandLine) {
  std::ofstream(file_) << "from file";
  const auto made = settings({"--key", "u-u:key:typed", "--key", "all:file:" + file_, "--key",
                              "all:clevis", "--keys-from-stdin"},
                             "first\nsecond\n");
  ASSERT_EQ(made.keys.size(), 5u);
  EXPECT_EQ(made.keys[0].selector, "u-u");
  EXPECT_EQ(made.keys[0].passphrase, "typed");
  EXPECT_EQ(made.keys[1].passphrase, "from file");
  EXPECT_TRUE(made.keys[2].clevis);
  EXPECT_EQ(made.keys[3].selector, "all");
  EXPECT_EQ(made.keys[3].passphrase, "first");
  EXPECT_EQ(made.keys[4].passphrase, "second");
}

TEST(ConversionSettings, StandardInputIsLeftAloneUnlessAskedFor) {
  EXPECT_TRUE(settings({}, "line\n").keys.empty());
}

TEST(ConversionSettings, KeyFilesThatAreNotThere) {
  const Error error = error_of([] { settings({"--key", "all:file:/nonexistent/key"}); });
  EXPECT_EQ(error.code(), Code::not_found);
  EXPECT_EQ(error.object(), "/nonexistent/key");
  EXPECT_THAT(error_of([] {
                settings({"--key", "all:file:/dev/null"});
              }).failure(),
              HasSubstr("empty"));
}

TEST(ConversionSettings, LocalFilesThatAreNotThereAreFindingsOfACheck) {
  const auto made = settings({"check", "--upload", "/nonexistent/a:/root/a", "--upload",
                              "/etc/passwd:/root/b", "--run", "/nonexistent/script", "--collect",
                              "/etc", "--collect-output", "/nonexistent/c.tar.xz"});
  std::vector<std::string> objects;
  for (const auto &[part, error] : made.problems) objects.push_back(error.object());
  EXPECT_THAT(objects, testing::UnorderedElementsAre("/nonexistent/a", "/nonexistent/script",
                                                     "/nonexistent/c.tar.xz"));
  EXPECT_EQ(error_of([] {
              settings({"--upload", "/nonexistent/a:/root/a"});
            }).object(),
            "/nonexistent/a");
}

TEST(ConversionSettings, KeyFilesThatAreNotThereAreFindingsOfACheck) {
  const auto made = settings({"check", "--key", "all:file:/nonexistent/key", "--key", "u:key:k"});
  ASSERT_EQ(made.problems.size(), 1u);
  EXPECT_EQ(made.problems.front().first, core::Part::host);
  EXPECT_EQ(made.problems.front().second.object(), "/nonexistent/key");
  ASSERT_EQ(made.keys.size(), 1u);
  EXPECT_EQ(made.keys.front().passphrase, "k");
  EXPECT_FALSE(made.as_it_is);
  EXPECT_TRUE(settings({"--convert", "none"}).as_it_is);
}

}  // namespace
}  // namespace v2v::host
