// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Disks that an output takes or copies by itself, with an output that waits for what it wants to see.
#include <core/convert/copying.hpp>

#include <v2v/output.hpp>

#include "../temporary_directory.hpp"
#include "collecting_reporter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <set>
#include <thread>

namespace v2v::core {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

// What the calls of one test share.
struct Scene {
  std::mutex mutex;
  std::condition_variable changed;
  std::set<unsigned> begun;
  unsigned parallel_disks = 0;
  std::string machine;  // its name, as a call was told
  std::function<void(unsigned disk)> written;
  std::function<void(const Host &, unsigned disk, const Location &)> take;

  // False if the disk is not begun within a time that only a defect takes.
  bool wait_for(unsigned disk) {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, 20s, [&] { return begun.count(disk) != 0; });
  }
};
Scene *scene;

class TakingOutput : public Output {
 public:
  TakingOutput(Host host, const OutputRequest &) : host_(host) {}
  OutputDescription describe() override {
    OutputDescription description;
    description.formats = {"raw"};
    description.modes = mode_bit(Target::Mode::host_writes) | mode_bit(Target::Mode::plugin_takes) |
                        mode_bit(Target::Mode::plugin_copies);
    description.parallel_disks = scene->parallel_disks;
    return description;
  }
  std::vector<Target> prepare(const Metadata &) override { return {}; }
  void take(const TakeRequest &request) override {
    scene->machine = request.metadata.name;
    begin(request.disk, request.image);
  }
  void written(unsigned disk) override { scene->written(disk); }
  void copy(const CopyRequest &request) override { begin(request.disk, request.location); }
  void commit(const Metadata &) override {}
  static void abort(const Host &, const std::vector<std::string> &) {}

 private:
  void begin(unsigned disk, const Location &location) {
    {
      const std::lock_guard lock(scene->mutex);
      scene->begun.insert(disk);
    }
    scene->changed.notify_all();
    scene->take(host_, disk, location);
  }
  Host host_;
};

class Copying : public ::testing::Test {
 protected:
  Copying() {
    scene = &scene_;
    plugin_.kind = Kind::output;
    plugin_.path = "/p/v2v-output-taking.so";
    plugin_.output = v2v::detail::OutputTable<TakingOutput>::table();
    scene_.take = [](const Host &, unsigned, const Location &) {};
  }

  void copy(Target::Mode mode, unsigned disks, unsigned parallel) {
    Metadata plan;
    plan.name = "guest";
    std::vector<Overlay> overlays;
    std::vector<Target> targets(disks);
    for (unsigned i = 0; i < disks; ++i) {
      const auto name = std::to_string(i);
      Location source;
      source.path = (run_ / ("source" + name)).string();
      source.format = "raw";
      test::write_file(source.path, std::string(65536, static_cast<char>('a' + i)));
      overlays.push_back(Overlay::create(source, run_ / ("overlay" + name), cancellation_));
      plan.disks.push_back({i, "raw", 65536, 0});
      targets[i].mode = mode;
      if (mode == Target::Mode::host_writes) {
        auto &target = targets[i].location.emplace(source);
        target.path = (run_ / ("target" + name)).string();
        test::write_file(target.path, std::string(65536, '\0'));
      }
    }
    std::vector<DiskContents> contents;
    for (const auto &overlay : overlays) contents.push_back(overlay.contents(cancellation_));
    OutputInstance output(plugin_, environment_, {});
    if (user_stops_) cancellation_.request();
    copy_to_targets({plan, overlays, contents, targets, parallel}, output, environment_);
  }

  Scene scene_;
  const test::TemporaryDirectory run_;
  test::CollectingReporter reporter_;
  Cancellation cancellation_;
  Journal journal_{run_.path()};
  PluginEnvironment environment_{reporter_, cancellation_, journal_, run_.path(), {}};
  LoadedPlugin plugin_;
  bool user_stops_ = false;
};

TEST_F(Copying, BeginsTheNextDiskAsSoonAsOneIsDone) {
  // The first disk ends only when the third has begun, although two at once are allowed.
  bool seen = true;
  scene_.take = [&](const Host &, unsigned disk, const Location &) {
    if (disk == 0) seen = scene_.wait_for(2);
  };
  for (const auto mode : {Target::Mode::plugin_takes, Target::Mode::plugin_copies}) {
    scene_.begun.clear();
    copy(mode, 3, 2);
    EXPECT_TRUE(seen);
    EXPECT_EQ(scene_.begun.size(), 3u);
  }
}

