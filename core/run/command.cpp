// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/run/command.hpp>

#include <core/run/file_descriptor.hpp>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

extern char **environ;

namespace v2v::core {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t max_error_text = 64 * 1024;

struct Pipe {
  FileDescriptor read, write;
};

Pipe make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0)
    throw Error(Code::internal, fmt::format("cannot make a pipe: {}", std::strerror(errno)));
  return {FileDescriptor(ends[0]), FileDescriptor(ends[1])};
}

std::vector<char *> pointers(const std::vector<std::string> &words) {
  std::vector<char *> array;
  for (const auto &word : words) array.push_back(const_cast<char *>(word.c_str()));
  array.push_back(nullptr);
  return array;
}

std::vector<std::string> merged_environment(const Command &command) {
  std::vector<std::string> merged;
  for (char **entry = environ; *entry; ++entry) {
    const std::string text = *entry;
    const auto name = text.substr(0, text.find('='));
    bool replaced = false;
    for (const auto &[key, value] : command.environment) replaced |= key == name;
    if (!replaced) merged.push_back(text);
  }
  for (const auto &[key, value] : command.environment) merged.push_back(key + "=" + value);
  return merged;
}

// Between fork and exec only async-signal-safe calls are made, so everything is prepared before.
[[noreturn]] void become(char *const *argv, char *const *env, int out, int error, int failure,
                         pid_t parent) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(127);
  const int null = ::open("/dev/null", O_RDONLY);
  ::dup2(null, 0);
  ::dup2(out, 1);
  ::dup2(error, 2);
  for (int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE}) ::signal(number, SIG_DFL);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::execvpe(argv[0], argv, env);
  const int reason = errno;
  [[maybe_unused]] const auto written = ::write(failure, &reason, sizeof reason);
  ::_exit(127);
}

class Running {
 public:
  explicit Running(const Command &command) : command_(command) {
    auto out = make_pipe(), error = make_pipe(), failure = make_pipe();
    const auto env_words = merged_environment(command);
    const auto argv = pointers(command.argv);
    const auto env = pointers(env_words);
    const pid_t parent = ::getpid();
    pid_ = ::fork();
    if (pid_ < 0) throw Error(Code::internal, fmt::format("cannot fork: {}", std::strerror(errno)));
    if (pid_ == 0)
      become(argv.data(), env.data(), out.write.get(), error.write.get(), failure.write.get(),
             parent);
    ::setpgid(pid_, pid_);
    out_ = std::move(out.read);
    error_ = std::move(error.read);
    failure.write.reset();
    int reason = 0;
    if (::read(failure.read.get(), &reason, sizeof reason) == sizeof reason) {
      wait();
      throw Error(reason == ENOENT ? Code::not_found : Code::internal,
                  fmt::format("cannot start the program: {}", std::strerror(reason)),
                  command.argv[0],
                  reason == ENOENT ? "install it, or put its directory into PATH" : "");
    }
  }
  ~Running() {
    if (pid_ > 0) kill_and_wait();
  }
  Running(const Running &) = delete;
  Running &operator=(const Running &) = delete;

  CommandOutput finish() {
    const auto deadline = Clock::now() + command_.timeout;
    while (out_ || error_) {
      if (command_.cancellation && command_.cancellation->requested()) {
        kill_and_wait();
        command_.cancellation->check();
      }
      if (Clock::now() >= deadline) {
        kill_and_wait();
        const auto limit = std::chrono::duration_cast<std::chrono::seconds>(command_.timeout);
        throw Error(
            Code::io,
            fmt::format("the command did not end within {} s and was stopped", limit.count()),
            command_.argv[0]);
      }
      drain(deadline);
    }
    result_.status = wait();
    return std::move(result_);
  }

 private:
  void drain(Clock::time_point deadline) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
    // Short, so that a cancellation is seen soon.
    const int wait_ms = static_cast<int>(std::clamp<long long>(left.count(), 0, 100));
    pollfd fds[2] = {{out_.get(), POLLIN, 0}, {error_.get(), POLLIN, 0}};
    if (::poll(fds, 2, wait_ms) <= 0) return;
    if (fds[0].revents) {
      const auto piece = read_some(out_);
      if (command_.on_output && !piece.empty())
        command_.on_output(piece);
      else
        result_.out += piece;
    }
    if (fds[1].revents) {
      result_.error += read_some(error_);
      if (result_.error.size() > max_error_text)
        result_.error.erase(0, result_.error.size() - max_error_text);
    }
  }

  static std::string read_some(FileDescriptor &fd) {
    char buffer[16384];
    const auto count = ::read(fd.get(), buffer, sizeof buffer);
    if (count > 0) return std::string(buffer, static_cast<std::size_t>(count));
    if (count == 0 || errno != EINTR) fd.reset();
    return {};
  }

  int wait() {
    int status = 0;
    pid_t ended = -1;
    while ((ended = ::waitpid(pid_, &status, 0)) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    if (ended < 0)
      throw Error(Code::internal, fmt::format("lost sight of a command: {}", std::strerror(errno)),
                  command_.argv[0]);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

  void kill_and_wait() {
    ::kill(-pid_, SIGKILL);
    ::kill(pid_, SIGKILL);
    wait();
  }

  const Command &command_;
  CommandOutput result_;
  FileDescriptor out_, error_;
  pid_t pid_ = -1;
};

std::string trimmed(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  return text;
}

}  // namespace

CommandOutput Command::run() const {
  return Running(*this).finish();
}

std::string Command::run_checked(const std::string &what, const std::string &object) const {
  auto result = run();
  if (result.status != 0) {
    const auto detail = trimmed(result.error);
    throw Error(
        Code::io,
        fmt::format("{}: {}", what,
                    detail.empty() ? fmt::format("{} ended with status {}", argv[0], result.status)
                                   : detail),
        object);
  }
  return std::move(result.out);
}

}  // namespace v2v::core
