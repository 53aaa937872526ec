// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "disk_fixture.hpp"

#include <v2v/nbd/nbd_uri.hpp>

namespace v2v::test {
namespace {

using nbd::NbdUri;
using nbd::parse_nbd_uri;
using ::testing::HasSubstr;

TEST(NbdUriTest, Tcp) {
  EXPECT_EQ(parse_nbd_uri("nbd://host"), (NbdUri{"", "host", 10809, ""}));
  EXPECT_EQ(parse_nbd_uri("nbd://host:1234/"), (NbdUri{"", "host", 1234, ""}));
  EXPECT_EQ(parse_nbd_uri("nbd://[::1]:99/a%20b/c"), (NbdUri{"", "::1", 99, "a b/c"}));
  EXPECT_EQ(parse_nbd_uri("nbd://[::1]"), (NbdUri{"", "::1", 10809, ""}));
}

TEST(NbdUriTest, Unix) {
  EXPECT_EQ(parse_nbd_uri("nbd+unix:///?socket=/run/a"), (NbdUri{"/run/a", "", 10809, ""}));
  EXPECT_EQ(parse_nbd_uri("nbd+unix:///disk%2c1?x=y&socket=/run/a%20b"),
            (NbdUri{"/run/a b", "", 10809, "disk,1"}));
}

TEST(NbdUriTest, OnlyNbdSchemesLookLikeIt) {
  for (const auto *uri : {"nbd://h", "nbds://h", "nbd+unix:///", "nbds+unix:///", "nbd+vsock://1"})
    EXPECT_TRUE(nbd::looks_like_nbd_uri(uri)) << uri;
  for (const auto *text : {"nbd", "nbd.img", "/nbd:", "./nbd://x", "http://nbd"})
    EXPECT_FALSE(nbd::looks_like_nbd_uri(text)) << text;
}

TEST(NbdUriTest, WhatIsWrongIsSaid) {
  const auto wrong = [](const char *uri) { return error_of([&] { parse_nbd_uri(uri); }); };
  EXPECT_ERROR(wrong("nbd:host:10809"), Code::usage, HasSubstr("//"), HasSubstr("nbd://HOST"));
  EXPECT_ERROR(wrong("nbd://"), Code::usage, HasSubstr("host"));
  EXPECT_ERROR(wrong("nbd://user@host"), Code::usage, HasSubstr("user"));
  EXPECT_ERROR(wrong("nbd://[::1"), Code::usage, HasSubstr("IPv6"));
  for (const auto *uri : {"nbd://h:", "nbd://h:0", "nbd://h:70000", "nbd://h:1x", "nbd://[::1]9"})
    EXPECT_ERROR(wrong(uri), Code::usage, HasSubstr("port"));
  for (const auto *uri : {"nbd://h/%", "nbd://h/%2", "nbd://h/%zz", "nbd://h/%00"})
    EXPECT_ERROR(wrong(uri), Code::usage, HasSubstr("%"));
  EXPECT_ERROR(wrong("nbd://h/%ff"), Code::usage, HasSubstr("UTF-8"));
  EXPECT_ERROR(wrong("nbd+unix:///x"), Code::usage, HasSubstr("which socket"));
  EXPECT_ERROR(wrong("nbd+unix://h/x?socket=/s"), Code::usage, HasSubstr("three slashes"));
  EXPECT_ERROR(wrong("nbds://h"), Code::unsupported, HasSubstr("nbds"));
  EXPECT_ERROR(wrong("nbd+vsock://1"), Code::unsupported, HasSubstr("vsock"));
}

}  // namespace
}  // namespace v2v::test
