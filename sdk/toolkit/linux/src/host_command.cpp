// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See host_command.hpp.
#include "host_command.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <sstream>

namespace v2v::toolkit {
namespace {

constexpr std::size_t max_output = 64u << 10;
constexpr rlim_t max_memory = rlim_t{2} << 30;
constexpr rlim_t max_file = rlim_t{512} << 20;

std::string find_program(const std::string &name) {
  const char *path = std::getenv("PATH");
  std::istringstream directories(fmt::format("{}:/usr/sbin:/sbin:/usr/bin:/bin", path ? path : ""));
  for (std::string directory; std::getline(directories, directory, ':');) {
    auto file = fmt::format("{}/{}", directory, name);
    if (!directory.empty() && ::access(file.c_str(), X_OK) == 0) return file;
  }
  throw Error(Code::not_found, "the program is not installed on this machine", name,
              "install the package that has it");
}

/// In the child, between fork and exec: async-signal-safe calls only.
[[noreturn]] void become(const char *file, char *const *argv, int output) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  const auto bound = [](__rlimit_resource resource, rlim_t value) {
    const rlimit limit{value, value};
    ::setrlimit(resource, &limit);
  };
  bound(RLIMIT_AS, max_memory);
  bound(RLIMIT_FSIZE, max_file);
  bound(RLIMIT_CORE, 0);
  const int null = ::open("/dev/null", O_RDONLY);
  ::dup2(null, 0);
  ::dup2(output, 1);
  ::dup2(output, 2);
  char locale[] = "LC_ALL=C";
  char *const environment[] = {locale, nullptr};
  ::execve(file, argv, environment);
  ::_exit(127);
}

/// Reads up to the end of file or the deadline; true if the end was reached.
bool collect(int fd, std::chrono::steady_clock::time_point deadline, std::string &output) {
  std::array<char, 4096> buffer;
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    pollfd waiting{fd, POLLIN, 0};
    const int ready = ::poll(&waiting, 1, static_cast<int>(left.count()));
    if (ready == -1 && errno != EINTR) return false;
    if (ready <= 0) continue;
    const auto got = ::read(fd, buffer.data(), buffer.size());
    if (got == 0) return true;
    if (got > 0 && output.size() < max_output)
      output.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

}  // namespace

HostCommandResult run_on_host(const std::vector<std::string> &argv, std::chrono::seconds limit) {
  const auto file = find_program(argv.at(0));
  std::vector<char *> words;
  words.reserve(argv.size() + 1);
  for (const auto &word : argv) words.push_back(const_cast<char *>(word.c_str()));
  words.push_back(nullptr);
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0)
    throw Error(Code::io, std::string("cannot make a pipe: ") + std::strerror(errno), argv[0]);
  const pid_t child = ::fork();
  if (child == 0) become(file.c_str(), words.data(), ends[1]);
  ::close(ends[1]);
  if (child == -1) {
    ::close(ends[0]);
    throw Error(Code::io, std::string("cannot start it: ") + std::strerror(errno), argv[0]);
  }
  ::setpgid(child, child);
  HostCommandResult result;
  const bool ended = collect(ends[0], std::chrono::steady_clock::now() + limit, result.output);
  if (!ended) ::kill(-child, SIGKILL);
  ::close(ends[0]);
  int status = 0;
  while (::waitpid(child, &status, 0) == -1 && errno == EINTR) {
  }
  if (!ended)
    throw Error(Code::io, "it did not end within " + std::to_string(limit.count()) + " s", argv[0]);
  result.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return result;
}

}  // namespace v2v::toolkit
