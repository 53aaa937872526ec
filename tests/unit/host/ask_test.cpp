// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Questions to a person: the root, and secrets typed on a (pseudo) terminal.
#include "testing.hpp"

#include <host/ask.hpp>

#include <gmock/gmock.h>

#include <fcntl.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include <sstream>
#include <thread>

namespace v2v::host {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::vector<core::RootChoice> roots = {{"/dev/sda2", "Debian GNU/Linux 12"},
                                             {"/dev/sdb1", "Fedora \x1b[5m 40"}};

TEST(AskRoot, ShowsTheRootsAndTakesANumber) {
  std::istringstream in("2\n");
  std::ostringstream out;
  EXPECT_EQ(ask_root(roots, in, out), "/dev/sdb1");
  EXPECT_THAT(out.str(), HasSubstr("***\n"));
  EXPECT_THAT(out.str(), HasSubstr(" [1] /dev/sda2 (Debian GNU/Linux 12)\n"));
  EXPECT_THAT(out.str(), HasSubstr("A number from 1 to 2, or 'exit': "));
  EXPECT_THAT(out.str(), Not(HasSubstr("\x1b")));
}

TEST(AskRoot, AsksAgain) {
  std::istringstream in("0\n3\nx\n-1\n1x\n\n 1 \n");
  std::ostringstream out;
  EXPECT_EQ(ask_root(roots, in, out), "/dev/sda2");
}

TEST(AskRoot, Exit) {
  std::istringstream in("exit\n");
  std::ostringstream out;
  EXPECT_EQ(error_of([&] { ask_root(roots, in, out); }).code(), Code::cancelled);
}

TEST(AskRoot, EndOfInput) {
  std::istringstream in("7\n");
  std::ostringstream out;
  const Error error = error_of([&] { ask_root(roots, in, out); });
  EXPECT_EQ(error.code(), Code::usage);
  EXPECT_THAT(error.remedy(), HasSubstr("--root"));
}

/// A terminal whose other end is the test.
class Terminal : public testing::Test {
 protected:
  void SetUp() override {
    person_ = ::posix_openpt(O_RDWR | O_NOCTTY);
    if (person_ < 0 || ::grantpt(person_) != 0 || ::unlockpt(person_) != 0)
      GTEST_SKIP() << "no pseudo terminals here";
    terminal_ = ::open(::ptsname(person_), O_RDWR | O_NOCTTY);
    ASSERT_GE(terminal_, 0);
  }
  void TearDown() override {
    if (terminal_ >= 0) ::close(terminal_);
    if (person_ >= 0) ::close(person_);
  }
  /// Types once the prompt is there; then reads what the terminal showed up to a newline.
  std::thread type(const std::string &text) {
    return std::thread([this, text] {
      while (shown_.find("Password: ") == std::string::npos) read_some();
      EXPECT_EQ(::write(person_, text.data(), text.size()), static_cast<ssize_t>(text.size()));
      while (shown_.find('\n') == std::string::npos) read_some();
    });
  }
  void read_some() {
    char piece[100];
    const ssize_t count = ::read(person_, piece, sizeof piece);
    ASSERT_GT(count, 0);
    shown_.append(piece, static_cast<std::size_t>(count));
  }
  bool echoes() const {
    termios settings{};
    EXPECT_EQ(::tcgetattr(terminal_, &settings), 0);
    return (settings.c_lflag & ECHO) != 0 && (settings.c_lflag & ISIG) != 0;
  }

  int person_ = -1, terminal_ = -1;
  std::string shown_;
};

TEST_F(Terminal, ASecretIsNotShown) {
  std::thread person = type("open sesame\n");
  EXPECT_EQ(ask_secret(terminal_, "Password", false), "open sesame");
  person.join();
  EXPECT_THAT(shown_, Not(HasSubstr("sesame")));
  EXPECT_TRUE(echoes());
}

TEST_F(Terminal, EchoOnRequest) {
  std::thread person = type("open sesame\n");
  EXPECT_EQ(ask_secret(terminal_, "Password", true), "open sesame");
  person.join();
  EXPECT_THAT(shown_, HasSubstr("sesame"));
}

TEST_F(Terminal, ControlCEndsTheQuestionAndRestoresTheTerminal) {
  std::thread person = type("abc\x03");
  EXPECT_EQ(error_of([&] { ask_secret(terminal_, "Password", false); }).code(), Code::cancelled);
  person.join();
  EXPECT_TRUE(echoes());
}

}  // namespace
}  // namespace v2v::host
