// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// OVAs that want more than to be read. One clear error each, and nothing outside the run directory.
#include "ova_fixture.hpp"

namespace v2v::test {
namespace {

using ::testing::HasSubstr;

class HostileOvaTest : public OvaTest {
 protected:
  Error with_disk(const std::string &content, const std::string &attributes = {},
                  const std::string &disk_attributes = "ovf:capacity='8388608'") {
    put("g.ovf", ovf({{"d.vmdk", attributes, disk_attributes}}));
    put("d.vmdk", content);
    return refusal(tar("a.ova", {"g.ovf", "d.vmdk"}));
  }
  static std::string descriptor(const std::string &extent) {
    return "# Disk DescriptorFile\nversion=1\nCID=fffffffe\nparentCID=ffffffff\n"
           "createType=\"monolithicFlat\"\nRW 16384 FLAT \"" +
           extent + "\" 0\n";
  }
  Error with_href(const std::string &href) {
    put("g.ovf", ovf({{href, ""}}));
    put("d.vmdk", std::string(1024, '\0'));
    return refusal(folder());
  }
};

TEST_F(HostileOvaTest, HrefsStayInTheOva) {
  put("../secret", "secret");
  for (const auto *href : {"../secret", "sub/../../secret", "..%2Fsecret", "..", "a/.."})
    EXPECT_ERROR(with_href(href), Code::corrupt, HasSubstr("outside the archive"), HasSubstr(href));
  for (const auto *href : {"/etc/passwd", "%2Fetc/passwd"})
    EXPECT_ERROR(with_href(href), Code::corrupt, HasSubstr("absolute path"));
  for (const auto *href : {"file:d.vmdk", "FILE:///etc/passwd", "http://evil/d.vmdk",
                           "https:d.vmdk", "nbd://evil/d", "http%3A//evil/d"})
    EXPECT_ERROR(with_href(href), Code::corrupt, HasSubstr("URL"));
  EXPECT_EQ(with_href("json:{\"driver\":\"file\",\"filename\":\"x\"}").code(), Code::not_found);
  EXPECT_EQ(with_href("nowhere.vmdk").code(), Code::not_found);
  EXPECT_EQ(with_href("d.vmdk%00").code(), Code::corrupt);
}

TEST_F(HostileOvaTest, LinksAreNotFollowed) {
  const auto ovf_text = tar_member({"g.ovf"}, ovf({{"d.vmdk", ""}}));
  write_file(path("s.ova"),
             ovf_text + TarHeader{"d.vmdk", 0, '2', "/etc/passwd"}.bytes() + tar_end());
  EXPECT_ERROR(refusal(path("s.ova")), Code::corrupt, HasSubstr("a symbolic link"));
  write_file(path("h.ova"),
             ovf_text + TarHeader{"d.vmdk", 0, '1', "/etc/passwd"}.bytes() + tar_end());
  EXPECT_ERROR(refusal(path("h.ova")), Code::corrupt, HasSubstr("a hard link"));
  run({"gzip", "-k", path("s.ova"), path("h.ova")});
  EXPECT_ERROR(refusal(path("s.ova.gz")), Code::corrupt, HasSubstr("a symbolic link"));
  EXPECT_ERROR(refusal(path("h.ova.gz")), Code::corrupt, HasSubstr("a hard link"));

  put("g.ovf", ovf({{"d.vmdk", ""}}));
  std::filesystem::create_symlink("/etc/passwd", folder("d.vmdk"));
  EXPECT_ERROR(refusal(folder()), Code::corrupt, HasSubstr("leads out"));
  EXPECT_ERROR(refusal(folder("g.ovf")), Code::corrupt, HasSubstr("leads out"));
  std::filesystem::remove(folder("d.vmdk"));
  put("real.vmdk", std::string(1024, '\0'));
  std::filesystem::create_symlink("real.vmdk", folder("d.vmdk"));
  EXPECT_EQ(open(folder()).disks.at(0).location.path, folder("real.vmdk"));
}

TEST_F(HostileOvaTest, AnImageMayNameNoOtherFile) {
  make_raw("base.raw");
  make_image("d.qcow2", "qcow2", 8 * mebibyte, {"-b", path("base.raw"), "-F", "raw"});
  EXPECT_ERROR(with_disk(read_file(path("d.qcow2"))), Code::unsupported,
               HasSubstr("names another file"), HasSubstr("base.raw"), HasSubstr("d.vmdk"));
  for (const auto *extent : {"/etc/passwd", "/dev/sda", "d-flat.vmdk"})
    EXPECT_ERROR(with_disk(descriptor(extent)), Code::unsupported, HasSubstr(extent));
}

TEST_F(HostileOvaTest, InADirectoryAVmdkMayNameOnlyFilesInIt) {
  put("../secret.vmdk", std::string(8 * mebibyte, 's'));
  for (const auto *extent : {"/etc/passwd", "../secret.vmdk", "/dev/sda"}) {
    with_disk(descriptor(extent));
    EXPECT_ERROR(refusal(folder()), Code::unsupported, HasSubstr(extent));
  }
  std::filesystem::create_symlink("../secret.vmdk", folder("link.vmdk"));
  with_disk(descriptor("link.vmdk"));
  EXPECT_EQ(refusal(folder()).code(), Code::unsupported);
}

TEST_F(HostileOvaTest, WhatIsNoDiskIsRefused) {
  EXPECT_ERROR(with_disk(""), Code::corrupt, HasSubstr("empty"));
  EXPECT_ERROR(with_disk("\x1f\x8b\x08" + std::string(1000, 'x')), Code::unsupported,
               HasSubstr("gzip"));
  EXPECT_EQ(with_disk("KDMV" + std::string(1000, 'x')).code(), Code::unsupported);
  EXPECT_EQ(with_disk("KDMV\1" + std::string(500, '\0')).code(), Code::corrupt);
}

TEST_F(HostileOvaTest, AGzipThatExpandsWithoutEndIsStopped) {
  // 160 MiB of zeroes in 1 MB; the OVF says that the disk has 8 MiB.
  run({"sh", "-c", "truncate -s 160M \"$0\" && gzip -1 \"$0\"", path("zeroes")});
  const auto bomb = read_file(path("zeroes.gz"));
  EXPECT_ERROR(with_disk(bomb, "ovf:compression='gzip'"), Code::corrupt,
               HasSubstr("unpacks to more than"));
  EXPECT_EQ(with_disk("no gzip at all", "ovf:compression='gzip'").code(), Code::corrupt);
  EXPECT_ERROR(
      with_disk(bomb.substr(0, 500), "ovf:compression='gzip'", "ovf:capacity='4294967296'"),
      Code::corrupt, HasSubstr("cannot be unpacked"));
}

TEST_F(HostileOvaTest, AnArchiveThatExpandsWithoutEndIsNotReadToItsEnd) {
  // What stands before the OVF, and what nobody needs, costs time to pass over.
  TarHeader endless{"x", 0};
  endless.raw_size = "\x80" + std::string(3, '\0') + big_endian(std::uint64_t(1) << 40, 8);
  const auto ovf_text = tar_member({"g.ovf"}, ovf({{"d.vmdk", ""}}));
  for (const auto &bytes : {endless.bytes() + "x", ovf_text + endless.bytes() + "x"}) {
    write_file(path("endless"), bytes);
    run({"gzip", "-kf", path("endless")});
    EXPECT_ERROR(refusal(path("endless.gz")), Code::corrupt, HasSubstr("expands to much more"),
                 HasSubstr("1099511627776"));
  }
  std::string folders = ovf_text;
  const auto one = TarHeader{"d/", 0, '5'}.bytes();
  for (int i = 0; i < 100001; ++i) folders += one;
  write_file(path("folders"), folders);
  run({"gzip", "-1", path("folders")});
  EXPECT_ERROR(refusal(path("folders.gz")), Code::corrupt, HasSubstr("more than 100000 files"));
}

TEST_F(HostileOvaTest, AManifestWithoutEndIsRefused) {
  std::string text;
  for (int i = 0; i < 60000; ++i) text += fmt::format("SHA1(f{})= {}\n", i, std::string(40, '0'));
  ASSERT_LT(text.size(), std::size_t(4) << 20);
  std::filesystem::create_directories(folder("b"));
  put("g.ovf", ovf({}));
  put("g.mf", text);
  put("b/h.mf", text);
  EXPECT_ERROR(refusal(folder()), Code::corrupt, HasSubstr("more than 100000 files"));
}

TEST_F(HostileOvaTest, AnArchiveThatClaimsMoreThanThereIsRoomIsRefusedAtOnce) {
  TarHeader huge{"d.vmdk", std::uint64_t(7) << 30};
  huge.raw_size = "\x80" + std::string(3, '\0') + big_endian(std::uint64_t(1) << 58, 8);
  write_file(path("huge"), tar_member({"g.ovf"}, ovf({{"d.vmdk", ""}})) + huge.bytes() + "x");
  run({"gzip", path("huge")});
  EXPECT_ERROR(refusal(path("huge.gz")), Code::no_space, HasSubstr("GiB"),
               HasSubstr("VIRT_V2V_TMPDIR"));
  put("g.ovf", ovf({{"d.vmdk", "ovf:size='72057594037927935'"}}));
  put("d.vmdk", "x");
  EXPECT_EQ(refusal(tar("b.ova", {"g.ovf", "d.vmdk"}, {"--gzip"})).code(), Code::no_space);
}

TEST_F(HostileOvaTest, PackedArchivesAreCheckedLikePlainOnes) {
  const auto packed = [&](const std::string &bytes) {
    write_file(path("p"), bytes);
    run({"gzip", "-kf", path("p")});
    return refusal(path("p.gz"));
  };
  const auto good = tar_member({"g.ovf"}, ovf({{"d.vmdk", ""}}));
  const auto disk = tar_member({"d.vmdk"}, std::string(1024, '\0'));
  EXPECT_ERROR(packed(good + tar_member({"../evil"}, "x") + disk + tar_end()), Code::corrupt,
               HasSubstr("leads out"));
  EXPECT_ERROR(packed(good + tar_member({"/evil"}, "x") + disk + tar_end()), Code::corrupt,
               HasSubstr("absolute"));
  EXPECT_ERROR(packed(good + disk + disk + tar_end()), Code::corrupt, HasSubstr("same name"));
  EXPECT_ERROR(packed(good + tar_member({"h.ovf"}, "x") + disk + tar_end()), Code::unsupported,
               HasSubstr("several OVF"));
  EXPECT_ERROR(packed(good + disk.substr(0, 600)), Code::corrupt, HasSubstr("cannot be unpacked"));
  EXPECT_EQ(packed(std::string(2000, 'x')).code(), Code::corrupt);
  EXPECT_ERROR(packed(disk + tar_end()), Code::corrupt, HasSubstr("no .ovf file"));
  // A compressed file that is cut off.
  write_file(path("cut.gz"), read_file(path("p.gz")).substr(0, 40));
  EXPECT_EQ(refusal(path("cut.gz")).code(), Code::corrupt);
  EXPECT_FALSE(std::filesystem::exists(path("evil")));
}

TEST_F(HostileOvaTest, ATarWithoutOneOvfIsRefused) {
  put("a.ovf", ovf({}));
  put("b.ovf", ovf({}));
  put("c", "");
  EXPECT_ERROR(refusal(tar("two.ova", {"a.ovf", "b.ovf"})), Code::unsupported,
               HasSubstr("a.ovf, b.ovf"));
  EXPECT_ERROR(refusal(tar("none.ova", {"c"})), Code::corrupt, HasSubstr("no .ovf file"));
}

TEST_F(HostileOvaTest, ADiskThatIsADifferenceIsRefused) {
  EXPECT_ERROR(with_disk(std::string(1024, '\0'), {}, "ovf:capacity='1' ovf:parentRef='d7'"),
               Code::unsupported, HasSubstr("parentRef"), HasSubstr("snapshots"));
}

}  // namespace
}  // namespace v2v::test
