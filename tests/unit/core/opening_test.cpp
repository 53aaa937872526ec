// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Disks that are opened for a command: the words it gets, what it can do with them, its exit status.
#include "collecting_reporter.hpp"
#include "disk/disk_fixture.hpp"

#include <core/convert/opening.hpp>
#include <core/run/descendants.hpp>
#include <core/run/shell_command.hpp>
#include <core/run/supervisor.hpp>

namespace v2v::test {
namespace {

using core::run_in_shell;
using core::with_disks;

TEST(WithDisks, ReplacesTheFirstMarkAlone) {
  EXPECT_EQ(with_disks("x @@ y @@", {"a?b", "it's"}), "x -a 'a?b' -a 'it'\\''s' y @@");
  EXPECT_EQ(with_disks("true", {"a"}), "true");
}

TEST(RunInShell, GivesTheExitStatus) {
  core::Cancellation never;
  EXPECT_EQ(run_in_shell("exit 7", never), 7);
  EXPECT_EQ(run_in_shell("kill -9 $$", never), 137);
  core::Cancellation now;
  now.request();
  EXPECT_EQ(error_of([&] { run_in_shell("exec sleep 60", now); }).code(), Code::cancelled);
}

class OpeningTest : public DiskTest {
 protected:
  /// Runs the command with one disk, supervised, in a run directory of its own.
  int open(const std::string &command) {
    std::filesystem::create_directories(runs_);
    const auto run = core::RunDirectory::create(runs_, 0);
    Source source;
    source.disks.push_back({Controller::unknown, file(disk_), "d"});
    return core::supervise(
        run, reporter_,
        [&](core::Journal &journal, const core::Cancellation &cancellation) {
          core::PluginEnvironment environment{reporter_, cancellation, journal, run.path(), {}};
          journal.exit_status(core::run_with_disks(command, source, environment));
        },
        [](const auto &, const auto &, const auto &) {});
  }

  std::string disk_ = make_raw("d.raw"), runs_ = path("runs");
  CollectingReporter reporter_{directory_ / "said"};
};

TEST_F(OpeningTest, ServesThemToTheCommandAndLeavesNothing) {
  std::filesystem::copy_file(disk_, path("before"));
  // "-a URI": its second word is the disk.
  EXPECT_EQ(open("set -- @@; qemu-img compare -q -f raw -F raw \"$2\" " + path("before") +
                 " || exit 4; qemu-io -f raw -c 'write -P 5 0 1M' \"$2\" 2>/dev/null && exit 5;"
                 " exit 3"),
            3);
  EXPECT_EQ(read_file(disk_), read_file(path("before"))) << "a write went through to the disk";
  EXPECT_TRUE(std::filesystem::is_empty(runs_));
}

TEST_F(OpeningTest, LeavesNothingWhenItIsKilled) {
  EXPECT_EQ(open("kill -9 $PPID; sleep 60"), 1);
  EXPECT_TRUE(std::filesystem::is_empty(runs_));
  EXPECT_TRUE(core::children().empty());
}

}  // namespace
}  // namespace v2v::test
