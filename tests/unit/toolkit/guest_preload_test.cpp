// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Tar streams of a guest's directories, friendly and hostile ones.
#include "../temporary_directory.hpp"
#include "preloaded_tree.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <unistd.h>

using namespace v2v::linux;
using testing::ElementsAre;
using testing::IsEmpty;

namespace {

/// Writes a tar file member by member; members need not make sense.
class TarFile {
 public:
  explicit TarFile(const std::string &path) : path_(path), archive_(archive_write_new()) {
    archive_write_set_format_gnutar(archive_);
    archive_write_set_bytes_in_last_block(archive_, 1);
    archive_write_open_filename(archive_, path.c_str());
  }
  TarFile &file(const std::string &name, const std::string &content) {
    auto *entry = start(name, AE_IFREG);
    archive_entry_set_size(entry, static_cast<la_int64_t>(content.size()));
    archive_write_header(archive_, entry);
    archive_write_data(archive_, content.data(), content.size());
    archive_entry_free(entry);
    return *this;
  }
  TarFile &directory(const std::string &name) { return finish(start(name, AE_IFDIR)); }
  TarFile &fifo(const std::string &name) { return finish(start(name, AE_IFIFO)); }
  TarFile &link(const std::string &name, const std::string &target) {
    auto *entry = start(name, AE_IFLNK);
    archive_entry_set_symlink(entry, target.c_str());
    return finish(entry);
  }
  TarFile &hard_link(const std::string &name, const std::string &target) {
    auto *entry = start(name, AE_IFREG);
    archive_entry_set_hardlink(entry, target.c_str());
    return finish(entry);
  }
  /// Closes the file and gives it to a tree as `directory`.
  bool load(PreloadedTree &tree, const std::string &asked, const std::string &directory) {
    archive_write_free(archive_);
    archive_ = nullptr;
    const int fd = open(path_.c_str(), O_RDONLY);
    const bool loaded = tree.read_tar(fd, asked, directory);
    close(fd);
    return loaded;
  }

 private:
  static archive_entry *start(const std::string &name, unsigned type) {
    auto *entry = archive_entry_new();
    archive_entry_set_pathname(entry, name.c_str());
    archive_entry_set_filetype(entry, type);
    archive_entry_set_perm(entry, 0644);
    return entry;
  }
  TarFile &finish(archive_entry *entry) {
    archive_entry_set_size(entry, 0);
    archive_write_header(archive_, entry);
    archive_entry_free(entry);
    return *this;
  }

  std::string path_;
  archive *archive_;
};

class PreloadedTreeTest : public testing::Test {
 protected:
  TarFile tar() { return TarFile((temporary_.path() / "tar").string()); }
  std::string content(const std::string &path) {
    const auto answer = tree_.look_up(path);
    if (!answer.known) return "(unknown)";
    if (!answer.node) return "(absent)";
    return answer.node->content ? *answer.node->content : "(no content)";
  }

