// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// vpx:// and esx:// URIs, names of files on datastores, and names in an inventory.
#include "../../refusal.hpp"

#include <datastore.hpp>

namespace v2v::test {
namespace {

using namespace input_vpx;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(VpxUriTest, AllPartsAreFound) {
  const auto uri = parse_vpx_uri(
      "vpx://DOM%5cuser%40x@vc.example:8443/Folder/My%20DC/C%2b1/esx1.example?no_verify=1&"
      "authfile=/a%20b&auto_answer=1");
  EXPECT_TRUE(uri.vcenter);
  EXPECT_EQ(uri.user, "DOM\\user@x");
  EXPECT_EQ(uri.host, "vc.example");
  EXPECT_EQ(uri.port, 8443);
  EXPECT_THAT(uri.path, ElementsAre("Folder", "My DC", "C+1", "esx1.example"));
  EXPECT_FALSE(uri.verify);
  EXPECT_EQ(uri.auth_file, "/a b");
  EXPECT_EQ(uri.server(), "vc.example:8443");
}

TEST(VpxUriTest, WhatIsLeftOutHasADefault) {
  const auto uri = parse_vpx_uri("ESX://host");
  EXPECT_FALSE(uri.vcenter);
  EXPECT_EQ(uri.user, "");
  EXPECT_EQ(uri.port, 443);
  EXPECT_TRUE(uri.verify);
  EXPECT_EQ(uri.server(), "host");
  EXPECT_FALSE(parse_vpx_uri("gsx://root@host/").vcenter);
  EXPECT_TRUE(parse_vpx_uri("vpx://h/DC?no_verify=0").verify);
  EXPECT_EQ(parse_vpx_uri("vpx://[fe80::1]:444/DC").server(), "[fe80::1]:444");
  EXPECT_THAT(parse_vpx_uri("vpx://h//DC///host/").path, ElementsAre("DC", "host"));
}

TEST(VpxUriTest, EachMistakeIsNamed) {
  const auto wrong = [](const char *text) { return refusal([&] { parse_vpx_uri(text); }); };
  EXPECT_THAT(wrong("qemu://h/DC"), HasSubstr("no URI of a vCenter"));
  EXPECT_THAT(wrong("vpx:h"), HasSubstr("no URI of a vCenter"));
  EXPECT_THAT(wrong("vpx:///DC/h"), HasSubstr("no server"));
  EXPECT_THAT(wrong("vpx://h"), HasSubstr("no datacenter"));
  EXPECT_THAT(wrong("vpx://h/?no_verify=1"), HasSubstr("no datacenter"));
  EXPECT_THAT(wrong("esx://h/DC"), HasSubstr("no path"));
  EXPECT_THAT(wrong("vpx://h:0/DC"), HasSubstr("port"));
  EXPECT_THAT(wrong("vpx://h:70000/DC"), HasSubstr("port"));
  EXPECT_THAT(wrong("vpx://[::1/DC"), HasSubstr("IPv6"));
  EXPECT_THAT(wrong("vpx://h%2fx/DC"), HasSubstr("cannot be one"));
  EXPECT_THAT(wrong("vpx://h/%zz"), HasSubstr("'%'"));
  EXPECT_THAT(wrong("vpx://h/%0a"), HasSubstr("control"));
  EXPECT_THAT(wrong("vpx://h/%ff"), HasSubstr("UTF-8"));
  EXPECT_THAT(wrong("vpx://h/DC?no_verify=yes"), HasSubstr("no_verify"));
  EXPECT_THAT(wrong("vpx://h/DC?noverify=1"), HasSubstr("noverify"));
  EXPECT_THAT(wrong("vpx://h/DC?transport=http"), HasSubstr("never read"));
}

TEST(VpxUriTest, APasswordInItIsNotRepeated) {
  const auto text = refusal([] { parse_vpx_uri("vpx://root:Tr0ub4dor@h/DC"); });
  EXPECT_THAT(text, HasSubstr("-ip"));
  EXPECT_THAT(text, Not(HasSubstr("Tr0ub4dor")));
}

TEST(DatastoreTest, TheUrlOfAFlatExtentIsQuoted) {
  const auto uri = parse_vpx_uri("vpx://vc/DC");
  const auto file = flat_extent(parse_datastore_path("[data store (1)] a+b %#&/ä/a b.VMDK"));
  EXPECT_EQ(datastore_url(uri, "Folder/My%2fDC", file),
            "https://vc/folder/a%2bb%20%25%23%26/%c3%a4/a%20b-flat.VMDK"
            "?dcPath=Folder%2fMy%252fDC&dsName=data%20store%20%281%29");
}

TEST(DatastoreTest, OtherTextsAreRefused) {
  for (const auto *text : {"", "a.vmdk", "[ds]", "[ds] ", "[] a.vmdk", "[ds]a.vmdk", "ds] a.vmdk"})
    EXPECT_THAT(refusal([&] { parse_datastore_path(text); }), HasSubstr("datastore")) << text;
  EXPECT_THAT(refusal([] { flat_extent({"ds", "guest.iso"}); }), HasSubstr("no VMDK"));
}

TEST(DatastoreTest, DisksOfSnapshotsAreKnownByTheirNames) {
  EXPECT_TRUE(is_named_like_a_snapshot("g/g-000001.vmdk"));
  EXPECT_TRUE(is_named_like_a_snapshot("g/g_1-123456.vmdk"));
  for (const auto *name : {"g/g.vmdk", "g/g-00001.vmdk", "g/g-00000a.vmdk", "g/g000001.vmdk",
                           "000001.vmdk", "g/g-000001.iso"})
    EXPECT_FALSE(is_named_like_a_snapshot(name)) << name;
}

TEST(InventoryNameTest, ThreeCharactersAreWrittenInAnotherWay) {
  EXPECT_EQ(plain_name("50%25 a%2fb%2Fc%5cd%20"), "50% a/b/c\\d%20");
  EXPECT_EQ(inventory_name("50% a/b\\c"), "50%25 a%2fb%5cc");
  // Who has looked into the inventory may write it as it is there.
  EXPECT_EQ(inventory_name("a%2fb%25"), "a%2fb%25");
  for (const auto *name : {"plain", "%", "%%", "a%2", "%5", "ä/%"})
    EXPECT_EQ(plain_name(inventory_name(name)), name);
}

}  // namespace
}  // namespace v2v::test
