// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// xen+ssh:// URIs, how virsh and dd are called on the other machine, and which disks can be read.
#include "../../refusal.hpp"
#include "../../temporary_directory.hpp"

#include <v2v/libvirt/remote_disk.hpp>
#include <v2v/nbd/ssh_disks.hpp>
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

TEST(SshCommandTest, NobodyIsAsked) {
  nbd::SshAccess access;
  access.host = "xen.example";
  access.port = 2222;
  access.user = "root";
  access.identity = "/a %b";
  access.known_hosts = "/known";
  const auto command = nbd::ssh_command(access, "true");
  for (const char *word : {"StrictHostKeyChecking=yes", "BatchMode=yes", "Port=2222", "User=root",
                           "IdentityFile=\"/a %%b\"", "UserKnownHostsFile=\"/known\""})
    EXPECT_THAT(command, Contains(word));
  ASSERT_GE(command.size(), 3u);
  EXPECT_EQ(command[command.size() - 3], "--");
  EXPECT_EQ(command[command.size() - 2], "xen.example");

  access.password = "Tr0ub4dor";
  const auto with_password = nbd::ssh_command(access, "true");
  EXPECT_THAT(with_password, Contains("NumberOfPasswordPrompts=1"));
  EXPECT_THAT(with_password, Not(Contains(HasSubstr("Tr0ub4dor"))));
  EXPECT_THAT(with_password, Not(Contains("BatchMode=yes")));
}

TEST(VirshTest, ANameIsOneWordForTheShellThere) {
  const std::string name = "it's; touch /tmp/x $(id) \"ä\" \\ `id`";
  const auto remote = virsh_command({"dumpxml", "--domain", name});
  process::Command shell;
  shell.argv = {"sh", "-c",
                "virsh() { printf '%s\\n' \"$@\"; }; " + remote.substr(remote.find("virsh"))};
  EXPECT_EQ(shell.run().out,
            "--quiet\n--connect\nxen:///system\ndumpxml\n--domain\n" + name + "\n");
}

/// Two shells see the script: the one of nbdkit, and that of the other machine.
TEST(SshDeviceTest, ReadsWhatItIsAskedForOfADeviceOfAnyName) {
  const TemporaryDirectory directory;
  const auto device = (directory / "it's a $(id) \"`id`\" device").string();
  std::string content(3 << 20, '\0');
  for (std::size_t i = 0; i < content.size(); ++i) content[i] = static_cast<char>(i * 31 >> 9);
  write_file(device, content);
  const auto script = nbd::device_read_script({"sh", "-c"}, device);
  const auto read = [&](std::size_t count, std::size_t offset) {
    process::Command shell;
    // As nbdkit calls it: $1 is the method, $2 the handle.
    shell.argv = {
        "sh", "-c", script, "nbdkit", "pread", "", std::to_string(count), std::to_string(offset)};
    const auto output = shell.run();
    EXPECT_EQ(output.status, 0) << output.error;
    return output.out;
  };
  for (const auto &[count, offset] : std::vector<std::pair<std::size_t, std::size_t>>{
           {512, 0}, {512, 1536}, {65536, 131072}, {1 << 20, 512}, {2 << 20, 1 << 20}})
    EXPECT_TRUE(read(count, offset) == content.substr(offset, count)) << count << " " << offset;
}

TEST(RemoteDiskTest, FilesAndDevicesAreRead) {
  libvirt::DomainDisk disk;
  disk.kind = libvirt::DomainDisk::Kind::file;
  disk.path = "/images/a b.img";
  EXPECT_EQ(libvirt::remote_disk(disk, "").path, "/images/a b.img");
  EXPECT_FALSE(libvirt::remote_disk(disk, "").device);
  EXPECT_EQ(libvirt::remote_disk(disk, "raw").format, "raw");
  disk.format = "qcow2";
  EXPECT_EQ(libvirt::remote_disk(disk, "raw").format, "qcow2");
  const auto refused = [&] { return refusal([&] { libvirt::remote_disk(disk, ""); }); };
  for (const char *path : {"", "relative.img", "/a\nb"}) {
    disk.path = path;
    EXPECT_THAT(refused(), HasSubstr("no usable path")) << path;
  }
  disk.path = "/dev/vg/lv";
  disk.kind = libvirt::DomainDisk::Kind::block;
  EXPECT_TRUE(libvirt::remote_disk(disk, "").device);
  disk.kind = libvirt::DomainDisk::Kind::volume;
  disk.type = "volume";
  EXPECT_THAT(refused(), HasSubstr("\"volume\""));
  disk.kind = libvirt::DomainDisk::Kind::file;
  disk.encrypted = true;
  EXPECT_THAT(refused(), HasSubstr("encrypted"));
}

}  // namespace
}  // namespace v2v::test