  v2v::test::TemporaryDirectory temporary_;
  PreloadedTree tree_;
};

TEST_F(PreloadedTreeTest, FilesDirectoriesAndWhatIsNotThere) {
  ASSERT_TRUE(tar()
                  .directory("./")
                  .file("./fstab", "table")
                  .directory("./default/")
                  .file("./default/grub", "GRUB")
                  .fifo("./pipe")
                  .load(tree_, "/etc", "/etc"));
  EXPECT_EQ(content("/etc/fstab"), "table");
  EXPECT_EQ(content("/etc/none"), "(absent)");
  EXPECT_EQ(content("/etc/pipe"), "(no content)");
  EXPECT_EQ(content("/boot/x"), "(unknown)");
  EXPECT_EQ(content("/"), "(unknown)");
  EXPECT_THAT(tree_.names_in("/etc"), ElementsAre("default", "fstab", "pipe"));
  EXPECT_THAT(tree_.paths_below("/etc/default"), ElementsAre("/etc/default/grub"));
}

TEST_F(PreloadedTreeTest, LinksAreFollowedInsideAndUnknownOutside) {
  ASSERT_TRUE(tar()
                  .file("./real", "x")
                  .link("./relative", "../etc/real")
                  .link("./absolute", "/etc/real")
                  .link("./out", "/usr/lib/os-release")
                  .link("./loop", "loop")
                  .link("./up", "../../../../../etc/real")
                  .load(tree_, "/etc", "/etc"));
  EXPECT_EQ(content("/etc/relative"), "x");
  EXPECT_EQ(content("/etc/absolute"), "x");
  EXPECT_EQ(content("/etc/up"), "x");
  EXPECT_EQ(content("/etc/out"), "(unknown)");
  EXPECT_EQ(content("/etc/loop"), "(unknown)");
  EXPECT_EQ(tree_.look_up("/etc/out", false).node->link, "/usr/lib/os-release");
}

TEST_F(PreloadedTreeTest, DirectoryReachedThroughALink) {
  ASSERT_TRUE(tar().directory("./").file("./a", "x").load(tree_, "/lib", "/usr/lib"));
  EXPECT_EQ(content("/lib/a"), "x");
  EXPECT_EQ(content("/usr/lib/a"), "x");
  EXPECT_EQ(content("/usr/bin/a"), "(unknown)");
  ASSERT_TRUE(tar().file("./b", "y").load(tree_, "/opt/link/dir", "/srv/dir"));
  EXPECT_EQ(content("/opt/link/dir/b"), "y");
}

TEST_F(PreloadedTreeTest, HardLinksShareTheirContent) {
  ASSERT_TRUE(tar().file("./a", "old").hard_link("./b", "./a").load(tree_, "/etc", "/etc"));
  tree_.put_file("/etc/b", "new");
  EXPECT_EQ(content("/etc/a"), "new");
}

TEST_F(PreloadedTreeTest, NamesThatLeadOutsideAreDropped) {
  ASSERT_TRUE(tar()
                  .file("../escape", "x")
                  .file("./a/../../escape", "x")
                  .file("./ok", "x")
                  .load(tree_, "/etc", "/etc"));
  EXPECT_THAT(tree_.paths_below("/"), ElementsAre("/etc", "/etc/ok"));
}

TEST_F(PreloadedTreeTest, HardLinkToWhatWasNotSentSpoilsTheStream) {
  EXPECT_FALSE(tar().file("./a", "x").hard_link("./b", "./none").load(tree_, "/etc", "/etc"));
  EXPECT_FALSE(tree_.look_up("/etc/a").known);
}

TEST_F(PreloadedTreeTest, LargeFileStaysOutside) {
  const std::string large(PreloadedTree::max_file + 1, 'x');
  ASSERT_TRUE(tar().file("./large", large).file("./small", "s").load(tree_, "/etc", "/etc"));
  EXPECT_EQ(content("/etc/large"), "(no content)");
  EXPECT_EQ(content("/etc/small"), "s");
}

TEST_F(PreloadedTreeTest, AboveTheTotalNothingIsKept) {
  auto file = tar();
  const std::string large(PreloadedTree::max_file, 'x');
  for (std::uint64_t sum = 0; sum <= PreloadedTree::max_total; sum += large.size())
    file.file("./" + std::to_string(sum), large);
  EXPECT_FALSE(file.load(tree_, "/etc", "/etc"));
  EXPECT_TRUE(tree_.is_empty());
}

TEST_F(PreloadedTreeTest, TruncatedStreamIsNotKept) {
  auto file = tar();
  file.file("./a", std::string(100'000, 'x'));
  {
    PreloadedTree whole;
    ASSERT_TRUE(file.load(whole, "/etc", "/etc"));
  }
  std::filesystem::resize_file(temporary_.path() / "tar", 50'000);
  const int fd = open((temporary_.path() / "tar").c_str(), O_RDONLY);
  EXPECT_FALSE(tree_.read_tar(fd, "/etc", "/etc"));
  close(fd);
}

TEST_F(PreloadedTreeTest, ChangesAreFollowed) {
  ASSERT_TRUE(tar().file("./a", "x").directory("./d").load(tree_, "/etc", "/etc"));
  tree_.put_file("/etc/new", "n");
  tree_.put_link("/etc/link", "new");
  EXPECT_EQ(content("/etc/link"), "n");
  EXPECT_TRUE(tree_.move_file("/etc/new", "/etc/moved"));
  EXPECT_EQ(content("/etc/link"), "(absent)");
  EXPECT_FALSE(tree_.move_file("/etc/d", "/etc/e"));
  tree_.erase("/etc/a");
  EXPECT_THAT(tree_.names_in("/etc"), ElementsAre("d", "link", "moved"));
}

}  // namespace
