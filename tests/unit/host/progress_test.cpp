// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Rates, time left and lines, with a clock of the test's own.
#include <host/progress.hpp>

#include <gtest/gtest.h>

namespace v2v::host {
namespace {

constexpr std::uint64_t mib = 1 << 20;

TEST(Rate, IsThatOfTheLastSeconds) {
  Rate rate;
  EXPECT_EQ(rate.per_second(), 0);
  rate.add(Seconds(0), 0);
  EXPECT_EQ(rate.per_second(), 0);
  rate.add(Seconds(1), 100);
  EXPECT_DOUBLE_EQ(rate.per_second(), 100);
  // Ten seconds at 100 bytes, then at 500: after another ten, only the new rate is left.
  for (int second = 2; second <= 10; ++second) rate.add(Seconds(second), 100u * second);
  for (int second = 11; second <= 25; ++second)
    rate.add(Seconds(second), 1000 + 500u * (second - 10));
  EXPECT_DOUBLE_EQ(rate.per_second(), 500);
}

TEST(Rate, ChangesSmoothly) {
  Rate rate;
  for (int second = 0; second <= 10; ++second) rate.add(Seconds(second), 100u * second);
  rate.add(Seconds(11), 1000 + 1100);  // a burst, ten times as fast
  EXPECT_NEAR(rate.per_second(), 200, 1);
}

TEST(Rate, FallsToNothingInAStall) {
  Rate rate;
  rate.add(Seconds(0), 0);
  rate.add(Seconds(1), 1000);
  for (int second = 2; second <= 30; ++second) rate.add(Seconds(second), 1000);
  EXPECT_EQ(rate.per_second(), 0);
}

TEST(Rate, ManyReportsInOneMomentAreOne) {
  Rate rate;
  for (unsigned i = 0; i <= 1000; ++i) rate.add(Seconds(i * 0.001), i);
  EXPECT_NEAR(rate.per_second(), 1000, 1e-6);
}

TEST(Rate, StartsAnewWhenTheWorkDoes) {
  Rate rate;
  rate.add(Seconds(0), 0);
  rate.add(Seconds(1), 1000);
  rate.add(Seconds(2), 0);
  rate.add(Seconds(3), 10);
  EXPECT_DOUBLE_EQ(rate.per_second(), 10);
}

TEST(Tracker, TimeLeft) {
  ProgressTracker tracker;
  EXPECT_FALSE(tracker.add({"copy", 1, 1, 0, 1000}, Seconds(0)).all.seconds_left);
  const ProgressState state = tracker.add({"copy", 1, 1, 100, 1000}, Seconds(1)).all;
  EXPECT_DOUBLE_EQ(state.rate, 100);
  EXPECT_EQ(state.seconds_left, 9u);
  EXPECT_FALSE(state.finished);
}

TEST(Tracker, NoTimeLeftIsMadeUpInAStall) {
  ProgressTracker tracker;
  for (int second = 0; second < 20; ++second)
    tracker.add({"copy", 1, 1, 10, 1000}, Seconds(second));
  EXPECT_FALSE(tracker.add({"copy", 1, 1, 10, 1000}, Seconds(20)).all.seconds_left);
}

TEST(Tracker, DisksAreAddedUp) {
  ProgressTracker tracker;
  tracker.add({"copy", 1, 2, 0, 1000}, Seconds(0));
  tracker.add({"copy", 2, 2, 0, 3000}, Seconds(0));
  tracker.add({"copy", 1, 2, 1000, 1000}, Seconds(1));
  const auto update = tracker.add({"copy", 2, 2, 1000, 3000}, Seconds(1));
  EXPECT_EQ(update.all.done, 2000u);
  EXPECT_EQ(update.all.total, 4000u);
  EXPECT_EQ(update.all.percent(), 50u);
  EXPECT_EQ(update.disk.disk, 2u);
  EXPECT_EQ(update.disk.percent(), 33u);
  EXPECT_FALSE(update.all.finished);
  EXPECT_TRUE(tracker.add({"copy", 2, 2, 3000, 3000}, Seconds(2)).all.finished);
}

TEST(Tracker, NotFinishedBeforeEveryDiskWasSeen) {
  ProgressTracker tracker;
  const auto update = tracker.add({"copy", 1, 2, 5, 5}, Seconds(0));
  EXPECT_TRUE(update.disk.finished);
  EXPECT_FALSE(update.all.finished);
}

TEST(Tracker, AReportForAllDisksReplacesTheSum) {
  ProgressTracker tracker;
  tracker.add({"copy", 1, 2, 5, 5}, Seconds(0));
  EXPECT_EQ(tracker.add({"copy", 0, 2, 10, 100}, Seconds(0)).all.total, 100u);
}

TEST(Tracker, PhasesAreApart) {
  ProgressTracker tracker;
  tracker.add({"copy", 1, 1, 100, 100}, Seconds(0));
  EXPECT_EQ(tracker.add({"upload", 1, 1, 1, 100}, Seconds(1)).all.done, 1u);
}

TEST(State, OnlyWhatIsDoneIsAHundred) {
  ProgressState state;
  state.total = 1000000;
  state.done = 999999;
  EXPECT_EQ(state.percent(), 99u);
  state.done = 1000000;
  EXPECT_EQ(state.percent(), 100u);
}

TEST(State, MoreThanAllIsAll) {
  ProgressTracker tracker;
  const ProgressState state = tracker.add({"copy", 1, 1, 2000, 1000}, Seconds(0)).all;
  EXPECT_EQ(state.done, 1000u);
  EXPECT_TRUE(state.finished);
}

ProgressState halfway() {
  ProgressState state;
  state.phase = "copy";
  state.disks = 2;
  state.done = 512 * mib;
  state.total = 1024 * mib;
  state.rate = 64.0 * mib;
  state.seconds_left = 8;
  return state;
}

TEST(Bar, FillsTheLineUpToALimit) {
  const std::string wide = progress_bar(halfway(), 200), narrow = progress_bar(halfway(), 79);
  EXPECT_EQ(wide,
            "copy of 2 disks  50% [####################--------------------] "
            "512 MiB of 1.0 GiB, 64 MiB/s, 0:08 left");
  EXPECT_EQ(narrow,
            "copy of 2 disks  50% [########--------] 512 MiB of 1.0 GiB, 64 MiB/s, 0:08 left");
  EXPECT_EQ(narrow.size(), 79u);
}

TEST(Bar, IsLeftOutWhereThereIsNoRoom) {
  EXPECT_EQ(progress_bar(halfway(), 64),
            "copy of 2 disks  50% 512 MiB of 1.0 GiB, 64 MiB/s, 0:08 left");
  EXPECT_EQ(progress_bar(halfway(), 10).size(), 10u);
}

TEST(Bar, UnknownTotal) {
  ProgressState state = halfway();
  state.total = 0;
  state.seconds_left.reset();
  EXPECT_EQ(progress_bar(state, 79), "copy of 2 disks 512 MiB, 64 MiB/s");
}

TEST(Line, HasTheSameFigures) {
  EXPECT_EQ(progress_line(halfway()),
            "copy of 2 disks  50%: 512 MiB of 1.0 GiB, 64 MiB/s, 0:08 left");
}

TEST(Line, APhaseIsOneLine) {
  ProgressState state = halfway();
  state.phase = "a\nb\x1b";
  EXPECT_EQ(progress_line(state).find_first_of("\n\x1b"), std::string::npos);
}

}  // namespace
}  // namespace v2v::host
