// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Where the walker finds the files of a tar, compared with the bytes that tar put there; and what it
// refuses.
#include "ova_fixture.hpp"

#include <file.hpp>
#include <tar_walk.hpp>

namespace v2v::test {
namespace {

using namespace input_ova;
using ::testing::HasSubstr;

class TarWalkTest : public OvaTest {
 protected:
  MemberList walk(const std::string &file) const {
    MemberList members("x.ova");
    const InputFile tar(file);
    walk_tar(images::ImageReader(tar.fd(), "x.ova"), file, members);
    return members;
  }
  MemberList walk_bytes(const std::string &bytes) const {
    write_file(path("bytes.tar"), bytes);
    return walk(path("bytes.tar"));
  }
  Error bad(const std::string &bytes) const {
    return error_of([&] { walk_bytes(bytes); });
  }
  static std::string content(const Member &member) {
    std::string bytes(member.size, '\0');
    std::ifstream file(member.file, std::ios::binary);
    file.seekg(static_cast<std::streamoff>(member.offset));
    file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return file ? bytes : "the file ends before";
  }
};

TEST_F(TarWalkTest, FindsEveryFileInEveryFormatOfTar) {
  const std::string longest(240, 'n'), folder_name(120, 'd');
  const std::vector<std::pair<std::string, std::string>> files = {
      {"guest.ovf", "<x/>"},
      {"empty", ""},
      {"Größe 1.vmdk", std::string(1000, 'a')},
      {folder_name + "/" + std::string(90, 'f'), std::string(512, 'b')},
      {longest, std::string(513, 'c')},
      {"sub/sub/last", std::string(100000, 'd')}};
  std::vector<std::string> names;
  for (const auto &[name, text] : files) {
    put(name, text);
    names.push_back(name);
  }
  for (const auto *format : {"gnu", "oldgnu", "pax", "posix"}) {
    const auto members = walk(tar("all.tar", names, {std::string("--format=") + format}));
    ASSERT_EQ(members.all().size(), files.size()) << format;
    for (const auto &[name, text] : files) {
      const auto *member = members.find(name);
      ASSERT_NE(member, nullptr) << format << " " << name;
      EXPECT_EQ(content(*member), text) << format << " " << name;
      EXPECT_EQ(member->flaw, "");
    }
  }
  // The older ones have no room for the longest name.
  for (const auto *format : {"ustar", "v7"}) {
    const auto members =
        walk(tar("old.tar", {names[0], names[2], names[5]}, {std::string("--format=") + format}));
    ASSERT_EQ(members.all().size(), 3u) << format;
    EXPECT_EQ(content(*members.find(names[5])), files[5].second) << format;
  }
}

TEST_F(TarWalkTest, FoldersAndDotsDoNotMatter) {
  put("sub/a", "1");
  const auto members = walk(tar("dots.tar", {"./sub"}));
  ASSERT_EQ(members.all().size(), 1u);
  EXPECT_EQ(members.all()[0].name, "sub/a");
}

TEST_F(TarWalkTest, SizesBeyondOctalAreRead) {
  // 8 GiB and more do not fit in eleven octal digits.
  const std::uint64_t size = (std::uint64_t(9) << 30) + 5;
  TarHeader header;
  header.raw_size = "\x80" + std::string(3, '\0') + big_endian(size, 8);
  write_file(path("big.tar"), header.bytes());
  std::filesystem::resize_file(path("big.tar"), 512 + size + 507);
  patch(path("big.tar"), 512 + size + 507, tar_member({"after"}, "x"));
  const auto members = walk(path("big.tar"));
  ASSERT_EQ(members.all().size(), 2u);
  EXPECT_EQ(members.all()[0].size, size);
  EXPECT_EQ(content(members.all()[1]), "x");
}

TEST_F(TarWalkTest, APaxSizeWinsOverTheHeader) {
  const auto record = std::string("15 size=100000\n");
  TarHeader header;
  header.size = 3;
  const auto members = walk_bytes(tar_member({"x", 0, 'x'}, record) + header.bytes() +
                                  std::string(100352, 'z') + tar_end());
  ASSERT_EQ(members.all().size(), 1u);
  EXPECT_EQ(members.all()[0].size, 100000u);
}

TEST_F(TarWalkTest, NothingIsNeededAfterTheLastFile) {
  EXPECT_EQ(walk_bytes(tar_member({"a"}, "x")).all().size(), 1u);
  EXPECT_EQ(walk_bytes(TarHeader{"a", 1}.bytes() + "x").all().size(), 1u);
  EXPECT_EQ(walk_bytes(tar_member({"a"}, "x") + tar_end() + "rubbish").all().size(), 1u);
}

TEST_F(TarWalkTest, LinksAreListedButAreNoFiles) {
  const auto members = walk_bytes(TarHeader{"s", 0, '2', "/etc/passwd"}.bytes() +
                                  TarHeader{"h", 0, '1', "/etc/passwd"}.bytes() +
                                  TarHeader{"p", 0, '6'}.bytes() + tar_end());
  EXPECT_EQ(members.find("s")->flaw, "a symbolic link");
  EXPECT_EQ(members.find("h")->flaw, "a hard link");
  EXPECT_EQ(members.find("p")->flaw, "a special file");
}

TEST_F(TarWalkTest, NamesThatLeadOutOrComeTwiceAreRefused) {
  const auto named = [](const std::string &name) { return tar_member({name}, "x") + tar_end(); };
  EXPECT_ERROR(bad(named("../evil")), Code::corrupt, HasSubstr("leads out"), HasSubstr("../evil"));
  EXPECT_ERROR(bad(named("a/../../evil")), Code::corrupt, HasSubstr("leads out"));
  EXPECT_ERROR(bad(named("a/..")), Code::corrupt, HasSubstr("leads out"));
  EXPECT_ERROR(bad(named("/etc/evil")), Code::corrupt, HasSubstr("absolute"));
  EXPECT_ERROR(bad(TarHeader{"../d/", 0, '5'}.bytes() + tar_end()), Code::corrupt,
               HasSubstr("leads out"));
  EXPECT_ERROR(bad(tar_member({"a"}, "1") + tar_member({"./a"}, "2")), Code::corrupt,
               HasSubstr("same name"));
  EXPECT_ERROR(bad(tar_member({"."}, "1")), Code::corrupt, HasSubstr("without a name"));
}

TEST_F(TarWalkTest, WhatIsCutOffIsRefused) {
  const auto whole = tar_member({"guest.ovf"}, "x") + tar_member({"disk"}, std::string(2000, 'd'));
  EXPECT_EQ(walk_bytes(whole).all().size(), 2u);
  EXPECT_ERROR(bad(whole.substr(0, 1024 + 512 + 1999)), Code::corrupt, HasSubstr("cut off"),
               HasSubstr("disk"), HasSubstr("2000"));
  EXPECT_ERROR(bad(whole.substr(0, 1024 + 100)), Code::corrupt, HasSubstr("cut off"));
  EXPECT_ERROR(bad(whole.substr(0, 1024) + std::string(512, 'g')), Code::corrupt,
               HasSubstr("checksum"), HasSubstr("byte 1024"));
}

TEST_F(TarWalkTest, ImpossibleSizesAreRefused) {
  const auto sized = [&](const std::string &raw) {
    TarHeader header;
    header.raw_size = raw;
    return bad(header.bytes() + tar_end());
  };
  EXPECT_ERROR(sized("\x80" + std::string(11, '\xFF')), Code::corrupt, HasSubstr("no number"));
  EXPECT_ERROR(sized("\x80" + std::string(3, '\0') + big_endian(~std::uint64_t(0), 8)),
               Code::corrupt, HasSubstr("no number"));
  EXPECT_ERROR(sized("\x80" + std::string(3, '\0') + big_endian(std::uint64_t(1) << 61, 8)),
               Code::corrupt, HasSubstr("cut off"));
  EXPECT_ERROR(sized(std::string(12, '\xFF')), Code::corrupt, HasSubstr("no number"));
  EXPECT_ERROR(sized("0000000009x "), Code::corrupt, HasSubstr("no number"));
  EXPECT_ERROR(sized("777777777777"), Code::corrupt, HasSubstr("cut off"));
}

TEST_F(TarWalkTest, ExtendedHeadersAreCheckedAsWell) {
  const auto pax = [&](const std::string &records, char type = 'x') {
    return bad(tar_member({"pax", 0, type}, records) + tar_member({"a"}, "x") + tar_end());
  };
  EXPECT_ERROR(pax("99 path=a\n"), Code::corrupt, HasSubstr("malformed"));
  EXPECT_ERROR(pax("0 path=a\n"), Code::corrupt, HasSubstr("malformed"));
  EXPECT_ERROR(pax("10 path=a\nx"), Code::corrupt, HasSubstr("malformed"));
  EXPECT_ERROR(pax("path=a\n"), Code::corrupt, HasSubstr("malformed"));
  EXPECT_ERROR(pax("7 path\n"), Code::corrupt, HasSubstr("malformed"));
  EXPECT_ERROR(pax("18 path=../../../x\n"), Code::corrupt, HasSubstr("malformed"));
  EXPECT_ERROR(pax("19 path=../../../x\n"), Code::corrupt, HasSubstr("leads out"));
  EXPECT_ERROR(pax("11 size=-1\n"), Code::corrupt, HasSubstr("no number"));
  EXPECT_ERROR(pax("29 size=18446744073709551615\n"), Code::corrupt, HasSubstr("no number"));
  EXPECT_ERROR(pax("22 GNU.sparse.major=1\n"), Code::unsupported, HasSubstr("sparse"));
  EXPECT_ERROR(pax("9 size=1\n", 'g'), Code::unsupported, HasSubstr("all files"));
  EXPECT_ERROR(bad(tar_member({"l", 0, 'L'}, std::string(2 << 20, 'n'))), Code::corrupt,
               HasSubstr("absurdly long"));
  EXPECT_ERROR(bad(TarHeader{"s", 0, 'S'}.bytes()), Code::unsupported, HasSubstr("sparse"));
  EXPECT_ERROR(bad(TarHeader{"h", 5, '1', "a"}.bytes() + std::string(512, 'x')), Code::unsupported,
               HasSubstr("hard link"));
}

TEST_F(TarWalkTest, ATarIsKnownByItsChecksum) {
  EXPECT_TRUE(is_tar_header(TarHeader{}.bytes()));
  auto wrong = TarHeader{}.bytes();
  wrong[0] = 'F';
  EXPECT_FALSE(is_tar_header(wrong));
  EXPECT_FALSE(is_tar_header(std::string(512, '\0')));
  EXPECT_FALSE(is_tar_header("short"));
}

}  // namespace
}  // namespace v2v::test
