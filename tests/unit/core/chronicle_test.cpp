// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/run/chronicle.hpp>

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

namespace v2v::core {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

template <class Items>
std::vector<std::string> texts(const Items &said) {
  std::vector<std::string> result;
  for (const auto &one : said) result.push_back(one.text);
  return result;
}

TEST(Chronicle, HoldsWhatEveryProcessSaidAlsoOneThatWasKilled) {
  ChronicleWriter writer;
  writer.step("one");
  const pid_t child = ::fork();
  if (child == 0) {
    writer.step("two");
    writer.change({"/etc/fstab", "sda → vda", "the disk has another name"});
    ::raise(SIGKILL);
  }
  ::waitpid(child, nullptr, 0);
  writer.error(Error(Code::io, "it broke", "disk 1", "mend it"));
  writer.undone("a volume");

  const auto read = writer.read();
  EXPECT_TRUE(read.complete);
  EXPECT_THAT(texts(read.steps), ElementsAre("one", "two"));
  EXPECT_LE(read.steps[0].at, read.steps[1].at);
  EXPECT_LE(read.steps[1].at, read.duration);
  ASSERT_EQ(read.changes.size(), 1u);
  EXPECT_EQ(read.changes[0].object, "/etc/fstab");
  EXPECT_EQ(read.changes[0].change, "sda → vda");
  EXPECT_EQ(read.changes[0].reason, "the disk has another name");
  ASSERT_EQ(read.failures.size(), 1u);
  EXPECT_EQ(read.failures[0].what, "it broke");
  EXPECT_EQ(read.failures[0].object, "disk 1");
  EXPECT_EQ(read.failures[0].remedy, "mend it");
  EXPECT_THAT(read.undone, ElementsAre("a volume"));
}

TEST(Chronicle, TellsRemarksFromWarnings) {
  ChronicleWriter writer;
  writer.info("a remark");
  writer.note("another");
  writer.warning("a warning");
  EXPECT_THAT(texts(writer.read().remarks), ElementsAre("a remark", "another"));
  EXPECT_THAT(texts(writer.read().warnings), ElementsAre("a warning"));
}

TEST(Chronicle, OfProgressKeepsTheFirstAndTheLast) {
  ChronicleWriter writer;
  for (std::uint64_t done = 0; done <= 1000; ++done) writer.progress({"copy", 1, 2, done, 1000});
  writer.progress({"copy", 2, 2, 7, 1000});
  const auto work = writer.read().work;
  ASSERT_EQ(work.size(), 2u);
  EXPECT_EQ(work[0].phase, "copy");
  EXPECT_EQ(work[0].disk, 1u);
  EXPECT_EQ(work[0].bytes, 1000u);
  EXPECT_LE(work[0].from, work[0].to);
  EXPECT_EQ(work[1].bytes, 7u);
}

TEST(Chronicle, TheLastFindingsCount) {
  ChronicleWriter writer;
  GuestFacts found;
  found.guest = "web01";
  writer.found(found);
  found.system = "Debian";
  found.traits = {{"Machine", "Firmware", "BIOS", "UEFI"}};
  DiskMap map;
  map.size = 4096, map.kept = 3, map.written = 2, map.trimmed = 1;
  map.cells = {{10, 20, 30}, {0, 0, 0}};
  found.disks.emplace_back("sda", map);
  writer.found(found);

  const auto read = writer.read().found;
  EXPECT_EQ(read.guest, "web01");
  EXPECT_EQ(read.system, "Debian");
  ASSERT_EQ(read.traits.size(), 1u);
  EXPECT_EQ(read.traits[0].group + read.traits[0].name, "MachineFirmware");
  EXPECT_EQ(read.traits[0].before + read.traits[0].after, "BIOSUEFI");
  ASSERT_EQ(read.disks.size(), 1u);
  EXPECT_EQ(read.disks[0].first, "sda");
  EXPECT_EQ(read.disks[0].second.size, 4096u);
  EXPECT_EQ(read.disks[0].second.kept, 3u);
  EXPECT_EQ(read.disks[0].second.written, 2u);
  EXPECT_EQ(read.disks[0].second.trimmed, 1u);
  EXPECT_EQ(read.disks[0].second.cells, map.cells);
}

TEST(Chronicle, KeepsTextThatIsNoUtf8) {
  ChronicleWriter writer;
  writer.warning("a \xff name\nwith lines");
  EXPECT_THAT(texts(writer.read().warnings), ElementsAre("a \xef\xbf\xbd name\nwith lines"));
}

TEST(Chronicle, StopsAtItsLimitAndSaysSo) {
  ChronicleWriter writer(2000);
  for (int i = 0; i < 1000; ++i) writer.info("a remark of a guest that never stops");
  const auto read = writer.read();
  EXPECT_FALSE(read.complete);
  EXPECT_GT(read.remarks.size(), 5u);
  EXPECT_LT(read.remarks.size(), 60u);
}

}  // namespace
}  // namespace v2v::core
