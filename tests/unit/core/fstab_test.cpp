// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/guest/fstab.hpp>

#include <gtest/gtest.h>

namespace v2v::core {
namespace {

DeviceNames names() {
  return {{"/dev/sda", "/dev/sdb"},
          {{"/dev/sda1", "ext4"},
           {"/dev/my-vg/root-lv", "xfs"},
           {"/dev/md126", "LVM2_member"},
           {"/dev/md127", "ext4"},
           {"/dev/sdb1", "btrfs"}},
          [](const auto &tag, const auto &value) -> std::optional<std::string> {
            if (tag == "UUID" && value == "1234") return "/dev/sdb1";
            if (tag == "LABEL" && value == "my root") return "/dev/my-vg/root-lv";
            return std::nullopt;
          }};
}

std::string resolved(const std::string &line) {
  const auto entries = parse_fstab(line);
  if (entries.size() != 1) return "not one entry";
  return resolve_device(entries.front(), names()).value_or("none");
}

TEST(Fstab, KeepsWhatMountsADiskIntoTheSystem) {
  const auto entries = parse_fstab(
      "# comment\n"
      "/dev/sda1 /boot ext4 defaults 0 2\n"
      "\tUUID=1234\t//usr//  btrfs defaults,subvol=/@usr,ro 0 0 # root\n"
      "/dev/sda2 none swap sw 0 0\n"
      "/dev/sr0 /mnt/cd iso9660 ro 0 0\n"
      "/dev/cdrom /cd auto ro 0 0\n"
      "tmpfs /tmp tmpfs size=1g 0 0\n"
      "server:/export /srv nfs defaults 0 0\n"
      "/dev/sdc1 /media/stick vfat user 0 0\n"
      "/dev/sdc2 /proc/../etc ext4 defaults\n"
      "broken\n"
      "/dev/sdb5 /a\\040place ext4");
  ASSERT_EQ(entries.size(), 3u);
  EXPECT_EQ(entries[0].path, "/boot");
  EXPECT_EQ(entries[1].path, "/usr");
  EXPECT_EQ(entries[1].subvolume, "@usr");
  EXPECT_EQ(entries[2].path, "/a place");
}

TEST(Fstab, FindsDevicesUnderTheirNamesInTheAppliance) {
  EXPECT_EQ(resolved("/dev/sda1 / ext4"), "/dev/sda1");
  EXPECT_EQ(resolved("/dev/vdb3 / ext4"), "/dev/sdb3");
  EXPECT_EQ(resolved("/dev/xvda / ext4"), "/dev/sda");
  EXPECT_EQ(resolved("/dev/hdc1 / ext4"), "/dev/hdc1");  // there is no third disk
  EXPECT_EQ(resolved("/dev/sdzzzzzzzzzzzzz1 / ext4"), "/dev/sdzzzzzzzzzzzzz1");
  EXPECT_EQ(resolved("/dev/nvme0n1p2 / ext4"), "/dev/nvme0n1p2");
  EXPECT_EQ(resolved("/dev/mapper/my--vg-root--lv / xfs"), "/dev/my-vg/root-lv");
  EXPECT_EQ(resolved("/dev/my-vg/root-lv / xfs"), "/dev/my-vg/root-lv");
  EXPECT_EQ(resolved("/dev/mapper/sda3_crypt / xfs"), "/dev/mapper/sda3_crypt");
  EXPECT_EQ(resolved("/dev/md126 / ext4"), "/dev/md127");  // the one that holds a file system
  EXPECT_EQ(resolved("/dev/md0 / ext4"), "/dev/md127");
  EXPECT_EQ(resolved("/dev/md/root / ext4"), "/dev/md127");
  EXPECT_EQ(resolved("UUID=\"1234\" / btrfs subvol=@home"), "btrfsvol:/dev/sdb1/@home");
  EXPECT_EQ(resolved("LABEL=my\\040root / xfs"), "/dev/my-vg/root-lv");
  EXPECT_EQ(resolved("UUID=4321 / xfs"), "none");
}

TEST(Fstab, OneOfSeveralRaidsIsDoubtful) {
  auto several = names();
  const FstabEntry raid{"/dev/md0", "/boot", ""}, disk{"/dev/sda1", "/boot", ""};
  EXPECT_FALSE(is_doubtful(raid, several));
  several.filesystems.push_back({"/dev/md125", "xfs"});
  EXPECT_TRUE(is_doubtful(raid, several));
  EXPECT_FALSE(is_doubtful(disk, several));
}

}  // namespace
}  // namespace v2v::core
