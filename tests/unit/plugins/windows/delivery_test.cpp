// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The archive that goes into the guest, read back. The security descriptors are taken apart here by the
// layout of [MS-DTYP] 2.4.6, independently of how they were put together.
#include <delivery.hpp>

#include "../../temporary_directory.hpp"

#include <v2v/error.hpp>

#include <archive.h>
#include <archive_entry.h>
#include <gmock/gmock.h>

#include <cstdio>
#include <map>

namespace v2v::convert_windows {
namespace {

using testing::ElementsAre;

struct Entry {
  bool directory = false;
  std::string content, descriptor;
};

std::map<std::string, Entry> read(const std::string &file) {
  std::map<std::string, Entry> found;
  struct archive *a = archive_read_new();
  archive_read_support_format_tar(a);
  EXPECT_EQ(archive_read_open_filename(a, file.c_str(), 4096), ARCHIVE_OK);
  struct archive_entry *entry = nullptr;
  while (archive_read_next_header(a, &entry) == ARCHIVE_OK) {
    Entry one;
    one.directory = archive_entry_filetype(entry) == AE_IFDIR;
    one.content.resize(static_cast<std::size_t>(archive_entry_size(entry)));
    EXPECT_EQ(archive_read_data(a, one.content.data(), one.content.size()),
              static_cast<la_ssize_t>(one.content.size()));
    archive_entry_xattr_reset(entry);
    const char *name = nullptr;
    const void *value = nullptr;
    std::size_t size = 0;
    while (archive_entry_xattr_next(entry, &name, &value, &size) == ARCHIVE_OK)
      if (std::string(name) == "system.ntfs_acl")
        one.descriptor.assign(static_cast<const char *>(value), size);
    found[archive_entry_pathname(entry)] = one;
  }
  archive_read_free(a);
  return found;
}

std::uint64_t number(const std::string &bytes, std::size_t at, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = size; i-- > 0;)
    value = value << 8 | static_cast<unsigned char>(bytes.at(at + i));
  return value;
}

std::string sid(const std::string &bytes, std::size_t at) {
  std::string text = "S-" + std::to_string(number(bytes, at, 1)) + "-" +
                     std::to_string(number(bytes, at + 7, 1));  // the authority is big endian
  for (std::size_t i = 0; i < number(bytes, at + 1, 1); ++i)
    text += "-" + std::to_string(number(bytes, at + 8 + 4 * i, 4));
  return text;
}

/// "S-1-5-18 1f01ff 3": who, what, and who inherits it, of each entry.
std::vector<std::string> entries(const std::string &descriptor) {
  const auto list = number(descriptor, 16, 4);
  std::vector<std::string> found;
  auto at = list + 8;
  for (std::size_t i = 0; i < number(descriptor, list + 4, 2); ++i) {
    EXPECT_EQ(number(descriptor, at, 1), 0u) << "not an entry that allows";
    char text[64];
    std::snprintf(text, sizeof text, " %x %x", static_cast<unsigned>(number(descriptor, at + 4, 4)),
                  static_cast<unsigned>(number(descriptor, at + 1, 1)));
    found.push_back(sid(descriptor, at + 8) + text);
    at += number(descriptor, at + 2, 2);
  }
  EXPECT_EQ(at, list + number(descriptor, list + 2, 2)) << "the list's size";
  return found;
}

class DeliveryTest : public testing::Test {
 protected:
  std::map<std::string, Entry> delivered() {
    Delivery delivery((directory_ / "tar").string());
    delivery.add_directory("/Program Files/Guestfs");
    delivery.add("/Program Files/Guestfs/\xc3\xa4.txt", "text\r\n");
    test::write_file(directory_ / "file", "from the host");
    delivery.add_file("/Windows/x.sys", (directory_ / "file").string());
    EXPECT_EQ(delivery.bytes(), 6u + 13u);
    return read(delivery.finish());
  }
  test::TemporaryDirectory directory_;
};

TEST_F(DeliveryTest, HoldsWhatWasAddedBelowTheTop) {
  const auto found = delivered();
  ASSERT_EQ(found.size(), 3u);
  EXPECT_TRUE(found.at("Program Files/Guestfs/").directory);
  EXPECT_EQ(found.at("Program Files/Guestfs/\xc3\xa4.txt").content, "text\r\n");
  EXPECT_EQ(found.at("Windows/x.sys").content, "from the host");
}

TEST_F(DeliveryTest, OnlySystemAndAdministratorsMayWrite) {
  for (const auto &[path, entry] : delivered()) {
    SCOPED_TRACE(path);
    const auto &descriptor = entry.descriptor;
    ASSERT_GE(descriptor.size(), 20u);
    EXPECT_EQ(number(descriptor, 0, 1), 1u);
    // Self-relative, with a list of its own that nothing above changes.
    EXPECT_EQ(number(descriptor, 2, 2), 0x8000u | 0x1000u | 0x4u);
    EXPECT_EQ(sid(descriptor, number(descriptor, 4, 4)), "S-1-5-32-544");
    EXPECT_EQ(sid(descriptor, number(descriptor, 8, 4)), "S-1-5-18");
    const std::string inherited = entry.directory ? " 3" : " 0";
    EXPECT_THAT(entries(descriptor),
                ElementsAre("S-1-5-18 1f01ff" + inherited, "S-1-5-32-544 1f01ff" + inherited,
                            "S-1-5-32-545 1200a9" + inherited));
  }
}

TEST_F(DeliveryTest, WhatCannotBeReadOrWrittenIsNamed) {
  EXPECT_THROW(Delivery((directory_ / "nowhere/tar").string()), Error);
  Delivery delivery((directory_ / "tar").string());
  try {
    delivery.add_file("/x", (directory_ / "missing").string());
    FAIL() << "no error";
  } catch (const Error &error) {
    EXPECT_EQ(error.object(), (directory_ / "missing").string());
  }
}

}  // namespace
}  // namespace v2v::convert_windows
