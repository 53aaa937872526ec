// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "disk_fixture.hpp"

#include <core/disk/source_watch.hpp>

namespace v2v::test {
namespace {

using core::SourceWatch;

class SourceWatchTest : public DiskTest {
 protected:
  Source source() {
    Source source;
    source.disks.resize(3);
    source.disks[0].location = file(path("system"));
    source.disks[1].location = file(path("data"));
    source.disks[2].location.type = Location::Type::uri;
    source.disks[2].location.path = "nbd://host/export";
    return source;
  }
  void SetUp() override {
    DiskTest::SetUp();
    write_file(path("system"), "system");
    write_file(path("data"), "data");
  }
  // Error(corrupt) that names the disk, or nothing.
  static std::string changed(const SourceWatch &watch) {
    try {
      watch.check();
    } catch (const Error &error) {
      EXPECT_EQ(error.code(), Code::corrupt);
      return error.object();
    }
    return "nothing";
  }
};

TEST_F(SourceWatchTest, ReadingAndRenamingChangeNothing) {
  const SourceWatch watch(source());
  read_file(path("system"));
  std::filesystem::create_hard_link(path("system"), path("another name"));
  std::filesystem::permissions(path("data"), std::filesystem::perms::owner_read);
  EXPECT_EQ(changed(watch), "nothing");
}

TEST_F(SourceWatchTest, NoticesAWriteAReplacementAndARemoval) {
  const SourceWatch watch(source());
  const auto before = std::filesystem::last_write_time(path("data"));
  std::filesystem::last_write_time(path("data"), before + std::chrono::nanoseconds(4'000'000));
  EXPECT_EQ(changed(watch), path("data"));
  std::filesystem::last_write_time(path("data"), before);
  EXPECT_EQ(changed(watch), "nothing");
  std::filesystem::copy_file(path("system"), path("copy"));
  std::filesystem::rename(path("copy"), path("system"));
  EXPECT_EQ(changed(watch), path("system"));
  std::filesystem::remove(path("system"));
  EXPECT_EQ(changed(watch), path("system"));
}

}  // namespace
}  // namespace v2v::test
