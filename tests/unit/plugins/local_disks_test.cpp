// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <v2v/local_disks/local_disks.hpp>

#include "output_fixture.hpp"

namespace v2v::test {
namespace {

using local_disks::LocalDisks;
using local_disks::LocalRequest;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class LocalDisksTest : public testing::Test {
 protected:
  LocalDisks make(LocalRequest request = {}) {
    request.mode = "-o local";
    request.directory = scratch_.path();
    return LocalDisks(request,
                      {[this](const std::string &record) { records_.push_back(record); },
                       [this](const std::string &text) { warnings_.push_back(text); },
                       {}},
                      {".xml"}, {"-vars.fd"});
  }
  static LocalRequest qcow2(bool preallocated = false) {
    LocalRequest request;
    request.format = "qcow2";
    request.preallocated = preallocated;
    return request;
  }
  static LocalRequest preallocated() {
    LocalRequest request;
    request.preallocated = true;
    return request;
  }
  static std::vector<TargetDisk> disks(const std::string &format, std::uint64_t size) {
    return {{0, format, size, 0}, {1, format, size, 0}};
  }
  std::uint64_t allocated(const std::string &path) const {
    struct stat entry {};
    EXPECT_EQ(stat(path.c_str(), &entry), 0) << path;
    return static_cast<std::uint64_t>(entry.st_blocks) * 512;
  }

  TemporaryDirectory scratch_;
  std::vector<std::string> records_, warnings_;
};

TEST_F(LocalDisksTest, RawSparse) {
  auto local = make();
  const auto plan = disks("raw", 3 << 20);
  local.precheck("a/b c", plan);
  EXPECT_THAT(names_in(scratch_.path()), IsEmpty());
  const auto targets = local.prepare("a/b c", plan);
  ASSERT_EQ(targets.size(), 2u);
  for (const auto &target : targets) {
    EXPECT_EQ(target.mode, Target::Mode::host_writes);
    EXPECT_TRUE(target.reads_as_zero);
    EXPECT_FALSE(target.preallocated || target.compressed);
    EXPECT_EQ(target.location->format, "raw");
    EXPECT_EQ(std::filesystem::file_size(target.location->path), 3u << 20);
    EXPECT_EQ(allocated(target.location->path), 0u);
  }
  local.add_file(".xml", "<domain/>", 0644);
  local.commit();
  EXPECT_THAT(names_in(scratch_.path()), ElementsAre("a_b c-sda", "a_b c-sdb", "a_b c.xml"));
  EXPECT_EQ(local.sources()[1].path, (scratch_ / "a_b c-sdb").string());
  LocalDisks::abort(records_);
  EXPECT_THAT(names_in(scratch_.path()), IsEmpty());
}

TEST_F(LocalDisksTest, RawPreallocated) {
  auto local = make(preallocated());
  const auto targets = local.prepare("g", disks("raw", (1 << 20) + 512));
  EXPECT_TRUE(targets[0].preallocated);
  EXPECT_GE(allocated(targets[0].location->path), 1u << 20);
}

TEST_F(LocalDisksTest, Qcow2) {
  for (const bool preallocate : {false, true}) {
    auto local = make(qcow2(preallocate));
    const auto plan = disks("qcow2", 8 << 20);
    local.precheck("g", plan);
    const auto path = local.prepare("g", plan)[0].location->path;
    const auto ran = shell("qemu-img info '" + path + "'");
    EXPECT_THAT(ran.output, HasSubstr("compat: 1.1"));
    EXPECT_THAT(ran.output, HasSubstr("8388608 bytes"));
    EXPECT_EQ(allocated(path) >= 8u << 20, preallocate);
    LocalDisks::abort(records_);
  }
  EXPECT_THAT(names_in(scratch_.path()), IsEmpty());
}

TEST_F(LocalDisksTest, DirectoriesThatCannotBeUsed) {
  write_file(scratch_ / "file", "");
  for (const auto &[name, code] :
       {std::pair{"missing", Code::not_found}, std::pair{"file", Code::usage},
        std::pair{"file/below", Code::access}}) {
    LocalRequest request;
    request.directory = scratch_ / name;
    LocalDisks local(request, {}, {".xml"});
    const auto error = error_of([&] { local.precheck("g", disks("raw", 512)); });
    ASSERT_TRUE(error) << name;
    EXPECT_EQ(error->code(), code) << name;
    EXPECT_THAT(error->remedy(), HasSubstr("-os")) << name;
  }
}

TEST_F(LocalDisksTest, ADirectoryThatOnlyOthersMayWrite) {
  std::filesystem::permissions(scratch_.path(), std::filesystem::perms(0500));
  auto local = make();
  // In a child, because root gives up its rights for it.
  EXPECT_EXIT(
      {
        if (geteuid() == 0 && setresuid(65534, 65534, 65534) != 0) _exit(2);
        const auto error = error_of([&] { local.precheck("g", disks("raw", 512)); });
        _exit(error && error->code() == Code::access ? 0 : 1);
      },
      testing::ExitedWithCode(0), "");
}

TEST_F(LocalDisksTest, AReadOnlyFileSystem) {
  const std::string where = scratch_.path();
  if (shell("mount -t tmpfs -o ro none '" + where + "'").status != 0) GTEST_SKIP() << "no mount";
  auto local = make();
  const auto error = error_of([&] { local.precheck("g", disks("raw", 512)); });
  shell("umount '" + where + "'");
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), Code::access);
  EXPECT_THAT(error->failure(), HasSubstr("Read-only"));
}

