// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The scheduler of the copy, with chains that wait for each other.
#include <core/copy/chains.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <string>

namespace v2v::core {
namespace {

using namespace std::chrono_literals;

/// What happened, in order; events may wait for others.
class Events {
 public:
  void add(const std::string &event) {
    const std::lock_guard lock(mutex_);
    events_.push_back(event);
    changed_.notify_all();
  }
  /// False if it does not happen within a time that only a defect takes.
  bool wait(const std::string &event) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, 20s, [&] { return index(event) < events_.size(); });
  }
  bool before(const std::string &first, const std::string &second) {
    const std::lock_guard lock(mutex_);
    return index(first) < index(second);
  }
  std::size_t count() {
    const std::lock_guard lock(mutex_);
    return events_.size();
  }

 private:
  std::size_t index(const std::string &event) const {
    return static_cast<std::size_t>(std::find(events_.begin(), events_.end(), event) -
                                    events_.begin());
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> events_;
};

class Chains : public ::testing::Test {
 protected:
  void run(const std::vector<Chain> &chains, unsigned parallel, std::uint64_t scratch = 0) {
    run_chains(chains, {parallel, scratch}, user_, [this] { events_.add("stop"); });
  }
  Events events_;
  Cancellation user_;
};

TEST_F(Chains, RunFromBeginningToEndWithoutWaitingForEachOther) {
  std::vector<Chain> chains;
  // The first uploads, and ends, only once the third has begun.
  chains.push_back({0, [&](const Cancellation &) {
                      events_.add("image 0");
                      events_.wait("upload 1");
                      events_.add("upload 0");
                      EXPECT_TRUE(events_.wait("image 2"));
                    }});
  for (const char *disk : {"1", "2"})
    chains.push_back({0, [&, disk](const Cancellation &) {
                        events_.add(std::string("image ") + disk);
                        events_.add(std::string("upload ") + disk);
                      }});
  run(chains, 2);
  EXPECT_TRUE(events_.before("upload 1", "image 2"));
  EXPECT_EQ(events_.count(), 6u);
}

TEST_F(Chains, NeverHoldMoreScratchThanThereIs) {
  std::mutex mutex;
  std::uint64_t held = 0, most = 0;
  std::vector<Chain> chains;
  for (const std::uint64_t scratch : {6, 5, 4, 3, 6, 1, 0, 10})
    chains.push_back({scratch, [&, scratch](const Cancellation &) {
                        {
                          const std::lock_guard lock(mutex);
                          most = std::max(most, held += scratch);
                        }
                        std::this_thread::sleep_for(5ms);
                        const std::lock_guard lock(mutex);
                        held -= scratch;
                        events_.add("end");
                      }});
  run(chains, 8, 10);
  EXPECT_LE(most, 10u);
  EXPECT_GT(most, 6u);  // they do not merely run one after the other
  EXPECT_EQ(events_.count(), chains.size());
}

TEST_F(Chains, OneWithoutRoomLetsLaterOnesPass) {
  run({{6, [&](const Cancellation &) { EXPECT_TRUE(events_.wait("small")); }},
       {6, [&](const Cancellation &) { events_.add("large"); }},
       {1, [&](const Cancellation &) { events_.add("small"); }}},
      2, 10);
  EXPECT_TRUE(events_.before("small", "large"));
  EXPECT_TRUE(events_.wait("large"));
}

TEST_F(Chains, OneThatNeedsMoreThanThereIsRunsAlone) {
  run({{20, [&](const Cancellation &) { events_.add("huge"); }},
       {1, [&](const Cancellation &) { events_.add("small"); }}},
      2, 10);
  EXPECT_EQ(events_.count(), 2u);
}

TEST_F(Chains, TheFirstFailureStopsTheOthersAndIsTheOneReported) {
  bool begun = false;
  try {
    run({{0,
          [&](const Cancellation &) {
            events_.wait("second");
            throw Error(Code::io, "the first");
          }},
         {0,
          [&](const Cancellation &stop) {
            events_.add("second");
            EXPECT_TRUE(events_.wait("stop"));
            EXPECT_TRUE(stop.requested());
            throw Error(Code::io, "only because of the stop");
          }},
         {0, [&](const Cancellation &) { begun = true; }}},
        2);
    FAIL();
  } catch (const Error &error) {
    EXPECT_EQ(error.failure(), "the first");
  }
  EXPECT_FALSE(begun);
  EXPECT_EQ(events_.count(), 2u);  // asked to stop once
}

TEST_F(Chains, AFailureWakesOneThatWaitsForRoom) {
  EXPECT_THROW(run({{10, [&](const Cancellation &) { throw Error(Code::io, "broken"); }},
                    {10, [&](const Cancellation &) { events_.add("begun"); }}},
                   2, 10),
               Error);
  EXPECT_FALSE(events_.before("begun", "stop"));
}

TEST_F(Chains, TheUsersWishToStopEndsThem) {
  try {
    run({{0,
          [&](const Cancellation &stop) {
            user_.request();
            EXPECT_TRUE(events_.wait("stop"));
            stop.check();
          }},
         {0, [&](const Cancellation &) { events_.add("begun"); }}},
        1);
    FAIL();
  } catch (const Error &error) {
    EXPECT_EQ(error.code(), Code::cancelled);
  }
  EXPECT_EQ(events_.count(), 1u);
}

}  // namespace
}  // namespace v2v::core
