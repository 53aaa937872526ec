// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The supervisor with bodies that misbehave in every way. Each test asserts that nothing is left.
#include <core/run/supervisor.hpp>

#include <core/run/command.hpp>

#include "../temporary_directory.hpp"
#include "collecting_reporter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

#include <thread>

namespace v2v::core {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class Supervisor : public ::testing::Test {
 protected:
  int run(const Body &body) {
    const auto directory = RunDirectory::create(parent.path(), 0);
    const int status = supervise(directory, reporter, body, abort);
    EXPECT_TRUE(std::filesystem::is_empty(parent.path()));
    return status;
  }
  std::string aborted() const { return test::read_file(notes / "aborted"); }
  std::string said() const { return test::read_file(notes / "said"); }

  test::TemporaryDirectory parent, notes;
  test::CollectingReporter reporter{notes / "said"};
  Abort abort = [this](const std::filesystem::path &, const std::filesystem::path &plugin,
                       const std::vector<std::string> &lines) {
    std::ofstream file(notes / "aborted", std::ios::app);
    for (const auto &line : lines) file << plugin.string() << ":" << line << "\n";
  };
};

TEST_F(Supervisor, KeepsACommittedResult) {
  EXPECT_EQ(run([](Journal &journal, const Cancellation &) {
              journal.abort_record("/p.so", "made");
              journal.committed();
            }),
            0);
  EXPECT_EQ(aborted(), "");
  EXPECT_EQ(said(), "");
  EXPECT_THAT(reporter.undone_texts, IsEmpty());
}

TEST_F(Supervisor, CallsACommittedResultASuccessWhateverComesThen) {
  EXPECT_EQ(run([](Journal &journal, const Cancellation &) {
              journal.abort_record("/p.so", "made");
              journal.committed();
              ::raise(SIGKILL);
            }),
            0);
  EXPECT_EQ(aborted(), "");
  EXPECT_THAT(said(), HasSubstr("warning: The result is complete"));
}

TEST_F(Supervisor, UndoesAFailure) {
  EXPECT_EQ(run([](Journal &journal, const Cancellation &) {
              journal.abort_record("/p.so", "one");
              journal.abort_record("/p.so", "two");
              throw Error(Code::io, "it broke", "disk 1");
            }),
            1);
  EXPECT_EQ(aborted(), "/p.so:one\n/p.so:two\n");
  EXPECT_EQ(said(), "error: disk 1: it broke\n");
  EXPECT_THAT(reporter.undone_texts,
              testing::ElementsAre("p.so: one", "p.so: two", HasSubstr("temporary directory")));
}

TEST_F(Supervisor, ReportsACrashAndThePluginCall) {
  EXPECT_EQ(run([](Journal &journal, const Cancellation &) {
              journal.abort_record("/p.so", "one");
              journal.call_begins("v2v-output-x.so: prepare");
              ::raise(SIGABRT);
            }),
            1);
  EXPECT_EQ(aborted(), "/p.so:one\n");
  EXPECT_THAT(said(), HasSubstr("error: v2v-output-x.so: prepare: the plugin crashed: signal 6"));
}

TEST_F(Supervisor, DoesNotBlameThePluginForAKill) {
  EXPECT_EQ(run([](Journal &journal, const Cancellation &) {
              journal.call_begins("v2v-output-x.so: prepare");
              ::raise(SIGKILL);
            }),
            1);
  EXPECT_THAT(said(), HasSubstr("was killed (signal 9) during this call"));
}

TEST_F(Supervisor, SeesTheEndThoughItsStarterIgnoredChildren) {
  ::signal(SIGCHLD, SIG_IGN);
  EXPECT_EQ(run([](Journal &, const Cancellation &) {
              EXPECT_EQ(Command{{"false"}}.run().status, 1);
              throw Error(Code::io, "it broke");
            }),
            1);
  EXPECT_EQ(said(), "error: it broke\n");
}

TEST_F(Supervisor, KillsWhatACrashedChildLeftRunning) {
  run([this](Journal &, const Cancellation &) {
    // A daemon that has left the child's session.
    Command{
        {"sh", "-c", "setsid sleep 1000 >/dev/null 2>&1 & echo $! > " + (notes / "pid").string()}}
        .run();
    ::raise(SIGSEGV);
  });
  const pid_t helper = std::stoi(test::read_file(notes / "pid"));
  EXPECT_NE(::kill(helper, 0), 0) << "the helper still runs";
}

TEST_F(Supervisor, PassesASignalOnAndEnforcesIt) {
  const pid_t self = ::getpid();
  EXPECT_EQ(run([&](Journal &journal, const Cancellation &cancellation) {
              journal.abort_record("/p.so", "one");
              ::kill(self, SIGTERM);
              while (!cancellation.requested()) std::this_thread::sleep_for(5ms);
              cancellation.check();
            }),
            1);
  EXPECT_EQ(aborted(), "/p.so:one\n");
  EXPECT_THAT(said(), HasSubstr("Exiting on signal SIGTERM"));
}

TEST_F(Supervisor, KillsAChildThatDoesNotListen) {
  const pid_t self = ::getpid();
  EXPECT_EQ(run([&](Journal &, const Cancellation &) {
              ::kill(self, SIGINT);
              for (;;) std::this_thread::sleep_for(1s);
            }),
            1);
  EXPECT_THAT(said(), HasSubstr("Exiting on signal SIGINT"));
}

TEST_F(Supervisor, IsNotStoppedByWhatItsStarterIgnores) {
  ::signal(SIGHUP, SIG_IGN);  // as nohup does
  const pid_t self = ::getpid();
  EXPECT_EQ(run([&](Journal &, const Cancellation &cancellation) {
              ::kill(self, SIGHUP);
              for (int i = 0; i < 50 && !cancellation.requested(); ++i)
                std::this_thread::sleep_for(10ms);
              cancellation.check();
            }),
            0);
  ::signal(SIGHUP, SIG_DFL);
  EXPECT_EQ(said(), "");
}

TEST_F(Supervisor, SaysThatOnlyTheChildWasAskedToStop) {
  EXPECT_EQ(run([](Journal &, const Cancellation &cancellation) {
              ::raise(SIGTERM);
              cancellation.check();
            }),
            1);
  EXPECT_EQ(said(), "error: the conversion process was asked to stop (SIGTERM)\n");
}

TEST_F(Supervisor, SaysWhyAPluginGaveUp) {
  EXPECT_EQ(run([](Journal &, const Cancellation &) {
              throw Error(Code::cancelled, "the array cancelled the transfer");
            }),
            1);
  EXPECT_EQ(said(), "error: the array cancelled the transfer\n");
}

TEST_F(Supervisor, IsNotEndedByASignalDuringTheCleanUp) {
  const pid_t self = ::getpid();
  const auto working = abort;
  abort = [&](const auto &directory, const auto &plugin, const auto &lines) {
    ::kill(self, SIGINT);
    working(directory, plugin, lines);
  };
  EXPECT_EQ(run([](Journal &journal, const Cancellation &) {
              journal.abort_record("/p.so", "one");
              throw Error(Code::io, "it broke");
            }),
            1);
  EXPECT_EQ(aborted(), "/p.so:one\n");
}

TEST_F(Supervisor, CleansUpAtTheNextStartAfterEverybodyWasKilled) {
  const pid_t all = ::fork();
  if (all == 0) {
    ::setpgid(0, 0);
    const auto directory = RunDirectory::create(parent.path(), 0);
    supervise(
        directory, reporter,
        [](Journal &journal, const Cancellation &) {
          journal.guest("web01");
          journal.abort_record("/p.so", "one");
          ::kill(0, SIGKILL);
        },
        abort);
    ::_exit(0);
  }
  ::waitpid(all, nullptr, 0);
  EXPECT_FALSE(std::filesystem::is_empty(parent.path()));
  // The killed child's death is a moment later than its parent's.
  for (int i = 0; i < 100 && !std::filesystem::is_empty(parent.path()); ++i) {
    clean_up_stale(parent.path(), reporter, abort);
    std::this_thread::sleep_for(10ms);
  }
  EXPECT_TRUE(std::filesystem::is_empty(parent.path()));
  EXPECT_EQ(aborted(), "/p.so:one\n");
  EXPECT_THAT(said(), HasSubstr("Cleaning up after a conversion of web01"));
}

// Another v2v that begins at the same moment has made its directory, and not locked it yet.
TEST_F(Supervisor, SaysNothingOfADirectoryInWhichNothingHappened) {
  { RunDirectory::create(parent.path(), 0); }
  clean_up_stale(parent.path(), reporter, abort);
  EXPECT_TRUE(std::filesystem::is_empty(parent.path()));
  EXPECT_EQ(said(), "");
}

TEST_F(Supervisor, TriesAgainLaterWhatCouldNotBeUndone) {
  const auto working = abort;
  abort = [](const std::filesystem::path &, const std::filesystem::path &,
             const std::vector<std::string> &) {
    throw Error(Code::access, "the storage is away");
  };
  {
    const auto directory = RunDirectory::create(parent.path(), 0);
    supervise(
        directory, reporter,
        [](Journal &journal, const Cancellation &) {
          journal.abort_record("/p.so", "one");
          throw Error(Code::io, "it broke");
        },
        abort);
  }
  EXPECT_THAT(said(), HasSubstr("warning: p.so: could not remove"));
  // One error, that of the conversion.
  EXPECT_THAT(said(), HasSubstr("warning: the storage is away"));
  EXPECT_THAT(said(), Not(HasSubstr("error: the storage is away")));
  clean_up_stale(parent.path(), reporter, working);
  EXPECT_EQ(aborted(), "/p.so:one\n");
  EXPECT_TRUE(std::filesystem::is_empty(parent.path()));
}

}  // namespace
}  // namespace v2v::core
