// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// VMDKs in all the shapes that VMware stores, made by qemu-img or by hand, are read as qemu reads
// the disk that they were made from.
#include "vmdk_fixture.hpp"

namespace v2v::test {
namespace {

using ::testing::HasSubstr;

class VmdkChainTest : public VmdkTest {};

struct Shape {
  const char *subformat, *format;
  bool references;
  bool odd_size = false;
};
class VmdkShapeTest : public VmdkTest, public ::testing::WithParamInterface<Shape> {};

TEST_P(VmdkShapeTest, IsReadAsTheDiskItWasMadeFrom) {
  const auto [subformat, format, references, odd] = GetParam();
  const auto raw = make_raw("disk.raw", 8 * mebibyte + (odd ? 5 * 512 : 0));
  const auto vmdk = convert(raw, "d.vmdk", "vmdk", {"-o", std::string("subformat=") + subformat});
  const auto location = locate(vmdk);
  EXPECT_EQ(location.format, format);
  EXPECT_EQ(location.references, references);
  EXPECT_SAME_CONTENT(location, raw);
}
INSTANTIATE_TEST_SUITE_P(Subformats, VmdkShapeTest,
                         ::testing::Values(Shape{"monolithicSparse", "vmdk", false},
                                           Shape{"monolithicSparse", "vmdk", false, true},
                                           Shape{"streamOptimized", "vmdk", false},
                                           Shape{"monolithicFlat", "raw", false},
                                           Shape{"twoGbMaxExtentSparse", "vmdk", true},
                                           Shape{"twoGbMaxExtentSparse", "vmdk", true, true},
                                           Shape{"twoGbMaxExtentFlat", "raw", false}));

TEST_F(VmdkChainTest, ADiskInManyPartsIsPutTogether) {
  const std::uint64_t size = 5120 * mebibyte;  // three parts of at most 2 GB
  const auto raw = make_raw("disk.raw", size);
  patch(raw, 2047 * mebibyte, "end of the first part");
  patch(raw, 4096 * mebibyte, "third part");
  for (const auto *subformat : {"twoGbMaxExtentSparse", "twoGbMaxExtentFlat"}) {
    const auto vmdk = convert(raw, std::string(subformat) + ".vmdk", "vmdk",
                              {"-S", "4k", "-o", std::string("subformat=") + subformat});
    const auto location = locate(vmdk);
    EXPECT_TRUE(location.references);
    EXPECT_SAME_CONTENT(location, raw);
  }
}

TEST_F(VmdkChainTest, AFlatExtentIsReadInPlaceAtItsOffset) {
  const auto raw = make_raw("disk.raw");
  write_file(path("big.bin"), std::string(4096, 'x') + read_file(raw) + "behind");
  const auto location = locate(descriptor("d.vmdk", {"RW 16384 FLAT \"big.bin\" 8"}));
  EXPECT_EQ(location.format, "raw");
  EXPECT_EQ(location.path, path("big.bin"));
  EXPECT_EQ(location.offset, 4096u);
  EXPECT_EQ(location.length, 8 * mebibyte);
  EXPECT_FALSE(location.references);
  EXPECT_SAME_CONTENT(location, raw);
}

TEST_F(VmdkChainTest, AnEsxDiskIsItsFlatExtent) {
  const auto raw = make_raw("disk-flat.vmdk");
  const auto location = locate(descriptor("disk.vmdk", {"RW 16384 VMFS \"disk-flat.vmdk\""}));
  EXPECT_EQ(location.format, "raw");
  EXPECT_EQ(location.path, raw);
  EXPECT_EQ(location.offset, 0u);
  EXPECT_EQ(location.length, 0u);
}

TEST_F(VmdkChainTest, PartsWithoutDataAndReadOnlyPartsKeepTheirPlace) {
  const auto raw = make_raw("disk.raw");
  const auto bytes = read_file(raw);
  write_file(path("a.bin"), bytes.substr(0, mebibyte));
  write_file(path("b.bin"), bytes.substr(mebibyte));
  patch(raw, 0, std::string(mebibyte, '\0'));
  EXPECT_SAME_CONTENT(
      locate(descriptor("d.vmdk", {"RW 2048 ZERO", "RDONLY 14336 FLAT \"b.bin\" 0"})), raw);
}

TEST_F(VmdkChainTest, EmptyLinesAndLineEndsOfWindowsChangeNothing) {
  // qemu 7.2 by itself takes an extent behind an empty line twice.
  const auto raw = make_raw("disk.raw");
  const auto bytes = read_file(raw);
  write_file(path("a.bin"), bytes.substr(0, mebibyte));
  write_file(path("b.bin"), bytes.substr(mebibyte));
  EXPECT_SAME_CONTENT(locate(descriptor("d.vmdk", {"", "RW 2048 FLAT \"a.bin\" 0\r", "\r", "",
                                                   " RW\t14336  FLAT \"b.bin\" 0\r", ""})),
                      raw);
  EXPECT_EQ(qemu_size(locate(path("d.vmdk"))), 8 * mebibyte);
}

TEST_F(VmdkChainTest, NamesMayHaveSpacesAndOtherEncodings) {
  const auto raw = make_raw("größe 1-flat.vmdk");
  write_file(path("d.vmdk"),
             "# Disk DescriptorFile\r\nversion=1\r\nencoding=\"windows-1252\"\r\nCID=1\r\n"
             "parentCID=ffffffff\r\ncreateType=\"vmfs\"\r\nRW 16384 VMFS \"gr\xf6\xdf"
             "e 1-flat.vmdk\"\r\n");
  EXPECT_EQ(locate(path("d.vmdk")).path, raw);
}

// ---- Snapshots ---------------------------------------------------------------------------------

TEST_F(VmdkChainTest, TheCurrentStateOfWorkstationSnapshotsIsRead) {
  const auto raw = make_raw("disk.raw");
  convert(raw, "d.vmdk", "vmdk");
  for (const auto *name : {"d-000001.vmdk", "d-000002.vmdk"}) {
    const std::string parent = name == std::string("d-000001.vmdk") ? "d.vmdk" : "d-000001.vmdk";
    run({"qemu-img", "create", "-q", "-f", "vmdk", "-F", "vmdk", "-b", path(parent), path(name)});
    make_hint_relative(name, parent);
    const auto where = parent == "d.vmdk" ? 3 * mebibyte : 5 * mebibyte;
    run({"qemu-io", "-f", "vmdk", "-c", "write -P 7 " + std::to_string(where) + " 65536",
         path(name)});
    patch(raw, where, std::string(65536, '\7'));
  }
  const auto location = locate(path("d-000002.vmdk"));
  EXPECT_TRUE(location.references);
  EXPECT_SAME_CONTENT(location, raw);
}

TEST_F(VmdkChainTest, EsxSnapshotsOfBothKindsAreRead) {
  const auto raw = make_raw("disk-flat.vmdk");
  descriptor("disk.vmdk", {"RW 16384 VMFS \"disk-flat.vmdk\""}, "cid=0000aaaa");
  write_file(path("disk-000001-delta.vmdk"), esx_sparse(16384, {{2, 'A'}, {4097, 'B'}}));
  descriptor("disk-000001.vmdk", {"RW 16384 VMFSSPARSE \"disk-000001-delta.vmdk\""},
             "cid=0000bbbb\nparentCID=0000aaaa\nparentFileNameHint=\"disk.vmdk\"");
  write_file(path("disk-000002-sesparse.vmdk"), se_sparse(16384, {{0, 'S'}, {700, 'T'}}));
  descriptor("disk-000002.vmdk", {"RW 16384 SESPARSE \"disk-000002-sesparse.vmdk\""},
             "cid=0000cccc\nparentCID=0000bbbb\nparentFileNameHint=\"disk-000001.vmdk\"");
  auto expected = read_file(raw);
  expected.replace(2 * 512, 512, std::string(512, 'A'));
  expected.replace(4097 * 512, 512, std::string(512, 'B'));
  write_file(path("one.raw"), expected);
  EXPECT_SAME_CONTENT(locate(path("disk-000001.vmdk")), path("one.raw"));
  expected.replace(0, 4096, std::string(4096, 'S'));
  expected.replace(700 * 4096, 4096, std::string(4096, 'T'));
  write_file(path("two.raw"), expected);
  EXPECT_SAME_CONTENT(locate(path("disk-000002.vmdk")), path("two.raw"));
}

TEST_F(VmdkChainTest, AChangedParentIsFoundOut) {
  make_raw("disk-flat.vmdk");
  descriptor("disk.vmdk", {"RW 16384 VMFS \"disk-flat.vmdk\""}, "cid=0000aaab");
  write_file(path("delta.vmdk"), esx_sparse(16384, {}));
  descriptor("top.vmdk", {"RW 16384 VMFSSPARSE \"delta.vmdk\""},
             "parentCID=0000aaaa\nparentFileNameHint=\"disk.vmdk\"");
  EXPECT_ERROR(refusal(path("top.vmdk")), Code::corrupt, HasSubstr("0000aaab"),
               HasSubstr("0000aaaa"), HasSubstr("disk.vmdk"));
}

TEST_F(VmdkChainTest, AMissingParentIsNamed) {
  write_file(path("delta.vmdk"), esx_sparse(16384, {}));
  descriptor("top.vmdk", {"RW 16384 VMFSSPARSE \"delta.vmdk\""},
             "parentCID=1\nparentFileNameHint=\"base.vmdk\"");
  EXPECT_ERROR(refusal(path("top.vmdk")), Code::not_found, HasSubstr("parent disk \"base.vmdk\""),
               HasSubstr("top.vmdk"));
  descriptor("top.vmdk", {"RW 16384 VMFSSPARSE \"delta.vmdk\""}, "parentCID=1");
  EXPECT_ERROR(refusal(path("top.vmdk")), Code::corrupt, HasSubstr("consolidate"));
}

TEST_F(VmdkChainTest, AParentOnAnotherDatastoreIsTakenFromBesideTheSnapshot) {
  const auto raw = make_raw("base-flat.vmdk");
  descriptor("base.vmdk", {"RW 16384 VMFS \"base-flat.vmdk\""}, "cid=0000aaaa");
  write_file(path("delta.vmdk"), esx_sparse(16384, {}));
  const auto top = [&](const std::string &parent) {
    descriptor(
        "top.vmdk", {"RW 16384 VMFSSPARSE \"delta.vmdk\""},
        "parentCID=0000aaaa\nparentFileNameHint=\"/vmfs/volumes/5f0c-ssd 2/vm/" + parent + "\"");
  };
  top("base.vmdk");
  EXPECT_SAME_CONTENT(locate(path("top.vmdk")), raw);
  // A file of that name that is something else is found out.
  descriptor("base.vmdk", {"RW 16384 VMFS \"base-flat.vmdk\""}, "cid=0000aaab");
  EXPECT_ERROR(refusal(path("top.vmdk")), Code::corrupt, HasSubstr("0000aaab"));
  top("gone.vmdk");
  EXPECT_ERROR(refusal(path("top.vmdk")), Code::not_found, HasSubstr("datastore \"5f0c-ssd 2\""),
               HasSubstr("Storage vMotion"), HasSubstr("gone.vmdk"));
}

TEST_F(VmdkChainTest, EachMissingPartIsNamed) {
  const auto raw = make_raw("disk.raw", 5120 * mebibyte);
  const auto vmdk =
      convert(raw, "d.vmdk", "vmdk", {"-S", "4k", "-o", "subformat=twoGbMaxExtentSparse"});
  std::filesystem::remove(path("d-s002.vmdk"));
  EXPECT_ERROR(refusal(vmdk), Code::not_found, HasSubstr("d-s002.vmdk"), HasSubstr("d.vmdk"));
}

TEST_F(VmdkChainTest, PartsAreNotTakenForDisks) {
  write_file(path("delta.vmdk"), esx_sparse(16384, {}));
  EXPECT_ERROR(refusal(path("delta.vmdk")), Code::usage, HasSubstr("-delta"));
  const auto raw = make_raw("disk-flat.vmdk");
  EXPECT_ERROR(refusal(raw), Code::corrupt, HasSubstr("not a VMDK"), HasSubstr("descriptor"));
  convert(raw, "d.vmdk", "vmdk", {"-o", "subformat=twoGbMaxExtentSparse"});
  EXPECT_ERROR(refusal(path("d-s001.vmdk")), Code::usage, HasSubstr("split disk"));
}

}  // namespace
}  // namespace v2v::test
