// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/run/shell_command.hpp>

#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <thread>

namespace v2v::core {
namespace {

constexpr std::chrono::milliseconds between_looks{20};

// In the new process: what the supervisor has made of signals is not for the command.
[[noreturn]] void become(const char *command, pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != parent) ::_exit(1);
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE}) ::signal(number, SIG_DFL);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::execl("/bin/sh", "sh", "-c", command, static_cast<char *>(nullptr));
  ::_exit(127);
}

}  // namespace

std::string shell_quoted(const std::string &word) {
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

int run_in_shell(const std::string &command, const Cancellation &cancellation) {
  std::fflush(nullptr);
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child < 0) throw Error(Code::internal, fmt::format("cannot fork: {}", std::strerror(errno)));
  if (child == 0) become(command.c_str(), parent);
  int status = 0;
  while (::waitpid(child, &status, WNOHANG) != child) {
    if (cancellation.requested()) ::kill(child, SIGTERM);
    cancellation.check();
    std::this_thread::sleep_for(between_looks);
  }
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace v2v::core
