// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// virt-customize's options: each with a value that is right and with ones that are not, their order, and
// what they name on this machine.
#include "testing.hpp"

#include "../temporary_directory.hpp"

#include <gmock/gmock.h>
#include <host/conversion_settings.hpp>

#include <sstream>

namespace v2v::host {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using Words = std::vector<std::string>;

core::ConversionSettings settings(const Words &words) {
  std::istringstream in;
  return conversion_settings(parse(words), in);
}

/// "kind: argument|argument" for each operation.
Words operations(const Words &words) {
  Words all;
  for (const auto &operation : settings(words).operations) {
    std::string text = operation.kind;
    for (const auto &argument : operation.arguments)
      text += (&argument == &operation.arguments.front() ? ": " : "|") + argument;
    all.push_back(text);
  }
  return all;
}

TEST(Customisation, EveryOptionWithAValueThatIsRight) {
  const std::vector<std::pair<Words, std::string>> right = {
      {{"--append-line", "/etc/hosts:10.0.0.1 a:b"}, "append-line: /etc/hosts|10.0.0.1 a:b"},
      {{"--append-line", "/etc/hosts:"}, "append-line: /etc/hosts|"},
      {{"--chmod", "0640:/a:b"}, "chmod: /a:b|0640"},
      {{"--chown", "0:7:/a:b"}, "chown: /a:b|0|7"},
      {{"--copy", "/a:/b"}, "copy: /a|/b"},
      {{"--delete", "/var/log/*.log"}, "delete: /var/log/*.log"},
      {{"--edit", "/a:s/x:y/z/"}, "edit: /a|s/x:y/z/"},
      {{"--firstboot-command", "useradd a"}, "firstboot-command: useradd a"},
      {{"--firstboot-install", "a,b"}, "firstboot-install: a|b"},
      {{"--hostname", "web01.example.com"}, "hostname: web01.example.com"},
      {{"--install", "gcc,libstdc++6:amd64,@base"}, "install: gcc|libstdc++6:amd64|@base"},
      {{"--link", "../a:/b:/c"}, "link: ../a|/b|/c"},
      {{"--mkdir", "/a/b"}, "mkdir: /a/b"},
      {{"--move", "/a:/b"}, "move: /a|/b"},
      {{"--password", "bob:password:a:b"}, "password: bob|text|a:b||"},
      {{"--password", "bob:random"}, "password: bob|random|||"},
      {{"--root-password", "disabled"}, "password: root|disabled|||"},
      {{"--root-password", "locked"}, "password: root|disabled||locked|"},
      {{"--root-password", "lock:random"}, "password: root|random||locked|"},
      {{"--root-password", "locked:password:x"}, "password: root|text|x|locked|"},
      {{"--run-command", "true; false"}, "run-command: true; false"},
      {{"--scrub", "/a"}, "scrub: /a"},
      {{"--ssh-inject", "bob:string:ssh-rsa AAAA b:c"}, "ssh-inject: bob|ssh-rsa AAAA b:c"},
      {{"--timezone", "America/Port-au-Prince"}, "timezone: America/Port-au-Prince"},
      {{"--touch", "/a"}, "touch: /a"},
      {{"--truncate", "/a"}, "truncate: /a"},
      {{"--truncate-recursive", "/a"}, "truncate-recursive: /a"},
      {{"--uninstall", "a"}, "uninstall: a"},
      {{"--update"}, "update"},
      {{"--write", "/a:b:c\nd"}, "write: /a|b:c\nd"},
  };
  for (const auto &[words, expected] : right)
    EXPECT_THAT(operations(words), ElementsAre(expected)) << words[0];
}

TEST(Customisation, EveryOptionWithValuesThatCannotBeRight) {
  const std::vector<std::pair<std::string, Words>> wrong = {
      {"--append-line", {"/etc/hosts", "etc/hosts:a", "/a:b\nc", ""}},
      {"--chmod", {"755:/a", "0788:/a", "017777:/a", "0644", "0644:a", "u+x:/a", ":/a"}},
      {"--chown", {"0:0", "root:0:/a", "-1:0:/a", "0:0:a", "4294967296:0:/a"}},
      {"--copy", {"/a", "a:/b", "/a:b"}},
      {"--copy-in", {"x", "x:etc", ":/etc"}},
      {"--delete", {"", "a", "/", "//"}},
      {"--edit", {"/a", "/a:", "a:s/x/y/"}},
      {"--firstboot", {""}},
      {"--firstboot-command", {""}},
      {"--firstboot-install", {"", "a,", ",a", "a b", "a,-y", "$(reboot)", "a'b"}},
      {"--hostname",
       {"", "a b", "-a", "a-", "a..b", ".a", "a.", "ä", "a\nb", std::string(65, 'a')}},
      {"--install", {"", "--reinstall", "a;b"}},
      {"--link", {"/a", "/a:b", ":/b"}},
      {"--mkdir", {"", "a"}},
      {"--move", {"/a", "a:/b"}},
      {"--password",
       {"bob", "bob:", "bob:secret", "bob:file:", ":random", "bob:locked:", "bob:random:"}},
      {"--password-crypto", {"", "des", "SHA512"}},
      {"--root-password", {"", "secret", "file:", "locked:secret"}},
      {"--run", {""}},
      {"--run-command", {""}},
      {"--scrub", {"a"}},
      {"--ssh-inject", {"", ":random", "bob:key", "bob:file:", "bob:string:"}},
      {"--tar-in", {"x", "x:"}},
      {"--timezone", {"", "/etc/passwd", "../../etc/passwd", "a b"}},
      {"--touch", {""}},
      {"--truncate", {"a"}},
      {"--truncate-recursive", {"a"}},
      {"--uninstall", {","}},
      {"--upload", {"x", "x:y", ":/y"}},
      {"--write", {"/a", "a:b"}},
  };
  for (const auto &[option, values] : wrong)
    for (const auto &value : values) {
      const auto error = parse_error({option, value});
      EXPECT_EQ(error.code(), Code::usage) << option << " " << value;
      EXPECT_THAT(error.object(), HasSubstr(option)) << value;
      EXPECT_NE(error.remedy(), "") << option << " " << value;
    }
}

TEST(Customisation, APasswordIsInNoMessage) {
  for (const Words &words :
       {Words{"--password", "bob:passwort:swordfish"}, Words{"--root-password", "swordfish"}}) {
    const auto error = parse_error(words);
    EXPECT_THAT(std::string(error.what()) + error.remedy(), Not(HasSubstr("swordfish")));
  }
}

TEST(Customisation, TheOrderIsThatOfTheCommandLineAndPasswordsComeLast) {
  EXPECT_THAT(operations({"--mkdir", "/a", "--root-password", "random", "--write", "/a/b:1",
                          "--mkdir", "/c", "--password", "bob:disabled", "--password-crypto",
                          "sha256", "--delete", "/a"}),
              ElementsAre("mkdir: /a", "write: /a/b|1", "mkdir: /c", "delete: /a",
                          "password: root|random|||sha256", "password: bob|disabled|||sha256"));
}

TEST(Customisation, OnePasswordForAUser) {
  const auto error = error_of([] {
    settings({"--root-password", "random", "--password", "root:disabled"});
  });
  EXPECT_THAT(error.failure(), HasSubstr("user root twice"));
}

TEST(Customisation, TheNetworkIsForWhatMayDownload) {
  EXPECT_FALSE(settings({}).appliance_network);
  EXPECT_FALSE(settings({"--hostname", "a", "--firstboot-install", "b", "--uninstall", "c"})
                   .appliance_network);
  for (const Words &words :
       {Words{"--install", "a"}, Words{"--update"}, Words{"--run-command", "a"}})
    EXPECT_TRUE(settings(words).appliance_network) << words[0];
}

TEST(Customisation, NoLogfile) {
  EXPECT_TRUE(settings({}).keep_operations_log);
  EXPECT_FALSE(settings({"--no-logfile"}).keep_operations_log);
}

TEST(Customisation, IsForAllThatChangesAGuest) {
  for (const char *program : {"v2v", "virt-v2v", "virt-v2v-in-place", "virt-v2v-inspector"})
    EXPECT_EQ(parse({"--hostname", "a"}, program).customisation.options().size(), 1u) << program;
  // For a guest that is only opened --run is another option.
  EXPECT_THAT(parse({"open", "--run", "a"}).customisation.options(), IsEmpty());
  EXPECT_EQ(parse({"--run", "a"}).run, "");
}

class CustomisationFiles : public testing::Test {
 protected:
  std::string file(const std::string &name, const std::string &content) const {
    test::write_file(directory_ / name, content);
    return (directory_ / name).string();
  }
  std::string path(const std::string &name) const { return (directory_ / name).string(); }

