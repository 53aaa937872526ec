// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The threads of the copy: all of a work is done once, works take turns, failures come through.
#include <core/copy/copy_workers.hpp>

#include <gmock/gmock.h>

#include <algorithm>
#include <atomic>
#include <future>

namespace v2v::test {
namespace {

using core::CopyWorkers;
using core::Scratch;

class Counted : public CopyWorkers::Work {
 public:
  explicit Counted(int left, std::function<void(int)> act = {})
      : left_(left), act_(std::move(act)) {}
  bool do_one(Scratch &) override {
    const int number = left_--;
    if (number <= 0) return false;
    if (act_) act_(number);
    ++done;
    return true;
  }
  std::atomic<int> done{0};

 private:
  std::atomic<int> left_;
  std::function<void(int)> act_;
};

TEST(CopyWorkersTest, EveryWorkIsDoneToItsEnd) {
  CopyWorkers workers;
  std::vector<std::unique_ptr<Counted>> works;
  std::vector<std::future<void>> runs;
  for (int i = 0; i < 40; ++i) works.push_back(std::make_unique<Counted>(i * 7));
  for (auto &work : works)
    runs.push_back(std::async(std::launch::async, [&] { workers.run(*work, 0, [] {}); }));
  for (auto &run : runs) run.get();
  for (int i = 0; i < 40; ++i) EXPECT_EQ(works[static_cast<std::size_t>(i)]->done, i * 7);
}

TEST(CopyWorkersTest, TheFirstFailureEndsItsWorkAndNoOther) {
  CopyWorkers workers;
  Counted bad(1'000'000'000, [](int number) {
    if (number == 999'999'000) throw std::runtime_error("number");
  });
  Counted good(5000);
  auto other = std::async(std::launch::async, [&] { workers.run(good, 0, [] {}); });
  EXPECT_THROW(workers.run(bad, 0, [] {}), std::runtime_error);
  other.get();
  EXPECT_EQ(good.done, 5000);
  EXPECT_LT(bad.done, 10'000'000);
}

TEST(CopyWorkersTest, NoMoreThreadsAreAtAWorkThanItAllows) {
  CopyWorkers workers;
  std::atomic<int> at_it{0}, most{0};
  Counted narrow(200, [&](int) {
    most = std::max<int>(most, ++at_it);
    std::this_thread::sleep_for(std::chrono::microseconds(100));
    --at_it;
  });
  Counted wide(2000);
  auto other = std::async(std::launch::async, [&] { workers.run(wide, 0, [] {}); });
  workers.run(narrow, 1, [] {});
  other.get();
  EXPECT_EQ(narrow.done, 200);
  EXPECT_EQ(wide.done, 2000);
  EXPECT_EQ(most, 1);
}

TEST(CopyWorkersTest, AFailingTickEndsTheWork) {
  CopyWorkers workers;
  Counted endless(1'000'000'000, [](int) { std::this_thread::yield(); });
  EXPECT_THROW(workers.run(endless, 0, [] { throw std::runtime_error("tick"); }),
               std::runtime_error);
  const int done = endless.done;
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_EQ(endless.done, done) << "no thread may be at it any more";
}

TEST(CopyWorkersTest, AShortWorkDoesNotWaitForALongOne) {
  CopyWorkers workers;
  std::atomic<bool> stop{false};
  Counted endless(1'000'000'000, [&](int) {
    if (stop) throw std::runtime_error("enough");
    std::this_thread::yield();
  });
  auto other = std::async(std::launch::async, [&] { workers.run(endless, 0, [] {}); });
  while (endless.done == 0) std::this_thread::yield();
  Counted small(100);
  workers.run(small, 0, [] {});
  EXPECT_EQ(small.done, 100);
  stop = true;
  EXPECT_THROW(other.get(), std::runtime_error);
}

}  // namespace
}  // namespace v2v::test
