// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// -i ova through its class, on OVAs packed in every way: where the disks are, what is unpacked, and
// the manifest.
#include "ova_fixture.hpp"

#include <checksums.hpp>
#include <manifests.hpp>

namespace v2v::test {
namespace {

using namespace input_ova;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class OvaInputTest : public OvaTest {
 protected:
  /// Two disks, an OVF that comes first, and a manifest.
  std::vector<std::string> put_guest() {
    first_ = put_vmdk("disk 1.vmdk", 100000);
    second_ = put_vmdk("Größe.vmdk", 200000);
    put("guest.ovf", ovf({{"disk%201.vmdk", ""}, {"Größe.vmdk", ""}}));
    put("guest.mf", sum_line("SHA1", "guest.ovf", folder("guest.ovf")) +
                        sum_line("SHA256", "disk 1.vmdk", folder("disk 1.vmdk")) +
                        sum_line("SHA512", "Größe.vmdk", folder("Größe.vmdk")));
    return {"guest.ovf", "guest.mf", "disk 1.vmdk", "Größe.vmdk"};
  }
  void expect_guest(const Source &source) const {
    ASSERT_EQ(source.disks.size(), 2u);
    EXPECT_EQ(source.name, "guest");
    EXPECT_EQ(source.disks[0].location.format, "vmdk");
    EXPECT_FALSE(source.disks[0].location.references);
    EXPECT_TRUE(bytes_at(source.disks[0].location) == first_);
    EXPECT_TRUE(bytes_at(source.disks[1].location) == second_);
    EXPECT_THAT(warnings_, IsEmpty());
  }
  bool unpacked_anything() const { return !std::filesystem::is_empty(run_directory_); }

  std::string first_, second_;
};

TEST_F(OvaInputTest, ATarIsReadInPlace) {
  const auto files = put_guest();
  for (const auto *format : {"ustar", "pax", "gnu", "v7"}) {
    const auto ova = tar("a.ova", files, {std::string("--format=") + format});
    const auto source = open(ova);
    expect_guest(source);
    EXPECT_EQ(source.disks[0].location.path, ova);
    EXPECT_GT(source.disks[0].location.offset, 1024u);
    EXPECT_FALSE(unpacked_anything());
    EXPECT_EQ(last_progress_.first, last_progress_.second);
    EXPECT_GE(last_progress_.second, first_.size() + second_.size());
  }
}

TEST_F(OvaInputTest, CompressedOnesAreUnpacked) {
  const auto files = put_guest();
  put("unneeded.iso", std::string(1000, 'i'));
  auto all = files;
  all.push_back("unneeded.iso");
  for (const auto *option : {"--gzip", "--xz", "--bzip2"}) {
    std::filesystem::remove_all(run_directory_);
    std::filesystem::create_directory(run_directory_);
    const auto source = open(tar("a.ova", all, {option}));
    expect_guest(source);
    EXPECT_THAT(source.disks[0].location.path, HasSubstr(run_directory_));
    // The OVF, whose sum is in the manifest, and the disks.
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(run_directory_), {}), 3);
  }
}

TEST_F(OvaInputTest, TheOvfAndTheManifestMayComeLast) {
  put_guest();
  expect_guest(open(tar("a.ova", {"disk 1.vmdk", "Größe.vmdk", "guest.ovf", "guest.mf"},
                        {"--gzip", "--format=pax"})));
}

TEST_F(OvaInputTest, AZipIsUnpacked) {
  put_guest();
  run({"sh", "-c", "cd \"$0\" && zip -q \"$1\" *", folder(), path("a.ova")});
  expect_guest(open(path("a.ova")));
}

TEST_F(OvaInputTest, ADirectoryAndABareOvfAreUsedAsTheyAre) {
  put_guest();
  auto source = open(folder());
  expect_guest(source);
  EXPECT_EQ(source.disks[0].location.path, folder("disk 1.vmdk"));
  EXPECT_EQ(source.disks[0].location.offset, 0u);
  // Another guest in the same directory.
  put("other.ovf", "<x/>");
  put("other.mf", "rubbish");
  expect_guest(open(folder("guest.ovf")));
  EXPECT_ERROR(refusal(folder()), Code::unsupported, HasSubstr("several OVF files"),
               HasSubstr("other.ovf"));
  EXPECT_FALSE(unpacked_anything());
}

