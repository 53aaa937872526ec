// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Disks that an output takes or copies by itself, with an output that waits for what it wants to see.
#include <core/convert/copying.hpp>
#include <core/run/command.hpp>

#include <v2v/output.hpp>

#include "../temporary_directory.hpp"
#include "collecting_reporter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
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
  std::optional<std::vector<Range>> changes;  // as a read was told
  std::string machine;                        // its name, as a call was told
  std::function<void(unsigned disk)> written;
  std::function<void(const Host &, unsigned disk, const Location &)> take;

  void note(unsigned disk) {
    {
      const std::lock_guard lock(mutex);
      begun.insert(disk);
    }
    changed.notify_all();
  }
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
                        mode_bit(Target::Mode::plugin_copies) | mode_bit(Target::Mode::discard) |
                        mode_bit(Target::Mode::plugin_reads);
    description.parallel_disks = scene->parallel_disks;
    return description;
  }
  std::vector<Target> prepare(const Metadata &) override { return {}; }
  void take(const TakeRequest &request) override {
    {
      const std::lock_guard lock(scene->mutex);
      scene->machine = request.metadata.name;
    }
    begin(request.disk, request.image);
  }
  void read(const ReadRequest &request) override {
    Location location;
    location.type = Location::Type::uri;
    location.format = "raw";
    location.path = request.uri;
    {
      const std::lock_guard lock(scene->mutex);
      scene->changes = request.changes;
    }
    begin(request.disk, location);
  }
  void written(unsigned disk) override { scene->written(disk); }
  void copy(const CopyRequest &request) override { begin(request.disk, request.location); }
  void commit(const Metadata &) override {}
  static void abort(const Host &, const std::vector<std::string> &) {}

 private:
  void begin(unsigned disk, const Location &location) {
    scene->note(disk);
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
    copy([mode](unsigned) { return mode; }, disks, parallel);
  }
  void copy(const std::function<Target::Mode(unsigned)> &mode_of, unsigned disks,
            unsigned parallel) {
    Metadata plan;
    plan.name = "guest";
    std::vector<DiskUnderway> underway(disks);
    for (unsigned i = 0; i < disks; ++i) {
      const auto name = std::to_string(i);
      Location source;
      source.path = (run_ / ("source" + name)).string();
      source.format = "raw";
      test::write_file(source.path, std::string(65536, static_cast<char>('a' + i)));
      auto &one = underway[i];
      one.overlay = Overlay::create(source, run_ / ("overlay" + name), cancellation_);
      one.contents = one.overlay->contents(cancellation_);
      one.wanted = {i, estimate_ ? "qcow2" : "raw", 65536, estimate_};
      one.target.mode = mode_of(i);
      if (one.target.mode == Target::Mode::host_writes) {
        auto &target = one.target.location.emplace(source);
        target.path = (run_ / ("target" + name)).string();
        test::write_file(target.path, std::string(65536, '\0'));
      }
    }
    OutputInstance output(plugin_, environment_, {});
    if (user_stops_) cancellation_.request();
    copy_to_targets({plan, underway, parallel}, output, environment_);
  }

  Scene scene_;
  const test::TemporaryDirectory run_;
  test::CollectingReporter reporter_;
  Cancellation cancellation_;
  Journal journal_{run_.path()};
  PluginEnvironment environment_{reporter_, cancellation_, journal_, run_.path(), {}};
  LoadedPlugin plugin_;
  bool user_stops_ = false;
  std::uint64_t estimate_ = 0;  // of the images, which are then qcow2
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

TEST_F(Copying, AnUploadBeginsBeforeTheLastImageIsMadeAndTwoImagesAreThereAtMost) {
  std::atomic<long> most{0};
  bool last_made = true;
  // The second upload waits until the first has looked, so no chain can have gone further.
  constexpr unsigned looked = 100;
  scene_.take = [&](const Host &, unsigned disk, const Location &) {
    if (disk == 0) {
      last_made = std::filesystem::exists(run_ / "image3");
      scene_.note(looked);
    }
    if (disk == 1) {
      EXPECT_TRUE(scene_.wait_for(looked));
    }
    long images = 0;
    for (const auto &entry : std::filesystem::directory_iterator(run_.path()))
      images += entry.path().filename().string().starts_with("image");
    most = std::max<long>(most, images);
  };
  copy(Target::Mode::plugin_takes, 4, 2);
  EXPECT_FALSE(last_made);
  EXPECT_LE(most, 2);
  EXPECT_EQ(scene_.begun, (std::set{0u, 1u, 2u, 3u, looked}));
}

TEST_F(Copying, EachDiskOfAGuestGoesItsOwnWay) {
  std::set<unsigned> complete;
  scene_.written = [&](unsigned disk) {
    complete.insert(disk);
    EXPECT_EQ(test::read_file(run_ / "target0"), std::string(65536, 'a'));
  };
  // Disk 3 is copied by the plugin while 1, an image, is still being taken.
  scene_.take = [&](const Host &, unsigned disk, const Location &location) {
    if (disk == 1) {
      EXPECT_TRUE(scene_.wait_for(3));
      EXPECT_EQ(test::read_file(location.path), std::string(65536, 'b'));
    }
    if (disk == 3) {
      EXPECT_EQ(location.path, run_ / "overlay3");
    }
  };
  copy(
      [](unsigned disk) {
        return std::array{Target::Mode::host_writes, Target::Mode::plugin_takes,
                          Target::Mode::plugin_reads, Target::Mode::plugin_copies}[disk];
      },
      4, 2);
  EXPECT_EQ(complete, std::set{0u});
  EXPECT_EQ(scene_.begun, (std::set{1u, 2u, 3u}));
  EXPECT_THAT(reporter_.lines(), ::testing::Contains("step: Copying disk 2/4"));
}

TEST_F(Copying, ADiskThatThePluginReadsIsServedWhileItDoes) {
  std::string uri, content;
  scene_.take = [&](const Host &, unsigned, const Location &location) {
    uri = location.path;
    Command convert;
    convert.argv = {"qemu-img", "convert", "-f", "raw", "-O", "raw", uri, run_ / "read"};
    convert.run_checked("cannot read the served disk");
    content = test::read_file(run_ / "read");
  };
  copy(Target::Mode::plugin_reads, 1, 1);
  EXPECT_EQ(content, std::string(65536, 'a'));
  ASSERT_TRUE(scene_.changes);
  EXPECT_TRUE(scene_.changes->empty());
  for (const auto &entry : std::filesystem::directory_iterator(run_.path()))
    EXPECT_FALSE(entry.path().filename().string().starts_with("disk")) << entry.path();
}

TEST_F(Copying, AnImageThatDoesNotFitNamesTheVariableThatMovesIt) {
  estimate_ = std::uint64_t{1} << 60;
  try {
    copy(Target::Mode::plugin_takes, 1, 1);
    FAIL();
  } catch (const Error &error) {
    EXPECT_EQ(error.code(), Code::no_space);
    EXPECT_THAT(error.what(), HasSubstr("VIRT_V2V_TMPDIR"));
    EXPECT_THAT(error.object(), run_.path().parent_path().string());
  }
  EXPECT_TRUE(scene_.begun.empty());
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
