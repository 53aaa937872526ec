// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What the user wants changed in a Linux guest besides its files: on directory trees.
#include "../refusal.hpp"
#include "system_fixture.hpp"

#include <v2v/linux/customisation.hpp>

#include <crypt.h>
#include <sys/utsname.h>

using namespace v2v;
using namespace v2v::linux;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::MatchesRegex;
using testing::Not;
using testing::StartsWith;
using v2v::test::error_of;

namespace {

std::string this_machine() {
  utsname name{};
  uname(&name);
  return name.machine;
}

class CustomisationTest : public SystemTest {
 protected:
  CustomisationTest() {
    inspection.arch = this_machine();
    guest.on_run([this](const auto &argv) {
      last_command = argv.back();
      // A script is there only as long as it runs.
      if (const auto at = argv.back().rfind("/tmp/v2v-"); at != std::string::npos)
        script = guest.read(argv.back().substr(at));
      return result;
    });
  }
  void check(const Operation &operation) {
    Customisation::check(guest, family, inspection, operation);
  }
  void apply(const std::vector<Operation> &operations, bool keep_log = true) {
    FirstBoot first_boot(guest, log);
    first_boot.add("earlier", "true\n");
    Customisation customisation(guest, {family, inspection, first_boot}, log);
    for (const auto &operation : operations) customisation.apply(operation);
    customisation.finish(keep_log);
  }
  std::string first_boot_script() { return guest.read("/usr/lib/v2v-firstboot/run"); }
  std::string local(const std::string &content) const {
    const auto path = host_directory() / "on-host.sh";
    test::write_file(path, content);
    return path.string();
  }

