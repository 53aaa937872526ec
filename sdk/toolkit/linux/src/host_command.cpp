// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See host_command.hpp.
#include "host_command.hpp"

#include "descriptor.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <sstream>

namespace v2v::toolkit {
namespace {

constexpr std::size_t max_output = 64u << 10;
constexpr rlim_t max_memory = rlim_t{2} << 30;
constexpr rlim_t max_file = rlim_t{512} << 20;
constexpr unsigned nobody = 65534;  ///< user and group, in every distribution
constexpr int directory_descriptor = 3;

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

/// Gives a directory with all in it to nobody.
/// @return false where that cannot be: for an ordinary user, and in a container that knows one user
bool give_to_nobody(const std::string &directory) {
  if (::geteuid() != 0 || ::lchown(directory.c_str(), nobody, nobody) != 0) return false;
  for (const auto &entry : std::filesystem::recursive_directory_iterator(directory))
    if (::lchown(entry.path().c_str(), nobody, nobody) != 0)
      throw Error(Code::io, std::string("cannot give it to nobody: ") + std::strerror(errno),
                  entry.path().string());
  return true;
}

struct Child {
  const char *file;
  char *const *argv;
  int output, directory;
  bool as_nobody;
};

/// System calls, because the library's functions speak to threads that are not there after a fork.
bool drop_root() {
  return ::syscall(SYS_setgroups, 0, nullptr) == 0 &&
         ::syscall(SYS_setresgid, nobody, nobody, nobody) == 0 &&
         ::syscall(SYS_setresuid, nobody, nobody, nobody) == 0;
}

void bound(__rlimit_resource resource, rlim_t value) {
  const rlimit limit{value, value};
  ::setrlimit(resource, &limit);
}

/// In the child, between fork and exec: async-signal-safe calls only.
[[noreturn]] void become(const Child &child) {
  ::setpgid(0, 0);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  bound(RLIMIT_AS, max_memory);
  bound(RLIMIT_FSIZE, max_file);
  bound(RLIMIT_CORE, 0);
  const int null = ::open("/dev/null", O_RDONLY);
  ::dup2(null, 0);
  ::dup2(child.output, 1);
  ::dup2(child.output, 2);
  if (child.directory == directory_descriptor)
    ::fcntl(directory_descriptor, F_SETFD, 0);
  else
    ::dup2(child.directory, directory_descriptor);
  ::syscall(SYS_close_range, directory_descriptor + 1, ~0u, 0);
  if (child.as_nobody && !drop_root()) ::_exit(127);
  // After that: a change of the user clears it.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  char locale[] = "LC_ALL=C";
  char *const environment[] = {locale, nullptr};
  ::execve(child.file, child.argv, environment);
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

/// Waits for the child, and lets nothing that it started live on.
int end_of(pid_t child, bool ended) {
  if (!ended) ::kill(-child, SIGKILL);
  siginfo_t info;
  while (::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT) == -1 &&
         errno == EINTR) {
  }
  ::kill(-child, SIGKILL);
  int status = 0;
  while (::waitpid(child, &status, 0) == -1 && errno == EINTR) {
  }
  return status;
}

}  // namespace

HostCommandResult run_on_host(const std::vector<std::string> &argv, const std::string &directory,
                              std::chrono::seconds limit) {
  const auto file = find_program(argv.at(0));
  std::vector<char *> words;
  words.reserve(argv.size() + 1);
  for (const auto &word : argv) words.push_back(const_cast<char *>(word.c_str()));
  words.push_back(nullptr);
  const Descriptor working(::open(directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (working.get() == -1)
    throw Error(Code::io, std::string("cannot open the directory: ") + std::strerror(errno),
                directory);
  const bool as_nobody = give_to_nobody(directory);
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0)
    throw Error(Code::io, std::string("cannot make a pipe: ") + std::strerror(errno), argv[0]);
  const Descriptor reading(ends[0]);
  Descriptor writing(ends[1]);
  const pid_t child = ::fork();
  if (child == 0) become({file.c_str(), words.data(), writing.get(), working.get(), as_nobody});
  writing.close();
  if (child == -1)
    throw Error(Code::io, std::string("cannot start it: ") + std::strerror(errno), argv[0]);
  ::setpgid(child, child);
  HostCommandResult result;
  const bool ended =
      collect(reading.get(), std::chrono::steady_clock::now() + limit, result.output);
  const int status = end_of(child, ended);
  if (!ended)
    throw Error(Code::io, "it did not end within " + std::to_string(limit.count()) + " s", argv[0]);
  result.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return result;
}

}  // namespace v2v::toolkit
