// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// With a socket pair whose other end speaks as qemu does, and a process that is killed as qemu is.
#include <core/guest/overlay_watch.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <optional>

namespace v2v::core {
namespace {

class OverlayWatchTest : public ::testing::Test {
 protected:
  OverlayWatchTest() {
    int ends[2];
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    qemu_ = FileDescriptor(ends[0]);
    process_ = ::fork();
    if (process_ == 0)
      for (;;) ::pause();
    watch_.emplace(FileDescriptor(ends[1]), process_, "/var/tmp/v2v-run-x",
                   std::vector<std::string>{"first.vmdk", "nbd://second"});
    EXPECT_EQ(heard(), R"({"execute":"qmp_capabilities"})");
    say(R"({"QMP": {"version": {}, "capabilities": []}})");
    say(R"({"return": {}})");
  }
  ~OverlayWatchTest() override {
    if (process_ > 0) ::kill(process_, SIGKILL);
    if (process_ > 0) ::waitpid(process_, nullptr, 0);
  }
  // Waits for the end of the process; the signal that ended it.
  int ended_by() {
    int status = 0;
    EXPECT_EQ(::waitpid(process_, &status, 0), process_);
    process_ = -1;
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  }
  void say(const std::string &line) {
    const auto text = line + "\r\n";
    ASSERT_EQ(::write(qemu_.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  // The next line that qemu is told; empty at the end.
  std::string heard() {
    std::string line;
    for (char c; ::read(qemu_.get(), &c, 1) == 1 && c != '\n';) line += c;
    return line;
  }
  void block_error(const std::string &data) {
    say(R"({"timestamp": {"seconds": 1}, "event": "BLOCK_IO_ERROR", "data": {)" + data + "}}");
  }

  FileDescriptor qemu_;
  pid_t process_ = -1;
  std::optional<OverlayWatch> watch_;
};

TEST_F(OverlayWatchTest, EndsAnApplianceThatWaitsForRoom) {
  say(R"({"event": "STOP"})");
  block_error(R"("device": "hd0", "nospace": true, "operation": "write", "action": "stop",)"
              R"("reason": "No space left on device")");
  EXPECT_EQ(ended_by(), SIGKILL);
  ASSERT_TRUE(watch_->failure());
  EXPECT_EQ(watch_->failure()->code(), Code::no_space);
  EXPECT_EQ(watch_->failure()->object(), "/var/tmp/v2v-run-x");
}

TEST_F(OverlayWatchTest, TellsAnyOtherReason) {
  block_error(R"("nospace": false, "action": "stop", "reason": "Disk quota exceeded")");
  EXPECT_EQ(ended_by(), SIGKILL);
  EXPECT_THAT(watch_->failure()->failure(), ::testing::HasSubstr("Disk quota exceeded"));
}

TEST_F(OverlayWatchTest, NamesTheSourceThatCannotBeRead) {
  block_error(R"("device": "hd1", "nospace": false, "operation": "read", "action": "stop",)"
              R"("reason": "Input/output error")");
  EXPECT_EQ(ended_by(), SIGKILL);
  ASSERT_TRUE(watch_->failure());
  EXPECT_EQ(watch_->failure()->object(), "nbd://second");
  EXPECT_EQ(watch_->failure()->failure(), "the disk cannot be read: Input/output error");
}

TEST_F(OverlayWatchTest, SaysInWordsThatNbdkitHasGivenUp) {
  block_error(R"("device": "hd0", "operation": "read", "action": "stop",)"
              R"("reason": "Cannot send after transport endpoint shutdown")");
  EXPECT_EQ(ended_by(), SIGKILL);
  EXPECT_THAT(watch_->failure()->failure(), ::testing::HasSubstr("several times in vain"));
}

TEST_F(OverlayWatchTest, LeavesTheGuestToDealWithWhatItWasTold) {
  block_error(R"("nospace": false, "operation": "read", "action": "report")");
  say("not JSON");
  say(R"({"event": "BLOCK_IO_ERROR", "data": 5})");
  watch_.reset();
  EXPECT_EQ(heard(), "");
}

TEST_F(OverlayWatchTest, EndsWithQemuOrBeforeIt) {
  qemu_.reset();
  EXPECT_FALSE(watch_->failure());
}

}  // namespace
}  // namespace v2v::core