  const DebianFamily family;
  Inspection inspection = debian();
  CommandResult result;
  std::string last_command, script;
};

// ---- The name ----------------------------------------------------------------------------------

TEST_F(CustomisationTest, NameOfASystemWithSystemd) {
  guest.symlink("/lib/systemd/systemd", "/sbin/init");
  guest.write("/etc/hostname", "old.example.com\n");
  guest.write("/etc/machine-info", "PRETTY_HOSTNAME=\"The old one\"\nCHASSIS=vm\n");
  guest.write("/etc/hosts",
              "127.0.0.1\tlocalhost\n127.0.1.1\told.example.com  old # old\n# 1.2.3.4 old\n"
              "10.0.0.9 older\n");
  apply({{"hostname", {"new.example.org"}}});
  EXPECT_EQ(guest.read("/etc/hostname"), "new.example.org\n");
  EXPECT_EQ(guest.read("/etc/machine-info"), "PRETTY_HOSTNAME=\"new.example.org\"\nCHASSIS=vm\n");
  EXPECT_EQ(guest.read("/etc/hosts"),
            "127.0.0.1\tlocalhost\n127.0.1.1\tnew.example.org  new # old\n# 1.2.3.4 old\n"
            "10.0.0.9 older\n");
}

TEST_F(CustomisationTest, LocalhostStaysWhatItIs) {
  guest.write("/etc/hostname", "localhost.localdomain\n");
  const std::string hosts = "127.0.0.1 localhost localhost.localdomain\n";
  guest.write("/etc/hosts", hosts +
                                "127.0.1.1 unassigned-hostname.unassigned-domain "
                                "unassigned-hostname\n");
  apply({{"hostname", {"web.example.com"}}});
  EXPECT_EQ(guest.read("/etc/hosts"), hosts + "127.0.1.1 web.example.com web\n");
}

TEST_F(CustomisationTest, NameOfRedHatBeforeSystemd) {
  guest.write("/etc/sysconfig/network", "NETWORKING=yes\nHOSTNAME=old\nGATEWAY=10.0.0.1\n");
  guest.write("/etc/hosts", "10.0.0.7 old\n");
  apply({{"hostname", {"new"}}});
  EXPECT_EQ(guest.read("/etc/sysconfig/network"),
            "NETWORKING=yes\nGATEWAY=10.0.0.1\nHOSTNAME=new\n");
  EXPECT_EQ(guest.read("/etc/hosts"), "10.0.0.7 new\n");
  EXPECT_FALSE(guest.stat("/etc/hostname"));
}

TEST_F(CustomisationTest, NameOfSuseBeforeSystemd) {
  guest.write("/etc/HOSTNAME", "old.example.com\n");
  guest.write("/etc/sysconfig/network/config", "");
  apply({{"hostname", {"new"}}});
  EXPECT_EQ(guest.read("/etc/HOSTNAME"), "new\n");
}

// ---- The time zone -----------------------------------------------------------------------------

TEST_F(CustomisationTest, TimeZone) {
  guest.write("/usr/share/zoneinfo/Europe/Oslo", "TZif");
  guest.write("/etc/localtime", "TZif of elsewhere");
  guest.write("/etc/timezone", "Etc/UTC\n");
  guest.write("/etc/sysconfig/clock", "ZONE=\"UTC\"\nUTC=true\nTIMEZONE=\"UTC\"\n");
  const Operation operation{"timezone", {"Europe/Oslo"}};
  check(operation);
  apply({operation});
  EXPECT_EQ(guest.link_target("/etc/localtime"), "/usr/share/zoneinfo/Europe/Oslo");
  EXPECT_EQ(guest.read("/etc/timezone"), "Europe/Oslo\n");
  EXPECT_EQ(guest.read("/etc/sysconfig/clock"),
            "ZONE=\"Europe/Oslo\"\nUTC=true\nTIMEZONE=\"Europe/Oslo\"\n");
  EXPECT_EQ(error_of([&] { check({"timezone", {"Europe/Olso"}}); }).code(), Code::not_found);
  EXPECT_EQ(error_of([&] { check({"timezone", {"Europe"}}); }).code(), Code::not_found);
}

// ---- Passwords ---------------------------------------------------------------------------------

bool fits(const std::string &password, const std::string &hash) {
  crypt_data data{};
  const char *again = crypt_r(password.c_str(), hash.c_str(), &data);
  return again && hash == again;
}

TEST_F(CustomisationTest, PasswordsAreHashedAsSuchASystemDoesIt) {
  for (const auto &[method, start] : {std::pair{"md5", "$1$"}, std::pair{"sha256", "$5$"},
                                      std::pair{"sha512", "$6$"}, std::pair{"yescrypt", "$y$"}}) {
    const auto hash = hashed_password("sword fish", method);
    EXPECT_THAT(hash, StartsWith(start));
    EXPECT_TRUE(fits("sword fish", hash)) << method;
    EXPECT_FALSE(fits("swordfish", hash)) << method;
    EXPECT_NE(hash, hashed_password("sword fish", method)) << "the same salt";
  }
  EXPECT_EQ(error_of([] { hashed_password("a", "des"); }).code(), Code::usage);
  const auto method = [](const char *distro, int version) {
    Inspection system;
    system.distro = distro;
    system.major_version = version;
    return password_method(system);
  };
  EXPECT_EQ(method("debian", 12), "yescrypt");
  EXPECT_EQ(method("debian", 10), "sha512");
  EXPECT_EQ(method("debian", 4), "md5");
  EXPECT_EQ(method("debian", 0), "yescrypt");
  EXPECT_EQ(method("rhel", 9), "yescrypt");
  EXPECT_EQ(method("centos", 7), "sha512");
  EXPECT_EQ(method("rhel", 5), "md5");
  EXPECT_EQ(method("fedora", 28), "sha512");
  EXPECT_EQ(method("amazonlinux", 2023), "sha512");
  EXPECT_EQ(method("sles", 15), "yescrypt");
  EXPECT_EQ(method("mageia", 9), "sha512");
}

TEST_F(CustomisationTest, PasswordsOfSeveralUsers) {
  guest.write("/etc/shadow",
              "root:$1$old:19000:0:99999:7:::\nbob:!:19001::::::\nlast:*:19002::::::\n", 0640);
  apply({{"password", {"bob", "text", "swordfish", "", "sha512"}},
         {"password", {"root", "disabled", "", "locked", ""}}});
  EXPECT_THAT(guest.read("/etc/shadow"),
              MatchesRegex("root:!\\*:19000:0:99999:7:::\n"
                           "bob:\\$6\\$[^:]*:19001::::::\nlast:\\*:19002::::::\n"));
  EXPECT_EQ(guest.stat("/etc/shadow")->mode, 0640u);
  const auto shadow = guest.read("/etc/shadow");
  const auto start = shadow.find("$6$");
  EXPECT_TRUE(fits("swordfish", shadow.substr(start, shadow.find(':', start) - start)));
  for (const auto *messages : {&debugs, &infos, &warnings}) EXPECT_THAT(*messages, IsEmpty());
}

TEST_F(CustomisationTest, ARandomPasswordIsToldAndALockedOneIsNoUse) {
  guest.write("/etc/shadow", "root:*:19000::::::\n");
  apply({{"password", {"root", "random", "", "locked", ""}}});
  ASSERT_EQ(infos.size(), 1u);
  const std::string begin = "Setting random password of root to ";
  ASSERT_THAT(infos[0], StartsWith(begin));
  const auto password = infos[0].substr(begin.size());
  EXPECT_EQ(password.size(), 24u);
  const auto shadow = guest.read("/etc/shadow");
  ASSERT_THAT(shadow, StartsWith("root:!$y$"));
  EXPECT_TRUE(fits(password, shadow.substr(6, shadow.find(':', 6) - 6)));
}

TEST_F(CustomisationTest, APasswordForNobodyIsAnError) {
  guest.write("/etc/shadow", "root:*:19000::::::\n");
  const auto error = error_of([&] { apply({{"password", {"bob", "text", "swordfish", "", ""}}}); });
  EXPECT_EQ(error.code(), Code::not_found);
  EXPECT_THAT(std::string(error.what()) + error.remedy(),
              AllOf(HasSubstr("bob"), Not(HasSubstr("swordfish"))));
  EXPECT_EQ(guest.read("/etc/shadow"), "root:*:19000::::::\n");
}

// ---- ssh ---------------------------------------------------------------------------------------

TEST_F(CustomisationTest, SshKeysOfAUserWithoutAny) {
  guest.write("/etc/passwd",
              "root:x:0:0:root:/root:/bin/sh\nbob:x:1000:100:,,,:/home/bob:/bin/sh\n");
  guest.make_directory("/home/bob");
  apply({{"ssh-inject", {"bob", "ssh-rsa AAAA"}}});
  EXPECT_EQ(guest.read("/home/bob/.ssh/authorized_keys"), "ssh-rsa AAAA\n");
  EXPECT_EQ(guest.stat("/home/bob/.ssh")->mode, 0700u);
  EXPECT_EQ(guest.stat("/home/bob/.ssh/authorized_keys")->mode, 0600u);
  EXPECT_THAT(guest.owners(),
              ElementsAre("/home/bob/.ssh 1000:100", "/home/bob/.ssh/authorized_keys 1000:100"));
}

TEST_F(CustomisationTest, SshKeysAreAddedToOthers) {
  guest.write("/etc/passwd", "root:x:0:0:root:/root:/bin/sh\n");
  guest.write("/root/.ssh/authorized_keys", "ssh-rsa OLD", 0640);
  apply({{"ssh-inject", {"root", "ssh-rsa A\n"}}, {"ssh-inject", {"root", "ssh-rsa B"}}});
  EXPECT_EQ(guest.read("/root/.ssh/authorized_keys"), "ssh-rsa OLD\nssh-rsa A\nssh-rsa B\n");
  EXPECT_EQ(guest.stat("/root/.ssh/authorized_keys")->mode, 0640u);
  EXPECT_THAT(guest.owners(), IsEmpty());
}

TEST_F(CustomisationTest, SshKeysFollowNoLinkOfAUser) {
  guest.write("/etc/passwd",
              "bob:x:1000:100::/home/bob:/bin/sh\neve:x:1::/:/bin/sh\n"
              "dot:x:a:1::/home/bob:/bin/sh\n");
  guest.make_directory("/home/bob");
  guest.make_directory("/root/.ssh");
  guest.symlink("/root/.ssh", "/home/bob/.ssh");
  const auto refused = [&](const char *user) {
    return error_of([&] { apply({{"ssh-inject", {user, "ssh-rsa A"}}}); }).code();
  };
  EXPECT_EQ(refused("bob"), Code::unsupported);
  guest.remove("/home/bob/.ssh");
  guest.make_directory("/home/bob/.ssh");
  guest.symlink("/etc/shadow", "/home/bob/.ssh/authorized_keys");
  EXPECT_EQ(refused("bob"), Code::unsupported);
  EXPECT_THAT(guest.list("/root/.ssh"), IsEmpty());
  EXPECT_FALSE(guest.stat("/etc/shadow"));
  EXPECT_EQ(refused("nobody"), Code::not_found);
  EXPECT_EQ(refused("eve"), Code::not_found);  // a line that lacks a field
  EXPECT_EQ(refused("dot"), Code::corrupt);
}

// ---- Commands and packages ---------------------------------------------------------------------

TEST_F(CustomisationTest, CommandsRunAndWhatTheySayIsKept) {
  result.output = "hello\nworld\n";
  apply({{"run-command", {"echo 'a b'"}}, {"run", {local("#!/usr/bin/perl\nprint 1;\n")}}});
  EXPECT_THAT(debugs, ElementsAre("hello", "world", "hello", "world"));
  EXPECT_EQ(script, "#!/usr/bin/perl\nprint 1;\n");
  EXPECT_THAT(guest.list("/tmp"), IsEmpty());
  ASSERT_EQ(guest.commands().size(), 2u);
  EXPECT_THAT(guest.commands()[0].back(), testing::EndsWith("echo 'a b'"));
  EXPECT_THAT(guest.read(GuestCommands::log_file),
              AllOf(StartsWith("== --run-command echo 'a b'\nhello\nworld\n== --run "),
                    HasSubstr("on-host.sh\nhello\n")));
  EXPECT_EQ(guest.stat(GuestCommands::log_file)->mode, 0600u);
}

TEST_F(CustomisationTest, NoLogfile) {
  result.output = "hello\n";
  apply({{"run-command", {"true"}}}, false);
  EXPECT_FALSE(guest.stat(GuestCommands::log_file));
}

TEST_F(CustomisationTest, ACommandThatFailsEndsItWithTheEndOfWhatItSaid) {
  result.status = 3;
  for (int i = 0; i < 30; ++i) result.output += "line " + std::to_string(i) + "\n";
  const auto error = error_of([&] {
    apply({{"run-command", {"make it so"}}, {"hostname", {"never"}}});
  });
  EXPECT_EQ(error.object(), "--run-command make it so");
  EXPECT_THAT(error.failure(), AllOf(HasSubstr("status 3"), HasSubstr("line 29"),
                                     HasSubstr("line 20"), Not(HasSubstr("line 19"))));
  EXPECT_FALSE(guest.stat("/etc/hostname"));
}

TEST_F(CustomisationTest, PackagesOfDebian) {
  for (const Operation &operation : {Operation{"install", {"gcc", "g++"}}, Operation{"update", {}},
                                     Operation{"uninstall", {"a"}}})
    check(operation);
  apply({{"install", {"gcc", "g++"}}});
  EXPECT_THAT(last_command, AllOf(HasSubstr("apt-get -q -y"), HasSubstr(" update; "),
                                  testing::EndsWith(" install 'gcc' 'g++'")));
  apply({{"uninstall", {"a"}}});
  EXPECT_THAT(last_command, testing::EndsWith(" remove 'a'"));
  apply({{"update", {}}});
  EXPECT_THAT(last_command, testing::EndsWith(" upgrade"));
  EXPECT_EQ(error_of([&] { check({"install", {"a'; reboot '"}}); }).code(), Code::usage);
  EXPECT_EQ(error_of([&] { check({"uninstall", {"--purge"}}); }).code(), Code::usage);
}

TEST_F(CustomisationTest, PackagesOfRpm) {
  const RpmFamily rpm;
  for (const char *manager : {"dnf", "yum", "zypper", "apt"}) {
    inspection.package_management = manager;
    const auto change = rpm.package_change(inspection);
    ASSERT_TRUE(change) << manager;
    EXPECT_THAT(change->uninstall, StartsWith(manager));
    EXPECT_THAT(change->update, StartsWith(manager));
  }
  inspection.package_management = "urpmi";
  EXPECT_FALSE(rpm.package_change(inspection));
  for (const char *kind : {"install", "uninstall", "update", "firstboot-install"})
    EXPECT_EQ(error_of([&] {
                Customisation::check(guest, rpm, inspection, {kind, {"a"}});
              }).object(),
              std::string("--") + kind);
}

TEST_F(CustomisationTest, ProgramsOfAnotherProcessorAreRefused) {
  EXPECT_TRUE(GuestCommands::can_run(this_machine()));
  EXPECT_EQ(GuestCommands::can_run("i686"), this_machine() == "x86_64");
  inspection.arch = "s390x";
  for (const char *kind : {"run", "run-command", "install", "uninstall", "update"}) {
    const auto error = error_of([&] { check({kind, {"a"}}); });
    EXPECT_EQ(error.code(), Code::unsupported) << kind;
    EXPECT_EQ(error.object(), std::string("--") + kind);
  }
  check({"firstboot-install", {"a"}});
  check({"hostname", {"a"}});
}

// ---- The first boot ----------------------------------------------------------------------------

TEST_F(CustomisationTest, WorkForTheFirstBootFollowsTheConversionsOwn) {
  apply({{"firstboot-command", {"echo 1 > /tmp/x"}},
         {"firstboot", {local("#!/bin/sh\necho 2\n")}},
         {"firstboot-install", {"vim", "gcc"}}});
  const std::string scripts = "/usr/lib/v2v-firstboot/scripts/";
  EXPECT_EQ(guest.read(scripts + "user-1-echo-1----tmp-x"), "#!/bin/sh\necho 1 > /tmp/x\n");
  EXPECT_EQ(guest.read(scripts + "user-2-on-host-sh"), "#!/bin/sh\necho 2\n");
  EXPECT_EQ(guest.stat(scripts + "user-2-on-host-sh")->mode, 0700u);
  EXPECT_THAT(first_boot_script(),
              AllOf(HasSubstr("steps='earlier user-1-echo-1----tmp-x user-2-on-host-sh "
                              "user-3-install'"),
                    HasSubstr("scripts='user-1-echo-1----tmp-x user-2-on-host-sh'"),
                    HasSubstr("install 'vim' 'gcc'")));
  const auto script_path = host_directory().string() + "/usr/lib/v2v-firstboot/run";
  EXPECT_EQ(std::system(("sh -n " + script_path).c_str()), 0);
}

TEST_F(CustomisationTest, WithoutSuchWorkTheFirstBootStaysAsItWas) {
  apply({{"hostname", {"a"}}});
  EXPECT_FALSE(guest.stat("/usr/lib/v2v-firstboot/run"));
}

}  // namespace
