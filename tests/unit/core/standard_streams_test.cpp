// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/run/standard_streams.hpp>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <initializer_list>

namespace v2v::core {
namespace {

// In a process of its own: the number that the next file gets after these streams were closed.
int next_number(std::initializer_list<int> closed) {
  const pid_t child = ::fork();
  if (child == 0) {
    for (const int number : closed) ::close(number);
    open_standard_streams();
    bool usable = true;
    for (const int number : closed) usable = usable && ::write(number, "x", 1) == 1;
    const int next = ::open("/dev/null", O_RDONLY);
    ::_exit(usable ? next : 100);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(StandardStreams, NoFileGetsTheNumberOfOne) {
  const int usual = next_number({});
  EXPECT_GE(usual, 3);
  EXPECT_EQ(next_number({0, 1, 2}), usual);
  EXPECT_EQ(next_number({1}), usual);
  EXPECT_EQ(next_number({0, 2}), usual);
}

}  // namespace
}  // namespace v2v::core