TEST_F(OvaInputTest, EverythingMayLieInASubfolder) {
  const auto disk = put_vmdk("sub/dir/disk.vmdk");
  put("sub/dir/g.ovf", ovf({{"disk.vmdk", ""}}));
  put("sub/dir/g.mf", sum_line("SHA1", "disk.vmdk", folder("sub/dir/disk.vmdk")));
  put("sub/dir/._g.ovf", "rubbish of macOS");
  for (const auto &ova : {tar("a.ova", {"sub"}), tar("b.ova", {"sub"}, {"--gzip"}), folder()}) {
    EXPECT_TRUE(bytes_at(open(ova).disks.at(0).location) == disk) << ova;
    EXPECT_THAT(warnings_, IsEmpty());
  }
}

TEST_F(OvaInputTest, GzippedDisksAndChunksAreUnpacked) {
  const auto disk = put_vmdk("disk.vmdk");
  run({"gzip", "-k", folder("disk.vmdk")});
  const auto packed = read_file(folder("disk.vmdk.gz"));
  put("c.gz.000000000", packed.substr(0, 70000));
  put("c.gz.000000001", packed.substr(70000));
  put("p.000000000", disk.substr(0, 12345));
  put("p.000000001", disk.substr(12345, 1));
  put("p.000000002", disk.substr(12346));
  put("g.ovf", ovf({{"disk.vmdk.gz", "ovf:compression='gzip'"},
                    {"c.gz", "ovf:compression='gzip' ovf:chunkSize='70000'"},
                    {"p", "ovf:chunkSize='12345'"}}));
  for (const auto &ova :
       {folder(), tar("a.ova", {"g.ovf", "disk.vmdk.gz", "c.gz.000000000", "c.gz.000000001",
                                "p.000000000", "p.000000001", "p.000000002"})}) {
    std::filesystem::remove_all(run_directory_);
    std::filesystem::create_directory(run_directory_);
    const auto source = open(ova);
    for (const auto &each : source.disks) EXPECT_TRUE(bytes_at(each.location) == disk) << each.id;
  }
  std::filesystem::remove(folder("p.000000001"));
  EXPECT_ERROR(refusal(folder()), Code::not_found, HasSubstr("p.000000001"));
}

TEST_F(OvaInputTest, TheNewestStateOfASnapshotIsTaken) {
  for (const auto *name : {"d.vmdk.000000000", "d.vmdk.000000002", "d.vmdk.000000001"})
    put(name, std::string(10240, name[15]));
  put("d.vmdk.text", "no digits");
  put("g.ovf", ovf({{"d.vmdk", ""}}));
  EXPECT_EQ(open(folder()).disks.at(0).location.path, folder("d.vmdk.000000002"));
  EXPECT_EQ(bytes_at(open(tar("a.ova", {"."})).disks.at(0).location), std::string(10240, '2'));
}

TEST_F(OvaInputTest, InADirectoryASnapshotMayHaveItsParentBesideIt) {
  const auto raw = make_raw("base");
  std::filesystem::create_directories(folder());
  run({"qemu-img", "convert", "-f", "raw", "-O", "vmdk", raw, folder("base.vmdk")});
  run({"qemu-img", "create", "-q", "-f", "vmdk", "-b", "base.vmdk", "-F", "vmdk",
       folder("delta.vmdk")});
  put("g.ovf", ovf({{"delta.vmdk", "", "ovf:capacity='8388608' ovf:parentRef='d9'"}}));
  const auto location = open(folder()).disks.at(0).location;
  EXPECT_TRUE(location.references);
  EXPECT_THAT(location.path, HasSubstr(run_directory_));
  EXPECT_TRUE(same_content(location.path, "vmdk", raw, "raw"));
  EXPECT_ERROR(refusal(tar("a.ova", {"g.ovf", "delta.vmdk", "base.vmdk"})), Code::unsupported,
               HasSubstr("names another file"), HasSubstr("give its directory"));
}

