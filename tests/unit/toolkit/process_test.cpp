// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The limits and promises of toolkit/process, with programs that try them.
#include <v2v/process/process.hpp>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

namespace v2v::test {
namespace {

using namespace std::chrono_literals;
using process::Child;
using process::Command;
using process::FileDescriptor;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::size_t mebibyte = 1 << 20;

Command shell(const std::string &script) {
  return Command{{"sh", "-c", script}};
}

Error error_of(const std::function<void()> &body) {
  try {
    body();
  } catch (const Error &error) {
    return error;
  }
  return Error(Code::unsupported, "nothing failed");
}

template <class Holds>
bool eventually(const Holds &holds) {
  for (int i = 0; i < 500 && !holds(); ++i) std::this_thread::sleep_for(20ms);
  return holds();
}

std::string state_of(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/status");
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Gone, or a zombie that its new parent has not waited for.
bool has_ended(pid_t process) {
  const auto state = state_of(process);
  return state.empty() || state.find("State:\tZ") != state.npos;
}

std::size_t open_descriptors() {
  return static_cast<std::size_t>(
      std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {}));
}

FileDescriptor null_device() {
  return FileDescriptor(::open("/dev/null", O_RDWR | O_CLOEXEC));
}

TEST(Process, ReadsMoreThanAPipeHoldsFromBothOutputs) {
  const auto result =
      shell("head -c 3000000 /dev/zero | tr '\\0' e >&2; head -c 3000000 /dev/zero").run();
  EXPECT_EQ(result.out, std::string(3'000'000, '\0'));
  EXPECT_EQ(result.error, std::string(64 * 1024, 'e'));
}

TEST(Process, RefusesMoreOutputThanItMayKeep) {
  Command command{{"cat", "/dev/zero"}};
  command.most_output = mebibyte;
  const auto error = error_of([&] { command.run(); });
  EXPECT_EQ(error.code(), Code::io);
  EXPECT_THAT(error.what(), HasSubstr("wrote more than 1048576 bytes"));
  std::size_t seen = 0;
  Command streamed{{"head", "-c", "3000000", "/dev/zero"}};
  streamed.most_output = mebibyte;
  streamed.on_output = [&](const std::string &piece) { seen += piece.size(); };
  EXPECT_EQ(streamed.run().out, "");
  EXPECT_EQ(seen, 3'000'000u);
}

TEST(Process, GivesInputOfAnySize) {
  auto cat = Command{{"cat"}};
  EXPECT_EQ(cat.run().out, "");
  cat.input = std::string(3 * mebibyte, 'x') + "end";
  EXPECT_EQ(cat.run().out, cat.input);
}

TEST(Process, AProgramNeedNotReadItsInput) {
  auto deaf = shell("exec 0<&-; echo done");
  deaf.input = std::string(3 * mebibyte, 'x');
  EXPECT_EQ(deaf.run().out, "done\n");
}

TEST(Process, NamesTheSignalThatKilledIt) {
  const auto killed = shell("echo last words >&2; kill -SEGV $$");
  EXPECT_EQ(killed.run().status, 128 + SIGSEGV);
  EXPECT_STREQ(error_of([&] { killed.run_checked("cannot do it", "a.img"); }).what(),
               "a.img: cannot do it: sh was killed by signal 11 (Segmentation fault): last words");
}

TEST(Process, FailuresTellTheLastLines) {
  const auto failure = [](const std::string &script) {
    return error_of([&] { shell(script).run_checked("cannot do it"); }).failure();
  };
  EXPECT_EQ(failure("exit 3"), "cannot do it: sh ended with status 3");
  EXPECT_EQ(failure("printf 'a\\nb\\n\\nc \\nd\\n' >&2; false"), "cannot do it: b | c | d");
  EXPECT_EQ(failure("printf 'to \\033[31mthe terminal' >&2; false"),
            "cannot do it: to ?[31mthe terminal");
}

TEST(Process, NamesThePackageOfAProgramThatIsNotThere) {
  Command command{{"v2v-no-such-program"}};
  command.package = "some-package";
  const auto error = error_of([&] { command.run("cannot do it", "a.img"); });
  EXPECT_EQ(error.code(), Code::not_found);
  EXPECT_STREQ(error.what(),
               "a.img: cannot do it: v2v-no-such-program is not installed; install the package "
               "some-package");
}

TEST(Process, SaysWhyAProgramDoesNotStart) {
  std::string name = std::filesystem::temp_directory_path() / "v2v-test-XXXXXX";
  FileDescriptor(::mkstemp(name.data())).reset();
  std::ofstream(name) << "#!/no/such/interpreter\n";
  std::filesystem::permissions(name, std::filesystem::perms::owner_all);
  const auto error = error_of([&] { Command{{name}}.run(); });
  std::filesystem::remove(name);
  EXPECT_EQ(error.code(), Code::internal);
  EXPECT_THAT(error.what(), HasSubstr("cannot be started: No such file"));
}

TEST(Process, FindsProgramsOfTheSystemAndNoDirectories) {
  EXPECT_THAT(process::find_program("sh"), HasSubstr("/sh"));
  EXPECT_EQ(process::find_program("/bin/sh"), "/bin/sh");
  EXPECT_EQ(process::find_program("/usr"), "");
  EXPECT_EQ(process::find_program("/dev/null"), "");
}

TEST(Process, TheTimeLimitHoldsForAProgramThatClosedItsOutputs) {
  auto silent = shell("exec >&- 2>&-; exec sleep 1000");
  silent.timeout = 200ms;
  EXPECT_THAT(error_of([&] { silent.run(); }).what(), HasSubstr("sh: the program did not end"));
}

TEST(Process, DoesNotWaitForWhatIsLeftInTheBackground) {
  std::string out;
  auto command = shell("sleep 1000 & echo $!");
  command.on_output = [&](const std::string &piece) { out += piece; };
  EXPECT_EQ(command.run().status, 0);
  ::kill(std::stoi(out), SIGKILL);
}

TEST(Process, CancellationEndsItAndItsChildren) {
  std::string out;
  auto command = shell("sleep 1000 & echo $!; wait");
  command.on_output = [&](const std::string &piece) { out += piece; };
  command.check_cancelled = [&] {
    if (!out.empty()) throw Error(Code::cancelled, "enough");
  };
  EXPECT_STREQ(error_of([&] { command.run(); }).what(), "enough");
  EXPECT_TRUE(eventually([&] { return has_ended(std::stoi(out)); }));
}

TEST(Process, DiesWithAParentThatIsKilled) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const pid_t parent = ::fork();
  if (parent == 0) {
    auto command = shell("echo $$; exec sleep 1000");
    command.on_output = [&](const std::string &piece) {
      if (::write(ends[1], piece.data(), piece.size()) < 0) ::_exit(1);
    };
    command.run();
    ::_exit(0);
  }
  char line[32] = {};
  ASSERT_GT(::read(ends[0], line, sizeof line - 1), 0);
  EXPECT_FALSE(has_ended(std::stoi(line)));
  ::kill(parent, SIGKILL);
  ::waitpid(parent, nullptr, 0);
  EXPECT_TRUE(eventually([&] { return has_ended(std::stoi(line)); }));
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST(Process, PassesOnlyTheDescriptorsThatItShould) {
  const int left_open = ::open("/dev/null", O_RDONLY);  // as a careless plugin does
  const auto first = process::memory_file("first"), second = process::memory_file("second");
  auto command = shell("cat <&3; cat <&4; ls /proc/self/fd | wc -l");
  // The number of one is the place of another.
  const FileDescriptor at_three(::fcntl(second.get(), F_DUPFD_CLOEXEC, 3));
  command.descriptors = {first.get(), at_three.get()};
  // ls: 0 to 4, and the directory it reads.
  EXPECT_EQ(command.run().out, "firstsecond6\n");
  ::close(left_open);
}

TEST(Process, WorksWithoutStandardStreams) {
  const pid_t process = ::fork();
  if (process == 0) {
    for (int fd : {0, 1, 2}) ::close(fd);
    auto command = shell("cat; echo error >&2");
    command.input = "input";
    const auto result = command.run();
    ::_exit(result.out == "input" && result.error == "error\n" ? 0 : 1);
  }
  int status = 1;
  ::waitpid(process, &status, 0);
  EXPECT_EQ(status, 0);
}

TEST(Process, LeaksNoDescriptors) {
  const auto before = open_descriptors();
  auto command = shell("echo out; echo error >&2");
  command.input = "in";
  command.run();
  error_of([] { Command{{"v2v-no-such-program"}}.run(); });
  error_of([] { shell("exit 1").run_checked("x"); });
  command.check_cancelled = [] { throw Error(Code::cancelled, "enough"); };
  error_of([&] { command.run(); });
  EXPECT_EQ(open_descriptors(), before);
}

TEST(Process, StartsWithDefaultSignals) {
  const auto before = ::signal(SIGTERM, SIG_IGN);
  const auto result = shell("grep -E '^Sig(Blk|Ign)' /proc/self/status").run();
  ::signal(SIGTERM, before);
  EXPECT_THAT(result.out, HasSubstr("SigBlk:\t0000000000000000"));
  const auto ignored = std::stoull(result.out.substr(result.out.rfind('\t')), nullptr, 16);
  EXPECT_EQ(ignored >> (SIGTERM - 1) & 1, 0u);
}

TEST(Process, BoundsHoldForAProgramOverGuestData) {
  ::setenv("V2V_TEST_SECRET", "secret", 1);
  auto command = shell("ulimit -v; ulimit -c; grep NoNewPrivs /proc/self/status; env");
  command.bounds = process::Bounds{};
  command.bounds->memory = 512 * mebibyte;
  const auto said = command.run().out;
  ::unsetenv("V2V_TEST_SECRET");
  EXPECT_THAT(said, HasSubstr("524288\n0\nNoNewPrivs:\t1\n"));
  EXPECT_THAT(said, HasSubstr("LC_ALL=C\n"));
  EXPECT_THAT(said, Not(HasSubstr("secret")));

  auto writing = shell("head -c 2000000 /dev/zero > \"$0\"; echo $?");
  std::string name = std::filesystem::temp_directory_path() / "v2v-test-XXXXXX";
  const FileDescriptor file(::mkstemp(name.data()));
  writing.argv.push_back(name);
  writing.bounds = process::Bounds{};
  writing.bounds->file = mebibyte;
  EXPECT_EQ(writing.run().out, std::to_string(128 + SIGXFSZ) + "\n");
  EXPECT_EQ(std::filesystem::file_size(name), mebibyte);
  std::filesystem::remove(name);
}

TEST(Process, WhatABoundedProgramStartedEndsWithIt) {
  auto command = shell("sleep 1000 >/dev/null 2>&1 & echo $!");
  command.bounds = process::Bounds{};
  const auto left = std::stoi(command.run().out);
  EXPECT_TRUE(eventually([&] { return has_ended(left); }));
}

TEST(Process, RootCanBeGivenUp) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root";
  auto command = shell("id -u; id -G; grep CapEff /proc/self/status");
  command.bounds = process::Bounds{};
  command.bounds->as_nobody = true;
  EXPECT_EQ(command.run().out, "65534\n65534\nCapEff:\t0000000000000000\n");
}

TEST(Child, EndsWithItsObject) {
  const auto null = null_device();
  const auto pid_file = process::memory_file("");
  auto command = shell("echo $$; exec sleep 1000");
  pid_t process = 0;
  {
    Child child(command, null.get(), pid_file.get(), null.get());
    char line[32] = {};
    ASSERT_TRUE(eventually([&] { return ::pread(pid_file.get(), line, sizeof line - 1, 0) > 1; }));
    process = std::stoi(line);
    EXPECT_FALSE(child.status());
    EXPECT_FALSE(has_ended(process));
  }
  EXPECT_NE(::kill(process, 0), 0);
}

TEST(Child, TellsItsStatusAgainAndAgain) {
  const auto null = null_device();
  Child child(shell("exit 3"), null.get(), null.get(), null.get());
  ASSERT_TRUE(eventually([&] { return child.status().has_value(); }));
  EXPECT_EQ(child.status(), 3);
}

}  // namespace
}  // namespace v2v::test
