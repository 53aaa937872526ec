// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/windows/pe_file.hpp>

#include "../../temporary_directory.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <string>

namespace v2v::windows {
namespace {

/// A file whose second header is at 0x80, of the machine with these two bytes.
std::string pe(char low, char high) {
  std::string bytes(0x100, '\0');
  bytes.replace(0, 2, "MZ");
  bytes[0x3c] = '\x80';
  bytes.replace(0x80, 2, "PE");
  bytes[0x84] = low;
  bytes[0x85] = high;
  return bytes;
}

TEST(PeFileTest, TheMachineIsRead) {
  EXPECT_EQ(pe_architecture(pe('\x4c', '\x01')), "i386");
  EXPECT_EQ(pe_architecture(pe('\x64', '\x86')), "x86_64");
  EXPECT_EQ(pe_architecture(pe('\x64', '\xaa')), "aarch64");
  EXPECT_EQ(pe_architecture(pe('\x00', '\x02')), "");  // Itanium
}

TEST(PeFileTest, WhatHasNotBothHeadersIsNone) {
  const auto good = pe('\x64', '\x86');
  EXPECT_EQ(pe_architecture(good.substr(0, 0x86)), "x86_64");
  for (std::size_t size = 0; size < 0x86; ++size)
    EXPECT_EQ(pe_architecture(good.substr(0, size)), "") << size;
  auto bad = good;
  bad[0] = 'm';
  EXPECT_EQ(pe_architecture(bad), "");
  bad = good;
  bad[0x82] = 'x';
  EXPECT_EQ(pe_architecture(bad), "");
}

TEST(PeFileTest, AnOffsetOutsideTheFileIsNotFollowed) {
  for (const auto *offset : {"\xff\xff\xff\xff", "\xfb\xff\xff\xff", "\xff\x00\x00\x7f"}) {
    auto bad = pe('\x64', '\x86');
    bad.replace(0x3c, 4, std::string(offset, 4));
    EXPECT_EQ(pe_architecture(bad), "");
  }
}

TEST(PeFileTest, FilesAreReadToo) {
  const test::TemporaryDirectory directory;
  const auto file = (directory / "a.sys").string();
  EXPECT_EQ(pe_architecture_of(file), "");
  test::write_file(file, "");
  EXPECT_EQ(pe_architecture_of(file), "");
  test::write_file(file, pe('\x4c', '\x01') + std::string(10000, 'x'));
  EXPECT_EQ(pe_architecture_of(file), "i386");
}

}  // namespace
}  // namespace v2v::windows
