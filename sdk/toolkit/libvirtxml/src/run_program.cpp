// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See run_program.hpp.
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <sstream>
#include <v2v/error.hpp>
#include <v2v/toolkit/run_program.hpp>
#include <v2v/toolkit/text.hpp>

namespace v2v::toolkit {
namespace {

constexpr int tick_ms = 200;

/// A started program with the reading end of its standard error.
class Child {
 public:
  Child(const std::string &program, const std::vector<std::string> &arguments) {
    std::vector<char *> argv;
    for (const auto &argument : arguments) argv.push_back(const_cast<char *>(argument.c_str()));
    argv.push_back(nullptr);
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) throw Error(Code::io, "cannot create a pipe", program);
    const pid_t parent = getpid();
    pid_ = fork();
    if (pid_ == 0) become(program.c_str(), argv.data(), ends[1], parent);
    close(ends[1]);
    stderr_ = ends[0];
    if (pid_ < 0) {
      close(stderr_);
      throw Error(Code::io, "cannot start the program", program);
    }
  }
  Child(const Child &) = delete;
  Child &operator=(const Child &) = delete;
  ~Child() {
    if (pid_ > 0) {
      kill(pid_, SIGKILL);
      wait();
    }
    close(stderr_);
  }

  int stderr_fd() const { return stderr_; }

  int wait() {
    int status = 0;
    while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) continue;
    pid_ = -1;
    return status;
  }

 private:
  /// In the child: only calls that are safe between fork and exec in a threaded process.
  [[noreturn]] static void become(const char *program, char *const *argv, int error, pid_t parent) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(127);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    signal(SIGPIPE, SIG_DFL);
    const int null = open("/dev/null", O_RDWR);
    dup2(null, STDIN_FILENO);
    dup2(null, STDOUT_FILENO);
    dup2(error, STDERR_FILENO);
    execv(program, argv);
    _exit(127);
  }

  pid_t pid_ = -1;
  int stderr_ = -1;
};

std::string last_line(const std::string &text) {
  std::istringstream lines(text);
  std::string line, last;
  while (std::getline(lines, line))
    if (!line.empty()) last = line;
  return printable(last);
}

}  // namespace

std::string find_program(const std::string &name) {
  if (name.find('/') != std::string::npos) return access(name.c_str(), X_OK) == 0 ? name : "";
  const char *path = std::getenv("PATH");
  std::istringstream directories(path ? path : "/usr/bin:/bin");
  for (std::string directory; std::getline(directories, directory, ':');) {
    const std::string candidate = (directory.empty() ? "." : directory) + "/" + name;
    if (access(candidate.c_str(), X_OK) == 0) return candidate;
  }
  return {};
}

void run_program(const std::vector<std::string> &argv, const std::string &what,
                 const std::string &object, std::chrono::seconds limit,
                 const std::function<void()> &check_cancelled) {
  const std::string program = find_program(argv.at(0));
  if (program.empty())
    throw Error(Code::not_found, fmt::format("{}: {} is not installed", what, argv[0]), object,
                "install it and try again");
  Child child(program, argv);
  const auto deadline = std::chrono::steady_clock::now() + limit;
  std::string error;
  for (;;) {
    if (check_cancelled) check_cancelled();
    if (std::chrono::steady_clock::now() > deadline)
      throw Error(Code::io,
                  fmt::format("{}: {} did not end within {} s", what, argv[0], limit.count()),
                  object, "see whether the storage answers");
    pollfd readable{child.stderr_fd(), POLLIN, 0};
    if (poll(&readable, 1, tick_ms) <= 0) continue;
    std::array<char, 4096> piece;
    const ssize_t got = read(child.stderr_fd(), piece.data(), piece.size());
    if (got == 0) break;
    if (got > 0) error.append(piece.data(), static_cast<std::size_t>(got));
    if (error.size() > 65536) error.erase(0, error.size() - 65536);
  }
  const int status = child.wait();
  if (status != 0)
    throw Error(Code::io,
                fmt::format("{}: {}", what, error.empty() ? argv[0] + " failed" : last_line(error)),
                object);
}

}  // namespace v2v::toolkit
