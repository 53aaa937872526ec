// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Descriptors that name what they should not, chains that do not end, extents that lie: one clear
// error each, and what is staged for qemu never has a name from the guest's files in it.
#include "vmdk_fixture.hpp"

#include <sys/stat.h>

namespace v2v::test {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;

class HostileVmdkTest : public VmdkTest {
 protected:
  /// A snapshot of an ESX disk whose parent is what it says.
  std::string snapshot_of(const std::string &parent) {
    write_file(path("delta.vmdk"), esx_sparse(2048, {}));
    return descriptor("top.vmdk", {"RW 2048 VMFSSPARSE \"delta.vmdk\""},
                      "CID=0000bbbb\nparentCID=0000aaaa\nparentFileNameHint=\"" + parent + "\"");
  }
};

TEST_F(HostileVmdkTest, ExtentsOutsideOfTheDirectoryNeedPermission) {
  const TemporaryDirectory other;
  write_file(other / "x.bin", std::string(2048, 'x'));
  const auto outside = (other / "x.bin").string();
  std::filesystem::create_symlink(outside, path("link.bin"));
  const auto up = "../" + other.path().filename().string() + "/x.bin";
  for (const auto &name : {outside, up, std::string("link.bin")}) {
    const auto vmdk = descriptor("d.vmdk", {"RW 4 FLAT \"" + name + "\" 0"});
    EXPECT_ERROR(refusal(vmdk), Code::unsupported, HasSubstr("outside"),
                 HasSubstr("--allow-references"));
    EXPECT_EQ(locate(vmdk, true).path, outside);
  }
  for (const auto *name : {"/etc/passwd", "/etc/shadow", "/volumes/x/y.vmdk", "../../nothing"})
    EXPECT_ERROR(refusal(descriptor("d.vmdk", {std::string("RW 1 FLAT \"") + name + "\" 0"})),
                 Code::unsupported, HasSubstr(name), HasSubstr("d.vmdk"));
}

TEST_F(HostileVmdkTest, NamesInsideMayBeAbsoluteOrTurnBack) {
  write_file(path("x.bin"), std::string(2048, 'x'));
  std::filesystem::create_directory(path("sub"));
  for (const auto &name : {path("x.bin"), std::string("sub/../x.bin"), std::string("./x.bin")})
    EXPECT_EQ(locate(descriptor("d.vmdk", {"RW 4 FLAT \"" + name + "\" 0"})).path, path("x.bin"));
}

TEST_F(HostileVmdkTest, OnlyRegularFilesAreExtents) {
  ASSERT_EQ(::mkfifo(path("fifo").c_str(), 0600), 0);
  std::filesystem::create_directory(path("sub"));
  for (const auto *name : {"fifo", "sub", "."})
    EXPECT_ERROR(refusal(descriptor("d.vmdk", {std::string("RW 1 FLAT \"") + name + "\" 0"})),
                 Code::unsupported, HasSubstr("no regular file"));
  EXPECT_ERROR(refusal(descriptor("d.vmdk", {"RW 1 FLAT \"/dev/zero\" 0"}), true),
               Code::unsupported, HasSubstr("no regular file"));
}

TEST_F(HostileVmdkTest, NamesThatQemuWouldTakeForMoreAreOnlyFiles) {
  for (const auto *name :
       {"nbd:localhost:10809", "json:{}", "fat:rw:.", "http://h/x", "nbd://h/x"}) {
    EXPECT_ERROR(refusal(descriptor("d.vmdk", {std::string("RW 1 FLAT \"") + name + "\" 0"})),
                 Code::not_found, HasSubstr(name));
    EXPECT_ERROR(refusal(snapshot_of(name)), Code::not_found, HasSubstr(name));
  }
}

TEST_F(HostileVmdkTest, PathsOfWindowsAreSaidToBeThat) {
  for (const auto *name : {"C:\\vm\\x.vmdk", "sub\\x.vmdk", "D:/vm/x.vmdk"})
    EXPECT_ERROR(refusal(snapshot_of(name)), Code::unsupported, HasSubstr("Windows"));
}

TEST_F(HostileVmdkTest, ParentsAreConfinedAsExtentsAre) {
  for (const auto *name : {"/etc/passwd", "../../../etc/passwd"})
    EXPECT_ERROR(refusal(snapshot_of(name)), Code::unsupported, HasSubstr("parent disk"),
                 HasSubstr("--allow-references"));
  make_raw("secret.raw");
  EXPECT_ERROR(refusal(snapshot_of("secret.raw")), Code::corrupt, HasSubstr("not a VMDK"));
}

TEST_F(HostileVmdkTest, AChainThatIsALoopIsRefused) {
  EXPECT_ERROR(refusal(snapshot_of("top.vmdk")), Code::corrupt,
               AnyOf(HasSubstr("changed after"), HasSubstr("own parents")));
  write_file(path("delta.vmdk"), esx_sparse(2048, {}));
  const auto layer = [&](const std::string &name, const std::string &parent) {
    descriptor(name, {"RW 2048 VMFSSPARSE \"delta.vmdk\""},
               "CID=0000aaaa\nparentCID=0000aaaa\nparentFileNameHint=\"" + parent + "\"");
  };
  layer("a.vmdk", "b.vmdk");
  layer("b.vmdk", "a.vmdk");
  EXPECT_ERROR(refusal(path("a.vmdk")), Code::corrupt, HasSubstr("own parents"));
  std::filesystem::create_hard_link(path("a.vmdk"), path("c.vmdk"));
  layer("b.vmdk", "c.vmdk");
  EXPECT_ERROR(refusal(path("a.vmdk")), Code::corrupt, HasSubstr("own parents"));
  for (int i = 0; i < 300; ++i) layer(std::to_string(i) + ".vmdk", std::to_string(i + 1) + ".vmdk");
  EXPECT_ERROR(refusal(path("0.vmdk")), Code::unsupported, HasSubstr("255 snapshots"));
}

TEST_F(HostileVmdkTest, CutOffExtentsAreNamedWithBothSizes) {
  write_file(path("x.bin"), std::string(1000, 'x'));
  EXPECT_ERROR(refusal(descriptor("d.vmdk", {"RW 2 FLAT \"x.bin\" 0"})), Code::corrupt,
               HasSubstr("1024"), HasSubstr("1000"), HasSubstr("x.bin"));
  EXPECT_ERROR(refusal(descriptor("d.vmdk", {"RW 1 FLAT \"x.bin\" 1"})), Code::corrupt,
               HasSubstr("cut off"));
  EXPECT_ERROR(refusal(descriptor("d.vmdk", {"RW 1 FLAT \"x.bin\" 2199023255552"})), Code::corrupt,
               HasSubstr("cut off"));
}

TEST_F(HostileVmdkTest, AbsurdNumbersAreRefused) {
  for (const auto *extent :
       {"RW 0 FLAT \"x\" 0", "RW -1 FLAT \"x\" 0", "RW 99999999999999999999 FLAT \"x\" 0",
        "RW 9223372036854775807 FLAT \"x\" 0", "RW 1 FLAT \"x\" -1", "RW x FLAT \"x\" 0",
        "RW 1 FLAT \"x\" 18446744073709551615", "RW 1 FLAT \"x", "RW"})
    EXPECT_ERROR(refusal(descriptor("d.vmdk", {extent})), Code::corrupt, HasSubstr("d.vmdk"));
  EXPECT_ERROR(refusal(descriptor("d.vmdk", {"RW 1099511627777 ZERO", "RW 1099511627777 ZERO"})),
               Code::corrupt, HasSubstr("impossible extent"));
  EXPECT_ERROR(refusal(descriptor("d.vmdk", std::vector<std::string>(9000, "RW 1 ZERO"))),
               Code::corrupt, HasSubstr("impossible extent"));
  EXPECT_EQ(refusal(descriptor("d.vmdk", {}, "CID=xyz")).code(), Code::corrupt);
  EXPECT_ERROR(refusal(descriptor("d.vmdk", {})), Code::corrupt, HasSubstr("no extents"));
  write_file(path("big.vmdk"), "# Disk DescriptorFile\n" + std::string(2 * mebibyte, '\n'));
  EXPECT_ERROR(refusal(path("big.vmdk")), Code::corrupt, HasSubstr("too large"));
}

TEST_F(HostileVmdkTest, DevicesAndMappingsAreSaidToBeThat) {
  EXPECT_ERROR(refusal(descriptor("d.vmdk", {"RW 8 VMFSRDM \"d-rdm.vmdk\""})), Code::unsupported,
               HasSubstr("raw device mapping"), HasSubstr("vmkfstools"));
  write_file(path("d.vmdk"),
             "# Disk DescriptorFile\ncreateType=\"fullDevice\"\nRW 8 FLAT \"/dev/sdb\" 0\n");
  EXPECT_ERROR(refusal(path("d.vmdk")), Code::unsupported, HasSubstr("physical disk"),
               HasSubstr("-i disk"));
  EXPECT_ERROR(refusal(descriptor("e.vmdk", {"RW 8 PMEM \"x\""})), Code::unsupported,
               HasSubstr("PMEM"));
  EXPECT_ERROR(refusal(descriptor("e.vmdk", {"NOACCESS 8 ZERO"})), Code::unsupported,
               HasSubstr("NOACCESS"));
}

TEST_F(HostileVmdkTest, EncryptedDisksAreSaidToBeThat) {
  make_raw("d-flat.vmdk");
  for (const auto *line : {"ddb.iofilters = \"vmwarevmcrypt\"", "encryptionKeys=\"vmware:key/x\""})
    EXPECT_ERROR(refusal(descriptor("d.vmdk", {"RW 8 VMFS \"d-flat.vmdk\"", line})),
                 Code::unsupported, HasSubstr("encrypted"));
}

TEST_F(HostileVmdkTest, AnExtentIsOfTheTypeThatTheDescriptorSays) {
  make_raw("raw.bin", 2 * mebibyte, 4096);
  for (const auto *type : {"SPARSE", "VMFSSPARSE", "SESPARSE"})
    EXPECT_ERROR(refusal(descriptor("d.vmdk", {std::string("RW 2048 ") + type + " \"raw.bin\""})),
                 Code::corrupt, HasSubstr(type));
  write_file(path("delta.vmdk"), esx_sparse(2048, {}));
  EXPECT_ERROR(refusal(descriptor("d.vmdk", {"RW 2048 SESPARSE \"delta.vmdk\""})), Code::corrupt,
               HasSubstr("SESPARSE"));
  EXPECT_ERROR(refusal(descriptor("d.vmdk", {"RW 4096 VMFSSPARSE \"delta.vmdk\""})), Code::corrupt,
               HasSubstr("2048"), HasSubstr("4096"));
  convert(path("raw.bin"), "stream.vmdk", "vmdk", {"-o", "subformat=streamOptimized"});
  EXPECT_ERROR(refusal(descriptor("d.vmdk", {"RW 4096 SPARSE \"stream.vmdk\""})), Code::unsupported,
               HasSubstr("streamOptimized"));
}

TEST_F(HostileVmdkTest, ASparseExtentWithoutSizeFollowsNoDescriptorInIt) {
  const auto raw = make_raw("disk.raw");
  convert(raw, "part.vmdk", "vmdk");
  patch(path("part.vmdk"), 12, little_endian(0, 8));
  EXPECT_ERROR(refusal(descriptor("d.vmdk", {"RW 16384 SPARSE \"part.vmdk\""})), Code::corrupt,
               HasSubstr("no bytes"));
}

TEST_F(HostileVmdkTest, DamagedEsxExtentsAreRefused) {
  const auto whole = esx_sparse(16384, {{2, 'A'}});
  descriptor("d.vmdk", {"RW 16384 VMFSSPARSE \"delta.vmdk\""});
  const auto with = [&](std::uint64_t at, std::uint64_t value) {
    auto image = whole;
    put(image, at, value, 4);
    write_file(path("delta.vmdk"), image);
    return refusal(path("d.vmdk")).code();
  };
  EXPECT_EQ(with(4, 2), Code::unsupported);                 // version
  EXPECT_EQ(with(12, 0), Code::corrupt);                    // capacity
  EXPECT_EQ(with(16, 0), Code::corrupt);                    // grain
  EXPECT_EQ(with(16, 3), Code::corrupt);                    // no power of two
  EXPECT_EQ(with(20, 0xfffffff0), Code::corrupt);           // directory
  EXPECT_EQ(with(24, 1), Code::corrupt);                    // too small a directory
  EXPECT_EQ(with(4 * 512, 0xfffffff0), Code::corrupt);      // a table
  EXPECT_EQ(with(8 * 512 + 8, 0xfffffff0), Code::corrupt);  // a grain
  write_file(path("delta.vmdk"), whole.substr(0, 3000));
  EXPECT_EQ(refusal(path("d.vmdk")).code(), Code::corrupt);
}

TEST_F(HostileVmdkTest, DamagedSeSparseExtentsAreRefused) {
  const auto whole = se_sparse(16384, {{2, 'A'}});
  descriptor("d.vmdk", {"RW 16384 SESPARSE \"delta.vmdk\""});
  const auto with = [&](std::uint64_t at, std::uint64_t value) {
    auto image = whole;
    put(image, at, value, 8);
    write_file(path("delta.vmdk"), image);
    return refusal(path("d.vmdk")).code();
  };
  for (const std::uint64_t at : {8, 24, 32, 40}) EXPECT_EQ(with(at, 5), Code::unsupported) << at;
  for (const std::uint64_t at : {16, 80, 128, 136, 144, 152, 192})
    EXPECT_EQ(with(at, ~std::uint64_t(0) - 3), Code::corrupt) << at;
  EXPECT_EQ(with(136, 0), Code::corrupt);
  EXPECT_EQ(with(512, 0), Code::corrupt);
  EXPECT_EQ(with(512 + 24, 1), Code::unsupported);  // a journal that must be replayed
}

TEST_F(HostileVmdkTest, WhatIsStagedHasNoNameFromTheGuest) {
  write_file(path("part 1,x=y.bin"), std::string(mebibyte, 'p'));
  write_file(path("delta.vmdk"), esx_sparse(2048, {}));
  descriptor("base.vmdk", {"RW 2048 FLAT \"part 1,x=y.bin\" 0"}, "CID=0000aaaa");
  const auto location = locate(snapshot_of("base.vmdk"));
  for (const auto &entry :
       std::filesystem::directory_iterator(std::filesystem::path(location.path).parent_path())) {
    if (entry.is_symlink()) continue;
    EXPECT_THAT(read_file(entry.path()), Not(AnyOf(HasSubstr("base"), HasSubstr("part"),
                                                   HasSubstr("delta"), HasSubstr("/"))));
  }
}

}  // namespace
}  // namespace v2v::test
