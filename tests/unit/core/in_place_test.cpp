// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A commit onto a guest's own disks, killed at every step: the disks are then what they were, bit for
// bit, or the next start makes them what they were to become. And who else is kept away from them.
#include "collecting_reporter.hpp"
#include "disk/disk_fixture.hpp"

#include <core/convert/in_place.hpp>
#include <core/disk/overlay.hpp>
#include <core/run/run_directory.hpp>
#include <core/run/supervisor.hpp>

#include <signal.h>
#include <sys/wait.h>

namespace v2v::test {
namespace {

using core::Commit;
using core::CommitRegistry;
using core::ImageLock;
using core::InPlace;
using core::OwnDisks;
using core::RunDirectory;
using ::testing::HasSubstr;

/// Kills its process at the n-th thing it is told: every debug message, and of the progress of each disk
/// one report from its middle.
class Killer : public CollectingReporter {
 public:
  explicit Killer(int at) : left_(at) {}
  void debug(const std::string &) override { count(); }
  void progress(const core::Progress &progress) override {
    if (progress.disk == told_ || progress.done == 0 || progress.done == progress.total) return;
    told_ = progress.disk;
    count();
  }

 private:
  void count() {
    if (left_-- == 0) ::raise(SIGKILL);
  }
  int left_;
  unsigned told_ = 0;
};

class InPlaceTest : public DiskTest {
 protected:
  InPlaceTest() : runs_(directory_ / "runs"), registry_({directory_ / "state"}) {
    std::filesystem::create_directory(runs_);
  }

  /// Two disks, the changes that a conversion would have made to them, and what both come to.
  void convert_two_disks(const std::string &format) {
    const auto run = RunDirectory::create(runs_, 0);
    source_ = {};
    source_.name = "web";
    for (unsigned i = 0; i < 2; ++i) {
      const auto name = "disk" + std::to_string(i);
      const auto raw = make_raw(name + ".raw", 16 * mebibyte);
      Disk disk;
      disk.location = file(raw);
      if (format == "qcow2") disk.location = file(convert(raw, name, "qcow2"), "qcow2");
      if (format == "qcow2 over raw") {
        std::filesystem::remove(path(name));
        DiskTest::run(
            {"qemu-img", "create", "-q", "-f", "qcow2", "-F", "raw", "-b", raw, path(name)});
        disk.location = file(path(name), "qcow2");
        disk.location.references = true;
      }
      source_.disks.push_back(disk);
      const auto overlay =
          core::Overlay::create(disk.location, run.path() / core::overlay_name(i), never_);
      DiskTest::run({"qemu-io", "-f", "qcow2", "-c", "write -P 7 2M 10M", "-c", "discard 1M 1M",
                     "-c", "write -P 9 14M 64k", overlay.path().string()});
      DiskTest::run({"qemu-img", "convert", "-f", "qcow2", "-O", "raw", overlay.path().string(),
                     path("expected" + std::to_string(i))});
      std::filesystem::copy_file(disk.location.path, path("before" + std::to_string(i)),
                                 std::filesystem::copy_options::overwrite_existing);
    }
    commit_ = core::planned_commit(source_, run.path());
  }

  /// @return whether it was killed, as the reporter decides
  bool commit_killed_at(int step) {
    const pid_t child = ::fork();
    if (child == 0) {
      Killer killer(step);
      const auto run = RunDirectory::claim(commit_.run_directory);
      const OwnDisks disks(source_, InPlace::overlay);
      disks.begin_writing({});
      core::commit_in_place(commit_, registry_, killer);
      ::_exit(run ? 0 : 9);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status) ? WTERMSIG(status) == SIGKILL : WEXITSTATUS(status) == 0)
        << status;
    return WIFSIGNALED(status);
  }

  static bool same_bytes(const std::string &a, const std::string &b) {
    core::Command compare;
    compare.argv = {"cmp", "-s", a, b};
    return compare.run().status == 0;
  }
  bool found() { return registry_.find(source_.disks[1].location.path).has_value(); }
  bool is_untouched() {
    for (unsigned i = 0; i < 2; ++i)
      if (!same_bytes(source_.disks[i].location.path, path("before" + std::to_string(i))))
        return false;
    return true;
  }
  bool is_converted() {
    for (unsigned i = 0; i < 2; ++i) {
      const auto &location = source_.disks[i].location;
      if (!same_content(location.path, location.format, path("expected" + std::to_string(i)),
                        "raw"))
        return false;
    }
    return true;
  }