TEST_F(OvaInputTest, ADescriptorOfADirectoryMayHaveItsExtentBesideIt) {
  std::filesystem::create_directories(folder());
  run({"qemu-img", "convert", "-f", "raw", "-O", "vmdk", "-o", "subformat=monolithicFlat",
       make_raw("base"), folder("d.vmdk")});
  put("g.ovf", ovf({{"d.vmdk", ""}}));
  const auto location = open(folder("g.ovf")).disks.at(0).location;
  EXPECT_EQ(location.format, "raw");
  EXPECT_EQ(location.path, folder("d-flat.vmdk"));
}

TEST_F(OvaInputTest, ABlankDiskIsMade) {
  put("g.ovf", ovf({{"unused", "",
                     "ovf:capacity='3' ovf:capacityAllocationUnits='MB' x='"
                     "' ovf:parentRef=''"}}));
  auto text = read_file(folder("g.ovf"));
  text.replace(text.find("ovf:fileRef='f0'"), 16, "");
  put("g.ovf", text);
  const auto source = open(folder());
  EXPECT_EQ(source.disks.at(0).location.format, "raw");
  EXPECT_EQ(std::filesystem::file_size(source.disks[0].location.path), 3 * mebibyte);
}

TEST_F(OvaInputTest, ADiskOfTwoDevicesIsReadTwiceAndUnpackedOnce) {
  put_guest();
  auto text = read_file(folder("guest.ovf"));
  text.replace(text.find("/disk/d1"), 8, "/disk/d0");
  put("guest.ovf", text);
  const auto source = open(tar("a.ova", {"guest.ovf", "disk 1.vmdk"}, {"--gzip"}));
  ASSERT_EQ(source.disks.size(), 2u);
  EXPECT_TRUE(bytes_at(source.disks[0].location) == first_);
  EXPECT_EQ(source.disks[1].location.path, source.disks[0].location.path);
  // The OVF and one disk.
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(run_directory_), {}), 2);
}

TEST_F(OvaInputTest, EachContentOfTheManifestCounts) {
  const auto files = put_guest();
  const auto first = read_file(folder("disk 1.vmdk"));
  auto changed = first;
  changed[changed.size() / 2] = static_cast<char>(changed[changed.size() / 2] ^ 1);
  put("disk 1.vmdk", changed);
  for (const auto &ova : {tar("a.ova", files), tar("b.ova", files, {"--gzip"}),
                          tar("c.ova", {files[2], files[3], files[0], files[1]}, {"--gzip"}),
                          folder(), folder("guest.ovf")})
    EXPECT_ERROR(refusal(ova), Code::corrupt, HasSubstr("-i ova: corrupt OVA"),
                 HasSubstr("disk 1.vmdk"), HasSubstr("SHA256"),
                 HasSubstr(run({"sha256sum", folder("disk 1.vmdk")}).substr(0, 64)),
                 HasSubstr(read_file(folder("guest.mf")).substr(80, 20)));
}

TEST_F(OvaInputTest, AWrongSumOfWhatIsNotNeededIsFoundOnTheWay) {
  put_vmdk("d.vmdk");
  put("x.iso", "iso");
  put("g.ovf", ovf({{"d.vmdk", ""}}));
  put("g.mf", "SHA1(x.iso)= " + std::string(40, '0') + "\n");
  for (const auto *option : {"--gzip", "--format=ustar"})
    EXPECT_ERROR(refusal(tar("a.ova", {"g.ovf", "g.mf", "d.vmdk", "x.iso"}, {option})),
                 Code::corrupt, HasSubstr("x.iso"));
}

TEST_F(OvaInputTest, OddManifestsAreWarnedAbout) {
  put_vmdk("d.vmdk");
  put("g.ovf", ovf({{"d.vmdk", ""}}));
  put("g.cert", "not looked at");
  put("g.mf", "garbage line\r\nSHA1(none.vmdk)= " + std::string(40, 'a') +
                  "\r\nSHA1(../../etc/passwd)= " + std::string(40, 'a') + "\r\n" +
                  sum_line("SHA1", "d.vmdk", folder("d.vmdk")));
  for (const auto &ova : {folder(), tar("a.ova", {"g.ovf", "g.mf", "g.cert", "d.vmdk"}),
                          tar("b.ova", {"g.ovf", "g.mf", "g.cert", "d.vmdk"}, {"--gzip"})}) {
    warnings_.clear();
    open(ova);
    EXPECT_THAT(warnings_,
                ElementsAre(HasSubstr("garbage line"),
                            HasSubstr("manifest has a checksum for non-existent file none.vmdk"),
                            HasSubstr("non-existent file ../../etc/passwd")))
        << ova;
  }
}