  test::TemporaryDirectory directory_;
};

TEST_F(CustomisationFiles, AreReadAndNamedAbsolutely) {
  const auto script = file("script", "#!/bin/sh\n"), tree = directory_.path().string();
  const auto relative = std::filesystem::relative(script).string();
  EXPECT_THAT(
      operations({"--upload", relative + ":/a", "--run", relative, "--firstboot", script,
                  "--copy-in", tree + "/:/etc", "--tar-in", script + ":/", "--password",
                  "bob:locked:file:" + file("password", "swordfish\nmore\n"), "--ssh-inject",
                  "bob:file:" + file("id.pub", "ssh-rsa AAAA\n")}),
      ElementsAre("upload: " + script + "|/a", "run: " + script, "firstboot: " + script,
                  "copy-in: " + tree + "|/etc", "tar-in: " + script + "|/",
                  "ssh-inject: bob|ssh-rsa AAAA\n", "password: bob|text|swordfish|locked|"));
}

TEST_F(CustomisationFiles, ThatAreNotThereOrNotWhatTheyMustBe) {
  const auto missing = path("missing"), directory = directory_.path().string();
  const auto refused = [](const Words &words) {
    const auto error = error_of([&] { settings(words); });
    EXPECT_NE(error.remedy(), "") << words[0];
    return error.object();
  };
  for (const Words &words :
       {Words{"--upload", missing + ":/a"}, Words{"--copy-in", missing + ":/a"},
        Words{"--tar-in", missing + ":/a"}, Words{"--run", missing}, Words{"--firstboot", missing},
        Words{"--commands-from-file", missing}, Words{"--root-password", "file:" + missing},
        Words{"--ssh-inject", "bob:file:" + missing}})
    EXPECT_EQ(refused(words), missing) << words[0];
  for (const Words &words :
       {Words{"--upload", directory + ":/a"}, Words{"--tar-in", directory + ":/a"},
        Words{"--run", directory}, Words{"--ssh-inject", "bob:file:" + directory}})
    EXPECT_EQ(refused(words), directory) << words[0];
  const auto empty = file("empty", "");
  for (const Words &words :
       {Words{"--root-password", "file:" + empty}, Words{"--ssh-inject", "bob:file:" + empty}})
    EXPECT_EQ(refused(words), empty) << words[0];
  const auto packed = file("a.tar.gz", "\x1f\x8b compressed");
  EXPECT_EQ(refused({"--tar-in", packed + ":/"}), packed);
  const auto secret = file("id", "-----BEGIN OPENSSH PRIVATE KEY-----\n");
  EXPECT_EQ(refused({"--ssh-inject", "bob:file:" + secret}), secret);
}

TEST_F(CustomisationFiles, CommandsComeFromAFileInItsOrder) {
  const auto commands = file("commands",
                             "# first\n\n  mkdir /a\nwrite /a/b:c d\nedit /x:\\\ns/a/b/\n"
                             "root-password random\npassword-crypto md5\nupdate\nno-logfile\n"
                             "no-selinux-relabel\n");
  const Words words = {"--touch", "/before", "--commands-from-file", commands, "--touch", "/after"};
  EXPECT_THAT(operations(words),
              ElementsAre("touch: /before", "mkdir: /a", "write: /a/b|c d", "edit: /x|s/a/b/",
                          "update", "touch: /after", "password: root|random|||md5"));
  EXPECT_FALSE(settings(words).keep_operations_log);
  EXPECT_FALSE(settings(words).relabel);
  EXPECT_TRUE(settings(words).appliance_network);
}

TEST_F(CustomisationFiles, WrongCommandsNameTheirFile) {
  for (const char *line :
       {"nonsense /a\n", "mkdir a\n", "commands-from-file /a\n", "memsize 1\n"}) {
    const auto commands = file("commands", line);
    const auto error = error_of([&] { settings({"--commands-from-file", commands}); });
    EXPECT_EQ(error.code(), Code::usage) << line;
    EXPECT_THAT(error.object(), HasSubstr(commands)) << line;
  }
}

}  // namespace
}  // namespace v2v::host