  /// Kills a commit at every step in turn.
  void kill_everywhere(const std::string &format) {
    int step = 0, redone = 0;
    for (;; ++step) {
      SCOPED_TRACE(format + ", step " + std::to_string(step));
      convert_two_disks(format);
      if (!commit_killed_at(step)) break;
      if (!found()) {
        EXPECT_TRUE(is_untouched());
        continue;
      }
      ++redone;
      EXPECT_EQ(error_of([&] { core::refuse_half_written(source_, registry_); }).code(),
                Code::corrupt);
      EXPECT_TRUE(core::finish_commit(source_, registry_, quiet_));
      EXPECT_TRUE(is_converted());
      EXPECT_FALSE(found());
      EXPECT_FALSE(std::filesystem::exists(commit_.run_directory));
      core::refuse_half_written(source_, registry_);
    }
    EXPECT_TRUE(is_converted());
    EXPECT_FALSE(found());
    EXPECT_GE(redone, 4);
    EXPECT_GT(step, redone) << "one step comes before anything is written";
  }

  /// A qemu that has an image open to be written to for so long.
  static v2v::process::Child keep_open(const std::string &image, int milliseconds) {
    v2v::process::Command command;
    command.argv = {"qemu-io", "-f", "raw", "-c", "sleep " + std::to_string(milliseconds), image};
    const core::FileDescriptor null(::open("/dev/null", O_RDWR | O_CLOEXEC));
    return v2v::process::Child(command, null.get(), null.get(), null.get());
  }