TEST_F(OvaInputTest, AFileIsReadOnceForAllItsSums) {
  MemberList members("x.ova");
  members.add({"d.vmdk", path("d.vmdk"), 0, 3, {}});
  write_file(path("d.vmdk"), "abc");
  const auto sha1 = sum_line("SHA1", "d.vmdk", path("d.vmdk"));
  Manifests manifests{Host(&table_)};
  manifests.add(members, "g.mf", sha1 + sha1 + sum_line("SHA512", "d.vmdk", path("d.vmdk")));
  manifests.add(members, "h.mf", sha1);
  const auto checks = manifests.checks(members);
  ASSERT_EQ(checks.size(), 1u);
  EXPECT_EQ(checks[0].expected.size(), 2u);
  Checksums(Host(&table_), checks).finish();
  EXPECT_EQ(last_progress_.second, 3u);
  // Both cannot be right, so nothing has to be read.
  EXPECT_ERROR(error_of([&] {
                 manifests.add(members, "i.mf", "SHA1(d.vmdk)= " + std::string(40, '0') + "\n");
               }),
               Code::corrupt, HasSubstr("corrupt OVA"), HasSubstr("two SHA1 sums for d.vmdk"));
}

TEST_F(OvaInputTest, MissingFilesOfAManifestAreCountedNotListed) {
  MemberList members("x.ova");
  std::string text;
  for (int i = 0; i < 1000; ++i) text += fmt::format("SHA1(f{})= {}\n", i, std::string(40, '0'));
  Manifests manifests{Host(&table_)};
  manifests.add(members, "g.mf", text);
  EXPECT_THAT(manifests.checks(members), IsEmpty());
  EXPECT_EQ(warnings_.size(), 11u);
  EXPECT_THAT(warnings_.back(), HasSubstr("990 more"));
}

TEST_F(OvaInputTest, SumsAreStoppedWhenTheInputEnds) {
  write_file(path("big"), "");
  std::filesystem::resize_file(path("big"), std::uint64_t(1) << 40);
  Check check{"x.ova", "big", path("big"), 0, std::uint64_t(1) << 40, {}};
  check.expected = {{Algorithm::sha512, "big", std::string(128, '0')}};
  {
    // Would take half an hour.
    Checksums checksums(Host(&table_), {check, check});
    cancelled_ = 1;
    EXPECT_EQ(error_of([&] { checksums.finish(); }).code(), Code::cancelled);
  }
  cancelled_ = 0;
}

TEST_F(OvaInputTest, SumsOfManySmallFilesEnd) {
  write_file(path("small"), "");
  Check check{"x.ova", "small", path("small"), 0, 0, {}};
  check.expected = {{Algorithm::sha1, "small", "da39a3ee5e6b4b0d3255bfef95601890afd80709"}};
  // A thread may be done before the next one is started.
  for (int i = 0; i < 1000; ++i) Checksums(Host(&table_), {check, check, check}).finish();
}

TEST_F(OvaInputTest, UnpackingCanBeCancelled) {
  const auto ova = tar("a.ova", put_guest(), {"--gzip"});
  cancelled_ = 1;
  EXPECT_EQ(refusal(ova).code(), Code::cancelled);
}

TEST_F(OvaInputTest, TheRequestIsChecked) {
  InputRequest request;
  EXPECT_ERROR(error_of([&] { OvaInput(Host(&table_), request).open(); }), Code::usage,
               HasSubstr("expecting an OVA"));
  request.arguments = {"a", "b"};
  EXPECT_EQ(error_of([&] { OvaInput(Host(&table_), request).open(); }).code(), Code::usage);
  EXPECT_ERROR(refusal(path("none.ova")), Code::not_found, HasSubstr("none.ova"));
  write_file(path("empty.ova"), "");
  EXPECT_ERROR(refusal(path("empty.ova")), Code::corrupt, HasSubstr("empty"));
  write_file(path("text.ova"), "hello");
  EXPECT_ERROR(refusal(path("text.ova")), Code::unsupported, HasSubstr("unsupported file format"));
  EXPECT_EQ(refusal("/dev/null").code(), Code::usage);
}

}  // namespace
}  // namespace v2v::test
