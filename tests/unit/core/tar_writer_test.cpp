// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What is collected of a guest, with tars as a hostile guest could make them.
#include <core/guest/tar_writer.hpp>

#include "../refusal.hpp"
#include "../temporary_directory.hpp"

#include <archive_entry.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/mman.h>
#include <v2v/error.hpp>

#include <core/run/file_descriptor.hpp>

namespace v2v::core {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(MemberBelow, StaysInItsPlace) {
  EXPECT_EQ(member_below("etc", "./passwd"), "etc/passwd");
  EXPECT_EQ(member_below("etc", "./"), "etc");
  EXPECT_EQ(member_below("etc", "/a//b/./c"), "etc/a/b/c");
  EXPECT_EQ(member_below("etc", "../passwd"), "");
  EXPECT_EQ(member_below("etc", "a/../../passwd"), "");
  EXPECT_EQ(member_below("etc", "..a/b.."), "etc/..a/b..");
}

FileDescriptor file_with(const std::string &content) {
  FileDescriptor fd(::memfd_create("content", MFD_CLOEXEC));
  EXPECT_EQ(::write(fd.get(), content.data(), content.size()),
            static_cast<ssize_t>(content.size()));
  ::lseek(fd.get(), 0, SEEK_SET);
  return fd;
}

/// A tar of files with these names, each with its name as content; "x -> y" is a hard link.
FileDescriptor tar_of(const std::vector<std::string> &names) {
  FileDescriptor fd(::memfd_create("tar", MFD_CLOEXEC));
  auto *a = archive_write_new();
  archive_write_set_format_ustar(a);
  archive_write_open_fd(a, fd.get());
  for (const auto &name : names) {
    auto *entry = archive_entry_new();
    const auto arrow = name.find(" -> ");
    archive_entry_set_pathname(entry, name.substr(0, arrow).c_str());
    archive_entry_set_perm(entry, 0640);
    archive_entry_set_filetype(entry, name.ends_with('/') ? AE_IFDIR : AE_IFREG);
    const bool file = arrow == name.npos && !name.ends_with('/');
    if (arrow != name.npos) archive_entry_set_hardlink(entry, name.substr(arrow + 4).c_str());
    archive_entry_set_size(entry, file ? static_cast<la_int64_t>(name.size()) : 0);
    archive_write_header(a, entry);
    if (file) archive_write_data(a, name.data(), name.size());
    archive_entry_free(entry);
  }
  archive_write_free(a);
  ::lseek(fd.get(), 0, SEEK_SET);
  return fd;
}

/// "name=content" of each member, "name -> target" of links.
std::vector<std::string> members(const std::filesystem::path &file) {
  std::vector<std::string> found;
  auto *a = archive_read_new();
  archive_read_support_format_tar(a);
  archive_read_support_filter_xz(a);  // and no other: it must be one
  EXPECT_EQ(archive_read_open_filename(a, file.c_str(), 1 << 16), ARCHIVE_OK);
  archive_entry *entry = nullptr;
  while (archive_read_next_header(a, &entry) == ARCHIVE_OK) {
    std::string line = archive_entry_pathname(entry);
    if (const char *link = archive_entry_hardlink(entry)) {
      line += std::string(" -> ") + link;
    } else if (archive_entry_filetype(entry) == AE_IFREG) {
      std::string content(static_cast<std::size_t>(archive_entry_size(entry)), '\0');
      EXPECT_EQ(archive_read_data(a, content.data(), content.size()),
                static_cast<la_ssize_t>(content.size()));
      line += "=" + content;
    }
    found.push_back(line);
  }
  EXPECT_EQ(archive_filter_code(a, 0), ARCHIVE_FILTER_XZ);
  archive_read_free(a);
  return found;
}

class Tar : public testing::Test {
 protected:
  FileDescriptor open() const {
    return FileDescriptor(::open(file().c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  }
  std::filesystem::path file() const { return directory / "collected.tar.xz"; }

  test::TemporaryDirectory directory;
  Cancellation never;
};

TEST_F(Tar, HasFilesAndDirectoriesInTheirPlaces) {
  const auto fd = open();
  TarWriter tar(fd.get(), file(), never);
  EXPECT_TRUE(tar.add_file({"before/fstab", 5, 0600, 0, 0, 0}, file_with("fstab").get()));
  EXPECT_TRUE(tar.add_tree("network",
                           tar_of({"./", "./interfaces", "./d/x", "./y -> ./interfaces"}).get()));
  tar.finish();
  EXPECT_THAT(members(file()),
              ElementsAre("before/fstab=fstab", "network/", "network/interfaces=./interfaces",
                          "network/d/x=./d/x", "network/y -> network/interfaces"));
}

TEST_F(Tar, LetsNothingOutOfItsPlace) {
  const auto fd = open();
  TarWriter tar(fd.get(), file(), never);
  EXPECT_TRUE(tar.add_tree(
      "d",
      tar_of({"../evil", "/absolute", "./a/../../evil", "x -> ../evil", "./\xff name"}).get()));
  tar.finish();
  EXPECT_THAT(members(file()), ElementsAre("d/absolute=/absolute", "d/\xff name=./\xff name"));
}

TEST_F(Tar, SaysThatWhatCameInIsDamaged) {
  const auto fd = open();
  TarWriter tar(fd.get(), file(), never);
  EXPECT_FALSE(tar.add_tree("d", file_with(std::string(2000, 'x')).get()));
  EXPECT_FALSE(tar.add_file({"f", 100, 0600, 0, 0, 0}, file_with("short").get()));
}

TEST_F(Tar, SaysWhatItCouldNotWrite) {
  const FileDescriptor full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  const auto error = test::error_of([&] {
    TarWriter tar(full.get(), "collected.tar.xz", never);
    tar.add_file({"f", 5, 0600, 0, 0, 0}, file_with("fstab").get());
    tar.finish();
  });
  EXPECT_EQ(error.code(), Code::no_space);
  EXPECT_EQ(error.object(), "collected.tar.xz");
  EXPECT_THAT(error.failure(), HasSubstr("cannot write the archive"));
}

TEST_F(Tar, EndsWhenTheUserWantsToStop) {
  Cancellation cancelled;
  cancelled.request();
  const auto fd = open();
  TarWriter tar(fd.get(), file(), cancelled);
  const auto add = [&] { tar.add_file({"f", 5, 0600, 0, 0, 0}, file_with("fstab").get()); };
  EXPECT_EQ(test::error_of(add).code(), Code::cancelled);
}

}  // namespace
}  // namespace v2v::core