  /// Whether a disk comes to be in use, within ten seconds.
  static bool becomes_refused(const std::string &disk) {
    for (int i = 0; i < 1000; ++i) {
      try {
        const ImageLock lock(disk);
      } catch (const Error &error) {
        return error.code() == Code::access;
      }
      ::usleep(10'000);
    }
    return false;
  }

  std::filesystem::path runs_;
  CommitRegistry registry_;
  CollectingReporter quiet_;
  core::Cancellation never_;
  Source source_;
  Commit commit_;
};

TEST_F(InPlaceTest, ARawDiskIsOldOrNewWhereverTheCommitIsKilled) {
  kill_everywhere("raw");
}

TEST_F(InPlaceTest, AQcow2DiskIsOldOrNewWhereverTheCommitIsKilled) {
  kill_everywhere("qcow2");
}

TEST_F(InPlaceTest, OnlyTheTopOfAChainIsWrittenTo) {
  convert_two_disks("qcow2 over raw");
  std::filesystem::copy_file(path("disk0.raw"), path("base"));
  EXPECT_FALSE(commit_killed_at(1000));
  EXPECT_TRUE(is_converted());
  EXPECT_TRUE(same_bytes(path("disk0.raw"), path("base")));
}

TEST_F(InPlaceTest, AMovedDiskIsFoundAndFinished) {
  convert_two_disks("raw");
  ASSERT_TRUE(commit_killed_at(2));
  std::filesystem::rename(source_.disks[0].location.path, path("elsewhere"));
  source_.disks[0].location.path = path("elsewhere");
  EXPECT_TRUE(registry_.find(path("elsewhere")));
  EXPECT_TRUE(core::finish_commit(source_, registry_, quiet_));
  EXPECT_TRUE(is_converted());
}

TEST_F(InPlaceTest, AnotherDiskInItsPlaceIsNotWrittenTo) {
  convert_two_disks("raw");
  ASSERT_TRUE(commit_killed_at(2));
  const auto &disk = source_.disks[0].location.path;
  std::filesystem::rename(disk, path("elsewhere"));
  std::filesystem::copy_file(path("expected0"), disk);
  const auto error = error_of([&] { core::finish_commit(source_, registry_, quiet_); });
  EXPECT_EQ(error.code(), Code::corrupt);
  EXPECT_EQ(error.object(), disk);
  EXPECT_TRUE(same_bytes(disk, path("expected0")));
}

TEST_F(InPlaceTest, LostChangesAreAnErrorThatSaysSo) {
  convert_two_disks("raw");
  ASSERT_TRUE(commit_killed_at(3));
  std::filesystem::remove_all(commit_.run_directory);
  const auto error = error_of([&] { core::finish_commit(source_, registry_, quiet_); });
  EXPECT_THAT(error.failure(), HasSubstr("are gone"));
  EXPECT_TRUE(found());
}

TEST_F(InPlaceTest, AnEntryThatCannotBeReadIsNotPassedOver) {
  convert_two_disks("raw");
  write_file(directory_ / "state" / "v2v-run-x.json", "{\"disks\": [1]}");
  EXPECT_EQ(error_of([&] { core::refuse_half_written(source_, registry_); }).code(), Code::corrupt);
}

TEST_F(InPlaceTest, AnEntryIsNeverReplaced) {
  convert_two_disks("raw");
  registry_.add(commit_);
  EXPECT_EQ(error_of([&] { registry_.add(commit_); }).code(), Code::exists);
  registry_.remove(commit_);
  EXPECT_FALSE(registry_.of(commit_.run_directory));
}

TEST_F(InPlaceTest, TheCommandThatFinishesItNamesTheDisk) {
  commit_.disks.push_back({{Location::Type::file, "/a b/it's", "raw"}, {}, ""});
  EXPECT_EQ(core::finishing_command(commit_), "v2v --in-place -i disk '/a b/it'\\''s' -if raw");
}

TEST_F(InPlaceTest, RefusesWhatItCannotChange) {
  Source source;
  source.disks.push_back(
      {Controller::unknown, {Location::Type::file, make_raw("d.raw"), "raw"}, ""});
  auto &location = source.disks[0].location;
  const auto code = [&](InPlace how) { return error_of([&] { OwnDisks(source, how); }).code(); };
  OwnDisks(source, InPlace::direct);
  location.format = "vmdk";
  EXPECT_EQ(code(InPlace::overlay), Code::unsupported);
  location.format = "raw";
  location.offset = 512;
  OwnDisks(source, InPlace::overlay);
  EXPECT_EQ(code(InPlace::direct), Code::unsupported);
  location.type = Location::Type::uri;
  EXPECT_EQ(code(InPlace::overlay), Code::unsupported);
  EXPECT_EQ(error_of([&] { core::planned_commit({}, "/dev/shm"); }).code(), Code::unsupported);
}

TEST_F(InPlaceTest, KeepsQemuAwayFromADiskAndItselfFromQemus) {
  const auto disk = make_raw("d.raw");
  const auto qemu = [&](const std::string &command, bool reads) {
    std::vector<std::string> argv = {"qemu-io", "-f", "raw", "-c", command, disk};
    if (reads) argv.insert(argv.begin() + 1, "-r");
    core::Command run;
    run.argv = argv;
    return run.run().status == 0;
  };
  {
    const ImageLock lock(disk);
    EXPECT_FALSE(qemu("write 0 512", false));
    EXPECT_TRUE(qemu("read 0 512", true));
    EXPECT_THAT(error_of([&] { ImageLock second(disk); }).failure(), HasSubstr("another v2v"));
    lock.begin_writing();
    EXPECT_FALSE(qemu("write 0 512", false));
  }
  EXPECT_TRUE(qemu("write 0 512", false));

  const auto machine = keep_open(disk, 20'000);
  EXPECT_TRUE(becomes_refused(disk));
}

TEST_F(InPlaceTest, WaitsForTheQemuImgOfAKilledCommitToEnd) {
  convert_two_disks("qcow2");
  registry_.add(commit_);
  const auto overlay = (commit_.run_directory / commit_.disks[1].overlay).string();
  const auto dying = keep_open(overlay, 1'000);
  ASSERT_TRUE(becomes_refused(overlay));
  EXPECT_TRUE(core::finish_commit(source_, registry_, quiet_));
  EXPECT_TRUE(is_converted());
}

// What is needed to finish a commit stays, whatever cleans up, and goes once it is not needed.
TEST_F(InPlaceTest, CleaningUpKeepsWhatACommitNeeds) {
  ::setenv("V2V_STATE_DIR", path("state-of-user").c_str(), 1);
  const auto registry = CommitRegistry::of_this_user();
  convert_two_disks("raw");
  CollectingReporter reporter(directory_ / "said");
  const core::Abort abort = [](const auto &, const auto &, const auto &) {};
  {
    const auto run = RunDirectory::claim(commit_.run_directory);
    ASSERT_TRUE(run);
    EXPECT_EQ(core::supervise(
                  *run, reporter,
                  [&](core::Journal &, const core::Cancellation &) {
                    registry.add(commit_);
                    ::raise(SIGKILL);
                  },
                  abort),
              1);
  }
  core::clean_up_stale(runs_, reporter, abort);
  EXPECT_TRUE(std::filesystem::exists(commit_.run_directory / "overlay1"));
  EXPECT_THAT(read_file(directory_ / "said"), HasSubstr("finished: v2v --in-place -i disk"));
  registry.remove(commit_);
  core::clean_up_stale(runs_, reporter, abort);
  EXPECT_FALSE(std::filesystem::exists(commit_.run_directory));
  ::unsetenv("V2V_STATE_DIR");
}

}  // namespace
}  // namespace v2v::test
