// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// xen+ssh:// URIs, how virsh is called on the other machine, and which disks can be read.
#include "../../refusal.hpp"

#include <v2v/process/process.hpp>
#include <virsh.hpp>
#include <xen_input.hpp>
#include <xen_uri.hpp>

namespace v2v::test {
namespace {

using namespace input_xen;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(XenUriTest, AllPartsAreFound) {
  const auto access = parse_xen_uri("XEN+SSH://my%20user@xen.example:2222/?keyfile=/k%20y");
  EXPECT_EQ(access.user, "my user");
  EXPECT_EQ(access.host, "xen.example");
  EXPECT_EQ(access.port, 2222);
  EXPECT_EQ(access.identity, "/k y");
  EXPECT_EQ(access.server(), "xen.example:2222");
  const auto least = parse_xen_uri("xen+ssh://h");
  EXPECT_EQ(least.user + least.identity, "");
  EXPECT_FALSE(least.port);
  EXPECT_EQ(parse_xen_uri("xen+ssh://[fe80::1]:22/system").host, "fe80::1");
}

TEST(XenUriTest, EachMistakeIsNamed) {
  const auto wrong = [](const char *text) { return refusal([&] { parse_xen_uri(text); }); };
  EXPECT_THAT(wrong("xen:///"), HasSubstr("no URI of Xen over ssh"));
  EXPECT_THAT(wrong("xen+ssh:///"), HasSubstr("no host"));
  EXPECT_THAT(wrong("xen+ssh://-oProxyCommand=x"), HasSubstr("no host"));
  EXPECT_THAT(wrong("xen+ssh://-x@h"), HasSubstr("no user"));
  EXPECT_THAT(wrong("xen+ssh://h:0"), HasSubstr("port"));
  EXPECT_THAT(wrong("xen+ssh://[::1"), HasSubstr("IPv6"));
  EXPECT_THAT(wrong("xen+ssh://h%zz"), HasSubstr("'%'"));
  EXPECT_THAT(wrong("xen+ssh://h%0a"), HasSubstr("control"));
  EXPECT_THAT(wrong("xen+ssh://h/dir"), HasSubstr("path"));
  EXPECT_THAT(wrong("xen+ssh://h?command=x"), HasSubstr("keyfile"));
  const auto secret = wrong("xen+ssh://u:Tr0ub4dor@h");
  EXPECT_THAT(secret, HasSubstr("-ip"));
  EXPECT_THAT(secret, Not(HasSubstr("Tr0ub4dor")));
}

TEST(VirshTest, SshIsCalledSoThatNobodyIsAsked) {
  nbd::SshAccess access;
  access.host = "xen.example";
  access.port = 2222;
  access.user = "root";
  access.identity = "/a %b";
  access.known_hosts = "/known";
  const auto command = virsh_command(access, {"domstate"});
  for (const char *word : {"StrictHostKeyChecking=yes", "BatchMode=yes", "Port=2222", "User=root",
                           "IdentityFile=\"/a %%b\"", "UserKnownHostsFile=\"/known\""})
    EXPECT_THAT(command, Contains(word));
  ASSERT_GE(command.size(), 3u);
  EXPECT_EQ(command[command.size() - 3], "--");
  EXPECT_EQ(command[command.size() - 2], "xen.example");

  access.password = "Tr0ub4dor";
  const auto with_password = virsh_command(access, {"domstate"});
  EXPECT_THAT(with_password, Contains("NumberOfPasswordPrompts=1"));
  EXPECT_THAT(with_password, Not(Contains(HasSubstr("Tr0ub4dor"))));
  EXPECT_THAT(with_password, Not(Contains("BatchMode=yes")));
}

TEST(VirshTest, ANameIsOneWordForTheShellThere) {
  const std::string name = "it's; touch /tmp/x $(id) \"ä\" \\ `id`";
  const auto remote =
      virsh_command({"h", {}, "", "", "", ""}, {"dumpxml", "--domain", name}).back();
  process::Command shell;
  shell.argv = {"sh", "-c",
                "virsh() { printf '%s\\n' \"$@\"; }; " + remote.substr(remote.find("virsh"))};
  EXPECT_EQ(shell.run().out,
            "--quiet\n--connect\nxen:///system\ndumpxml\n--domain\n" + name + "\n");
}

TEST(XenDiskTest, OnlyFilesAreRead) {
  libvirt::DomainDisk disk;
  disk.kind = libvirt::DomainDisk::Kind::file;
  disk.path = "/images/a b.img";
  EXPECT_EQ(remote_file(disk), "/images/a b.img");
  for (const char *path : {"", "relative.img", "/a\nb"}) {
    disk.path = path;
    EXPECT_THAT(refusal([&] { remote_file(disk); }), HasSubstr("no usable path")) << path;
  }
  disk.path = "/dev/vg/lv";
  disk.kind = libvirt::DomainDisk::Kind::block;
  EXPECT_THAT(refusal([&] { remote_file(disk); }), HasSubstr("qemu-nbd --read-only"));
  disk.kind = libvirt::DomainDisk::Kind::volume;
  disk.type = "volume";
  EXPECT_THAT(refusal([&] { remote_file(disk); }), HasSubstr("\"volume\""));
  disk.kind = libvirt::DomainDisk::Kind::file;
  disk.encrypted = true;
  EXPECT_THAT(refusal([&] { remote_file(disk); }), HasSubstr("encrypted"));
}

}  // namespace
}  // namespace v2v::test
