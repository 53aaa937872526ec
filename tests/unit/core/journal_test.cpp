// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/run/journal.hpp>

#include <v2v/error.hpp>

#include "../temporary_directory.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

namespace v2v::core {
namespace {

using test::TemporaryDirectory;

TEST(Journal, GivesBackWhatWasWritten) {
  const TemporaryDirectory run;
  Journal journal(run.path());
  journal.guest("späte Gäste");
  journal.call_begins("v2v-output-local.so: prepare");
  journal.abort_record("/p/a.so", R"({"file":"/x \"y\""})");
  journal.abort_record("/p/b.so", "two");
  const auto state = Journal::read(run.path());
  EXPECT_EQ(state.guest, "späte Gäste");
  EXPECT_EQ(state.call, "v2v-output-local.so: prepare");
  EXPECT_FALSE(state.committed);
  ASSERT_EQ(state.records.size(), 2u);
  EXPECT_EQ(state.records[0].plugin, "/p/a.so");
  EXPECT_EQ(state.records[0].record, R"({"file":"/x \"y\""})");
}

TEST(Journal, KnowsWhenACallHasEndedAndTheResultIsCommitted) {
  const TemporaryDirectory run;
  Journal journal(run.path());
  journal.call_ends(journal.call_begins("x"));
  journal.committed();
  const auto state = Journal::read(run.path());
  EXPECT_EQ(state.call, "");
  EXPECT_TRUE(state.committed);
}

TEST(Journal, KnowsEachOfSeveralCallsUnderWay) {
  const TemporaryDirectory run;
  Journal journal(run.path());
  const auto first = journal.call_begins("take 1");
  journal.call_begins("take 2");
  journal.call_begins("take 3");
  journal.call_ends(first);
  EXPECT_EQ(Journal::read(run.path()).call, "take 2, take 3");
}

TEST(Journal, SkipsALineThatWasCutOff) {
  const TemporaryDirectory run;
  Journal(run.path()).abort_record("/p/a.so", "one");
  std::ofstream(run / "journal", std::ios::app) << R"({"abort":"tw)";
  EXPECT_EQ(Journal::read(run.path()).records.size(), 1u);
}

// A file that may not grow beyond a few bytes more stands for a disk that is full.
class FullDisk {
 public:
  explicit FullDisk(std::uint64_t size) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{size, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    ::signal(SIGXFSZ, SIG_IGN);
  }
  ~FullDisk() { ::setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  rlimit before_{};
};

TEST(Journal, OnAFullDiskRecordsFailAndNotesDoNot) {
  const TemporaryDirectory run;
  Journal journal(run.path());
  journal.abort_record("/p/a.so", "one");
  {
    const FullDisk full(std::filesystem::file_size(run / "journal") + 5);
    EXPECT_NO_THROW(journal.call_ends(journal.call_begins("v2v-output-a.so: abort")));
    try {
      journal.abort_record("/p/a.so", "two");
      FAIL();
    } catch (const Error &error) {
      EXPECT_EQ(error.code(), Code::no_space);
    }
  }
  EXPECT_EQ(Journal::read(run.path()).records.size(), 1u);
}

TEST(Journal, LosesNoRecordBehindALineThatWasCutOff) {
  const TemporaryDirectory run;
  Journal journal(run.path());
  {
    const FullDisk full(5);
    EXPECT_THROW(journal.abort_record("/p/a.so", "one"), Error);
  }
  journal.abort_record("/p/a.so", "two");
  {
    const FullDisk full(std::filesystem::file_size(run / "journal") + 5);
    EXPECT_THROW(journal.committed(), Error);
  }
  // Another process goes on, as the one that cleans up.
  Journal(run.path()).abort_record("/p/a.so", "three");
  const auto state = Journal::read(run.path());
  ASSERT_EQ(state.records.size(), 2u);
  EXPECT_EQ(state.records[0].record, "two");
  EXPECT_EQ(state.records[1].record, "three");
  EXPECT_FALSE(state.committed);
}

TEST(Journal, IsEmptyWhereThereIsNone) {
  const TemporaryDirectory run;
  EXPECT_TRUE(Journal::read(run.path()).records.empty());
}

TEST(Journal, GivesBackEveryByteOfARecord) {
  const TemporaryDirectory run;
  std::string all;
  for (int byte = 1; byte < 256; ++byte) all += static_cast<char>(byte);
  Journal(run.path()).abort_record("/p/\xff.so", all);
  const auto state = Journal::read(run.path());
  ASSERT_EQ(state.records.size(), 1u);
  EXPECT_EQ(state.records[0].record, all);
  EXPECT_EQ(state.records[0].plugin, "/p/\xff.so");
}

}  // namespace
}  // namespace v2v::core
