// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What a guest calls its encrypted disks, and what the appliance calls them; how keys get there.
#include <core/guest/container_key.hpp>
#include <core/guest/disk_keys.hpp>

#include <gmock/gmock.h>

#include <dlfcn.h>

using namespace v2v::core;
using testing::Optional;

namespace {

std::optional<std::string> called(const std::string &name, const std::string &crypttab) {
  return container_called("/dev/mapper/" + name, crypttab, [](const std::string &device) {
    return device == "/dev/sda3" ? std::string("33") : std::string();
  });
}

TEST(ContainerCalled, ByWhateverCrypttabSays) {
  const std::string crypttab =
      "# <name> <device>\n\nsda3_crypt /dev/sda3 none luks\r\nhome UUID=77 none\n"
      "var\t/dev/disk/by-uuid/88 none\ngone /dev/sdq1\nodd\n";
  EXPECT_THAT(called("sda3_crypt", crypttab), Optional(std::string("/dev/mapper/luks-33")));
  EXPECT_THAT(called("home", crypttab), Optional(std::string("/dev/mapper/luks-77")));
  EXPECT_THAT(called("var", crypttab), Optional(std::string("/dev/mapper/luks-88")));
  for (const char *name : {"gone", "odd", "vg-root", "#", ""})
    EXPECT_EQ(called(name, crypttab), std::nullopt) << name;
}

TEST(VolumeName, IsLibguestfs) {
  EXPECT_EQ(volume_name("/dev/mapper/vg-root"), "/dev/vg/root");
  EXPECT_EQ(volume_name("/dev/mapper/my--vg-my--root--2"), "/dev/my-vg/my-root-2");
  EXPECT_EQ(volume_name("/dev/mapper/a-b-c"), "/dev/mapper/a-b-c");
  for (const char *other : {"/dev/mapper/luks", "/dev/sda2", "all", ""})
    EXPECT_EQ(volume_name(other), other);
}

struct guestfs_version version(std::int64_t major, std::int64_t minor) {
  struct guestfs_version value = {};
  value.major = major;
  value.minor = minor;
  return value;
}

struct guestfs_version version_of_this_libguestfs() {
  guestfs_h *handle = guestfs_create();
  auto *found = guestfs_version(handle);
  const auto copy = version(found->major, found->minor);
  guestfs_free_version(found);
  guestfs_close(handle);
  return copy;
}

TEST(KeyParameter, OfAnOldLibguestfsIsTheKeyItself) {
  EXPECT_THAT(key_parameter("pass\nphrase", version(1, 48)), Optional(std::string("pass\nphrase")));
  EXPECT_THAT(key_parameter("base64:eA==", version(1, 58)), Optional(std::string("base64:eA==")));
  EXPECT_EQ(key_parameter(std::string("a\0b", 3), version(1, 48)), std::nullopt);
}

TEST(KeyParameter, OfANewOneIsEncoded) {
  // What base64(1) makes of them.
  for (const auto &[key, encoded] : {std::pair<std::string, std::string>{"", ""},
                                     {"x", "eA=="},
                                     {"xy", "eHk="},
                                     {"xyz", "eHl6"},
                                     {std::string("\0\xff\n\xfe", 4), "AP8K/g=="}})
    EXPECT_THAT(key_parameter(key, version(1, 60)), Optional("base64:" + encoded));
  EXPECT_THAT(key_parameter("x", version(2, 0)), Optional(std::string("base64:eA==")));
}

TEST(KeyOfAnyBytes, NeverMakesACommandOfWhatTheDiskCallsItself) {
  const std::unique_ptr<guestfs_h, decltype(&guestfs_close)> handle(guestfs_create(),
                                                                    guestfs_close);
  guestfs_set_error_handler(handle.get(), nullptr, nullptr);
  const std::string key("a\0b", 3);
  if (key_parameter("x", version(1, 60)) != key_parameter("x", version_of_this_libguestfs())) {
    for (const char *uuid : {"1; reboot", "$(reboot)", "-x", "", "a/b"})
      EXPECT_THROW(open_with_key(handle.get(), {"/dev/sda", uuid, "luks-x"}, key), v2v::Error)
          << uuid;
  }
  // No appliance was started.
  EXPECT_FALSE(open_with_key(handle.get(), {"/dev/sda", "0-1", "luks-0-1"}, key));
}

TEST(Clevis, IsAskedForOnlyByItsKeys) {
  EXPECT_FALSE(needs_clevis({{"all", "clevis", false}}));
  // Of a libguestfs since 1.49.3.
  const bool known = ::dlsym(RTLD_DEFAULT, "guestfs_clevis_luks_unlock") != nullptr;
  std::string refused;
  try {
    EXPECT_TRUE(needs_clevis({{"/dev/sda1", "", true}}));
  } catch (const v2v::Error &error) {
    refused = error.what();
  }
  if (known) {
    EXPECT_EQ(refused, "");
  } else {
    EXPECT_THAT(refused, testing::HasSubstr("cannot open disks with Clevis"));
  }
}

}  // namespace