class SmallVolume : public LocalDisksTest {
 protected:
  void SetUp() override {
    const std::string where = scratch_.path();
    mounted_ = shell("mount -t tmpfs -o size=4M none '" + where + "'").status == 0;
    if (!mounted_) GTEST_SKIP() << "no mount";
  }
  void TearDown() override {
    if (mounted_) shell("umount '" + scratch_.path().string() + "'");
  }
  bool mounted_ = false;
};

TEST_F(SmallVolume, PreallocatedDisksMustFitBeforeAnythingStarts) {
  auto local = make(preallocated());
  const auto error = error_of([&] { local.precheck("g", disks("raw", 3 << 20)); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), Code::no_space);
  EXPECT_EQ(error->failure(), "the disks need 6.0 MiB, and there are 4.0 MiB free");
}

// The estimate of a disk with much room that is not partitioned is far above what it holds.
TEST_F(SmallVolume, AnEstimateIsNoReasonToRefuse) {
  auto plan = disks("raw", 3 << 20);
  auto local = make();
  local.precheck("g", plan);
  EXPECT_THAT(warnings_, IsEmpty());
  plan[0].estimated_size = plan[1].estimated_size = 3 << 20;
  local.precheck("g", plan);
  EXPECT_THAT(warnings_, ElementsAre(HasSubstr("may need 6.0 MiB, and 4.0 MiB are free")));
  // What really has to be written is compared by the host, which knows it by then.
  EXPECT_EQ(local.prepare("g", plan).size(), 2u);
  EXPECT_EQ(warnings_.size(), 1u);
}

TEST_F(SmallVolume, PreallocatedDisksThatNoLongerFitAreNotMade) {
  auto local = make(preallocated());
  const auto error = error_of([&] { local.prepare("g", disks("raw", 3 << 20)); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), Code::no_space);
  LocalDisks::abort(records_);
  EXPECT_THAT(names_in(scratch_.path()), IsEmpty());
}

TEST_F(SmallVolume, ASpaceErrorWhileCreatingLeavesNothing) {
  // The bytes of the disk fit, the tables of qcow2 do not any more.
  auto local = make(qcow2(true));
  const auto error = error_of([&] { local.prepare("g", {{0, "qcow2", 4 << 20, 0}}); });
  ASSERT_TRUE(error);
  EXPECT_THAT(error->failure(), HasSubstr("No space left"));
  LocalDisks::abort(records_);
  EXPECT_THAT(names_in(scratch_.path()), IsEmpty());
}

TEST_F(LocalDisksTest, NamesThatAreTooLong) {
  auto local = make();
  const auto error = error_of([&] { local.precheck(std::string(252, 'x'), disks("raw", 512)); });
  ASSERT_TRUE(error);
  EXPECT_THAT(error->failure(), HasSubstr("too long"));
  EXPECT_THAT(error->remedy(), HasSubstr("-on"));
  local.precheck(std::string(247, 'x'), disks("raw", 512));  // 255 with -vars.fd
}