TEST_F(Copying, AnOutputThatTakesOneDiskAtATimeGetsOne) {
  scene_.parallel_disks = 1;
  std::atomic<int> at_it{0}, most{0};
  scene_.take = [&](const Host &, unsigned, const Location &) {
    most = std::max<int>(most, ++at_it);
    std::this_thread::sleep_for(20ms);
    --at_it;
  };
  for (const auto mode : {Target::Mode::plugin_takes, Target::Mode::plugin_copies})
    copy(mode, 4, 4);
  EXPECT_EQ(most, 1);
  EXPECT_EQ(scene_.begun.size(), 4u);
}

TEST_F(Copying, AnUploadKnowsTheNewMachine) {
  std::string name;
  scene_.take = [&](const Host &, unsigned, const Location &) { name = scene_.machine; };
  copy(Target::Mode::plugin_takes, 1, 1);
  EXPECT_EQ(name, "guest");
}

TEST_F(Copying, AWrittenDiskIsToldWhenItIsComplete) {
  std::string content;
  scene_.written = [&](unsigned disk) {
    content += test::read_file(run_ / ("target" + std::to_string(disk)));
  };
  copy(Target::Mode::host_writes, 2, 1);
  EXPECT_EQ(content, std::string(65536, 'a') + std::string(65536, 'b'));
}

TEST_F(Copying, StopsTheOthersAtTheFirstFailure) {
  bool stopped = false;
  scene_.take = [&](const Host &host, unsigned disk, const Location &) {
    if (disk == 0) {
      scene_.wait_for(1);
      throw Error(Code::io, "the array broke");
    }
    for (int i = 0; i < 2000 && !host.cancelled(); ++i) std::this_thread::sleep_for(10ms);
    stopped = host.cancelled();
    host.check_cancelled();
  };
  try {
    copy(Target::Mode::plugin_takes, 3, 2);
    FAIL();
  } catch (const Error &error) {
    EXPECT_EQ(error.failure(), "the array broke");
  }
  EXPECT_TRUE(stopped);
  EXPECT_EQ(scene_.begun.count(2), 0u);
}

TEST_F(Copying, TheJournalKnowsWhichDisksAreUnderWay) {
  std::string call;
  scene_.take = [&](const Host &, unsigned disk, const Location &) {
    if (disk == 0) scene_.wait_for(1);
    if (disk == 1) call = Journal::read(run_.path()).call;
    if (disk == 1) scene_.wait_for(0);
  };
  copy(Target::Mode::plugin_takes, 2, 2);
  EXPECT_THAT(call, HasSubstr("v2v-output-taking.so: take of disk 2"));
  EXPECT_EQ(Journal::read(run_.path()).call, "");
}

TEST_F(Copying, ATakenImageIsWholeAndGoesAwayAfterwards) {
  std::vector<std::string> contents;
  scene_.take = [&](const Host &, unsigned, const Location &image) {
    contents.push_back(test::read_file(image.path));
  };
  copy(Target::Mode::plugin_takes, 2, 1);
  EXPECT_EQ(contents, (std::vector{std::string(65536, 'a'), std::string(65536, 'b')}));
  EXPECT_FALSE(std::filesystem::exists(run_ / "image0"));
  EXPECT_FALSE(std::filesystem::exists(run_ / "image1"));
}

TEST_F(Copying, AnUploadHasItsOwnPhase) {
  scene_.take = [](const Host &host, unsigned disk, const Location &) {
    host.progress(disk, 1, 2);
  };
  copy(Target::Mode::plugin_takes, 1, 1);
  EXPECT_EQ(reporter_.last_progress.phase, "upload");
  EXPECT_EQ(reporter_.last_progress.disk, 1u);
}

TEST_F(Copying, NothingBeginsOnceTheUserWantsToStop) {
  user_stops_ = true;
  EXPECT_THROW(copy(Target::Mode::plugin_copies, 2, 2), Error);
  EXPECT_TRUE(scene_.begun.empty());
}

}  // namespace
}  // namespace v2v::core
