// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/text/uri.hpp>

#include <gtest/gtest.h>

namespace v2v::text {
namespace {

TEST(Uri, EncodesAllButWhatMayStandInOne) {
  EXPECT_EQ(percent_encoded("Gäst 1/&"), "G%C3%A4st%201%2F%26");
  EXPECT_EQ(percent_encoded("/a b-._~", unreserved_in_path), "/a%20b-._~");
  EXPECT_EQ(percent_encoded(std::string_view("\0", 1)), "%00");
}

TEST(Uri, DecodesWhatItEncodesAndNothingThatIsCutOff) {
  EXPECT_EQ(percent_decoded("G%C3%a4st%201%2F%26"), "Gäst 1/&");
  EXPECT_EQ(percent_decoded(""), "");
  for (const char *bad : {"%", "%4", "a%g0", "%4 ", "%-1", "%%41"})
    EXPECT_FALSE(percent_decoded(bad)) << bad;
}

TEST(Uri, SplitsHostAndPort) {
  const auto parts = [](std::string_view authority) {
    const auto split = split_host_and_port(authority);
    return split ? std::string(split->host) + "|" + std::string(split->port) : "none";
  };
  EXPECT_EQ(parts("host"), "host|");
  EXPECT_EQ(parts("host:22"), "host|:22");
  EXPECT_EQ(parts("[fe80::1]:22"), "fe80::1|:22");
  EXPECT_EQ(parts("[fe80::1]x"), "fe80::1|x");
  EXPECT_EQ(parts("[fe80::1"), "none");
  EXPECT_EQ(parts(""), "|");
}

TEST(Uri, KnowsAPortFromOtherNumbers) {
  EXPECT_EQ(port_number(":22"), 22);
  EXPECT_EQ(port_number(":65535"), 65535);
  for (const char *bad : {"", ":", ":0", ":65536", ":-1", ":2x", "22", "x22"})
    EXPECT_FALSE(port_number(bad)) << bad;
}

}  // namespace
}  // namespace v2v::text
