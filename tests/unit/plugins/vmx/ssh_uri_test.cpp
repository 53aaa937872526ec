// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// ssh:// URIs, and which remote file holds a disk.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <remote_disk.hpp>
#include <ssh_uri.hpp>

namespace v2v::test {
namespace {

using namespace input_vmx;
using ::testing::HasSubstr;

template <class Body>
std::string refusal(Body body) {
  try {
    body();
  } catch (const Error &error) {
    EXPECT_NE(error.remedy(), "");
    return error.what();
  }
  return "nothing was thrown";
}

TEST(SshUriTest, AllPartsAreFound) {
  const auto uri = parse_ssh_uri("ssh://root@esxi.example:2222/vmfs/volumes/ds%201/g/g%c3%bc.vmx");
  EXPECT_EQ(uri.user, "root");
  EXPECT_EQ(uri.host, "esxi.example");
  EXPECT_EQ(uri.port, 2222);
  EXPECT_EQ(uri.path, "/vmfs/volumes/ds 1/g/gü.vmx");
  EXPECT_EQ(uri.server(), "esxi.example:2222");
  EXPECT_EQ(parse_ssh_uri("SSH://h/./a//b/../g.vmx").path, "/a/g.vmx");
  EXPECT_EQ(parse_ssh_uri("//h/g.vmx").host, "h");
  EXPECT_EQ(parse_ssh_uri("ssh://[fe80::1]:22/g.vmx").host, "fe80::1");
  EXPECT_FALSE(parse_ssh_uri("ssh://h/g.vmx").port);
}

TEST(SshUriTest, EachMistakeIsNamed) {
  const auto wrong = [](const char *text) { return refusal([&] { parse_ssh_uri(text); }); };
  EXPECT_THAT(wrong("/local/g.vmx"), HasSubstr("URI"));
  EXPECT_THAT(wrong("http://h/g.vmx"), HasSubstr("URI"));
  EXPECT_THAT(wrong("ssh:///g.vmx"), HasSubstr("no host"));
  EXPECT_THAT(wrong("ssh://h"), HasSubstr("no file"));
  EXPECT_THAT(wrong("ssh://h/dir/"), HasSubstr("directory"));
  EXPECT_THAT(wrong("ssh://h:0/g.vmx"), HasSubstr("port"));
  EXPECT_THAT(wrong("ssh://h:99999/g.vmx"), HasSubstr("port"));
  EXPECT_THAT(wrong("ssh://[::1/g.vmx"), HasSubstr("IPv6"));
  EXPECT_THAT(wrong("ssh://h/g%zz.vmx"), HasSubstr("'%'"));
  EXPECT_THAT(wrong("ssh://h/g%00.vmx"), HasSubstr("control"));
  EXPECT_THAT(wrong("ssh://h/g%0a.vmx"), HasSubstr("control"));
  EXPECT_THAT(wrong("ssh://h/%ff.vmx"), HasSubstr("UTF-8"));
  EXPECT_THAT(wrong("ssh://u:secret@h/g.vmx"), HasSubstr("-ip"));
}

constexpr const char *flat =
    "# Disk DescriptorFile\nversion=1\nCID=1\nparentCID=ffffffff\ncreateType=\"vmfs\"\n"
    "RW 2048 VMFS \"g-flat.vmdk\"\n";

RemoteExtent extent(const std::string &text, bool anywhere = false) {
  return remote_extent("/vm/g.vmdk", text, "/vm", anywhere);
}

TEST(RemoteDiskTest, TheFlatExtentIsNamed) {
  const auto found = extent(flat);
  EXPECT_EQ(found.path, "/vm/g-flat.vmdk");
  EXPECT_EQ(found.offset, 0u);
  EXPECT_EQ(found.length, 1048576u);
  const auto part = extent("# Disk DescriptorFile\nRW 2 FLAT \"x.bin\" 8\n");
  EXPECT_EQ(part.path, "/vm/x.bin");
  EXPECT_EQ(part.offset, 4096u);
  EXPECT_EQ(part.length, 1024u);
}

TEST(RemoteDiskTest, WhatCannotBeReadOverSshSaysHowItCan) {
  const auto wrong = [](const std::string &text) { return refusal([&] { extent(text); }); };
  const std::string head = "# Disk DescriptorFile\n";
  EXPECT_THAT(wrong("KDMV"), HasSubstr("scp -r"));
  EXPECT_THAT(wrong("hello"), HasSubstr("not the descriptor"));
  EXPECT_THAT(wrong(std::string(flat) + "parentFileNameHint=\"b.vmdk\"\n"), HasSubstr("snapshots"));
  EXPECT_THAT(wrong(head + "parentCID=12345678\nRW 1 VMFSSPARSE \"d\"\n"), HasSubstr("snapshots"));
  EXPECT_THAT(wrong(head + "RW 1 FLAT \"a\" 0\nRW 1 FLAT \"b\" 0\n"), HasSubstr("2 parts"));
  EXPECT_THAT(wrong(head + "RW 1 SPARSE \"a\"\n"), HasSubstr("SPARSE"));
  EXPECT_THAT(wrong(head + "RW 1 VMFSRDM \"a\"\n"), HasSubstr("raw device mapping"));
  EXPECT_THAT(wrong(head + "ddb.iofilters = \"vmwarevmcrypt\"\nRW 1 VMFS \"a\"\n"),
              HasSubstr("encrypted"));
}

TEST(RemoteDiskTest, NamesStayInTheGuestsDirectory) {
  const auto path = [](const char *name, bool anywhere) {
    return remote_path(name, "/vm/g", "/vm/g", anywhere, "g.vmx");
  };
  EXPECT_EQ(path("d.vmdk", false), "/vm/g/d.vmdk");
  EXPECT_EQ(path("sub/../d.vmdk", false), "/vm/g/d.vmdk");
  EXPECT_EQ(path("/vm/g/d.vmdk", false), "/vm/g/d.vmdk");
  for (const auto *name : {"../other/d.vmdk", "/etc/shadow", "/vm/guest/d.vmdk", "sub/../../x"}) {
    EXPECT_THAT(refusal([&] { path(name, false); }), HasSubstr("--allow-references")) << name;
    EXPECT_NE(path(name, true), "") << name;
  }
  EXPECT_THAT(refusal([&] { path("C:\\vm\\d.vmdk", true); }), HasSubstr("Windows"));
  EXPECT_THAT(refusal([&] { path("", true); }), HasSubstr("usable name"));
  EXPECT_THAT(refusal([&] { path("a\nb", true); }), HasSubstr("usable name"));
}

}  // namespace
}  // namespace v2v::test