TEST_F(LocalDisksTest, OddNamesThatAreFine) {
  for (const std::string name : {".", "..", "-rf", "é 日本", "a'b\"$(id)", "a:b,c"}) {
    auto local = make(qcow2());
    const auto plan = disks("qcow2", 1 << 20);
    local.precheck(name, plan);
    local.prepare(name, plan);
    local.add_file(".xml", "x", 0644);
    local.commit();
    EXPECT_TRUE(std::filesystem::exists(scratch_ / (name + "-sdb"))) << name;
  }
}

TEST_F(LocalDisksTest, ADiskOfTheSourceIsNeverOverwritten) {
  write_file(scratch_ / "g-sda", "the source");
  std::filesystem::create_symlink(scratch_ / "g-sda", scratch_ / "other-name");
  LocalRequest overwrite;
  overwrite.overwrite = true;
  Source source;
  source.disks.resize(1);
  source.disks[0].location.path = (scratch_ / "other-name").string();
  auto local = make(overwrite);
  local.precheck("g", disks("raw", 512));
  const auto error = error_of([&] { local.refuse_source(source, disks("raw", 512)); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->object(), (scratch_ / "g-sda").string());
  local.precheck("h", disks("raw", 512));
  EXPECT_FALSE(error_of([&] { local.refuse_source(source, disks("raw", 512)); }));
}

TEST_F(LocalDisksTest, ExistingFilesAreRefusedUnlessOverwritten) {
  for (const char *name : {"g-sdb", "g.xml", "g-vars.fd"}) {
    write_file(scratch_ / name, "old");
    auto local = make();
    const auto error = error_of([&] { local.precheck("g", disks("raw", 512)); });
    ASSERT_TRUE(error) << name;
    EXPECT_EQ(error->code(), Code::exists);
    EXPECT_EQ(error->object(), (scratch_ / name).string());
    EXPECT_THAT(error->remedy(), HasSubstr("-oo overwrite"));
    EXPECT_EQ(read_file(scratch_ / name), "old");
    LocalRequest overwrite;
    overwrite.overwrite = true;
    auto replacing = make(overwrite);
    replacing.precheck("g", disks("raw", 512));
    replacing.prepare("g", disks("raw", 512));
    EXPECT_EQ(read_file(scratch_ / name), "old");
    replacing.add_file(".xml", "new", 0644);
    replacing.commit();
    EXPECT_THAT(names_in(scratch_.path()), ElementsAre("g-sda", "g-sdb", "g.xml"));
    EXPECT_EQ(read_file(scratch_ / "g.xml"), "new");
    for (const auto &left : names_in(scratch_.path())) std::filesystem::remove(scratch_ / left);
  }
}

TEST_F(LocalDisksTest, CancellingStopsAPreallocation) {
  LocalRequest request = preallocated();
  request.directory = scratch_.path();
  LocalDisks local(request,
                   {[this](const std::string &record) { records_.push_back(record); },
                    {},
                    [] { throw Error(Code::cancelled, "cancelled"); }},
                   {".xml"});
  EXPECT_EQ(error_of([&] { local.prepare("g", disks("raw", 1 << 20)); })->code(), Code::cancelled);
}

TEST(LocalRequest, WhatMakesNoSenseIsRefused) {
  OutputRequest request;
  const auto error_for = [&](const OutputRequest &wrong) {
    const auto error = error_of([&] { LocalRequest::from("-o local", wrong); });
    return error ? std::string(error->what()) : std::string();
  };
  EXPECT_EQ(error_for(request), "-o local: output directory was not specified; use '-os /dir'");
  request.storage = "relative/";
  EXPECT_EQ(LocalRequest::from("-o local", request).directory,
            std::filesystem::current_path() / "relative");
  request.options.add("compressed", "true");
  EXPECT_THAT(error_for(request), HasSubstr("only possible with qcow2"));
  request.format = "qcow2";
  EXPECT_EQ(error_for(request), "");
  request.allocation = Allocation::preallocated;
  EXPECT_THAT(error_for(request), HasSubstr("exclude each other"));
  OutputRequest format = request;
  format.format = "vmdk";
  EXPECT_THAT(error_for(format), HasSubstr("-of raw or -of qcow2"));
  OutputRequest connection = request;
  connection.connection = "qemu:///system";
  EXPECT_THAT(error_for(connection), HasSubstr("-oc option cannot be used in this output mode"));
  OutputRequest hostile = request;
  hostile.storage = "/tmp/\x01";
  EXPECT_THAT(error_for(hostile), HasSubstr("/tmp/?"));
}

}  // namespace
}  // namespace v2v::test
