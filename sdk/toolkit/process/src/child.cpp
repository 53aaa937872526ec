// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// How a program starts. Between fork and exec only async-signal-safe calls are made, so everything
// is prepared before; what fails in between comes back through a pipe that exec closes.
#include <v2v/process/process.hpp>

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/close_range.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <sstream>

namespace v2v::process {
namespace {

struct Start {
  const char *file;
  char *const *argv, *const *environment;
  int *descriptors;  // number i becomes i of the program; the last one stays for the report
  int count;         // without the last
  pid_t parent;
  const Bounds *bounds;
};

bool bound(__rlimit_resource resource, rlim_t value) {
  const rlimit limit{value, value};
  return ::setrlimit(resource, &limit) == 0;
}

// System calls, because the library's functions speak to threads that are not there after a fork.
bool become_nobody() {
  return ::syscall(SYS_setgroups, 0, nullptr) == 0 &&
         ::syscall(SYS_setresgid, nobody, nobody, nobody) == 0 &&
         ::syscall(SYS_setresuid, nobody, nobody, nobody) == 0;
}

bool apply(const Bounds &bounds) {
  return bound(RLIMIT_AS, bounds.memory) && bound(RLIMIT_FSIZE, bounds.file) &&
         bound(RLIMIT_CORE, 0) && ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         (!bounds.as_nobody || become_nobody());
}

// Out of the way first, since the number of one may be the place of another.
bool place(const Start &start) {
  for (int i = start.count; i >= 0; --i) {
    const int moved = ::fcntl(start.descriptors[i], F_DUPFD_CLOEXEC, start.count);
    if (moved < 0) return false;
    start.descriptors[i] = moved;
  }
  for (int i = 0; i < start.count; ++i)
    if (::dup2(start.descriptors[i], i) < 0) return false;
  // What is ours opens with O_CLOEXEC; this is for what others have left open, and nothing fails
  // where a kernel before 5.11 does not know it.
  ::syscall(SYS_close_range, static_cast<unsigned>(start.count), ~0u, CLOSE_RANGE_CLOEXEC);
  return true;
}

[[noreturn]] void become(const Start &start) {
  ::setpgid(0, 0);
  for (int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGCHLD}) ::signal(number, SIG_DFL);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  if (place(start) && (!start.bounds || apply(*start.bounds))) {
    // After that, since a change of the user clears it; and the parent may be gone already.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != start.parent) ::_exit(127);
    ::execve(start.file, start.argv, start.environment);
  }
  const int reason = errno;
  [[maybe_unused]] const auto written =
      ::write(start.descriptors[start.count], &reason, sizeof reason);
  ::_exit(127);
}

std::vector<char *> pointers(const std::vector<std::string> &words) {
  std::vector<char *> array;
  for (const auto &word : words) array.push_back(const_cast<char *>(word.c_str()));
  array.push_back(nullptr);
  return array;
}

std::vector<std::string> environment_of(const Command &command) {
  std::vector<std::string> merged;
  const auto is_set = [&](const std::string &name) {
    for (const auto &[key, value] : command.environment)
      if (key == name) return true;
    return false;
  };
  if (command.bounds && !is_set("LC_ALL")) merged.push_back("LC_ALL=C");
  if (!command.bounds)
    for (char **entry = environ; *entry; ++entry) {
      const std::string text = *entry;
      if (!is_set(text.substr(0, text.find('=')))) merged.push_back(text);
    }
  for (const auto &[key, value] : command.environment) merged.push_back(key + "=" + value);
  return merged;
}

// 0, or the errno of what failed before or in exec.
int failure_from(const FileDescriptor &report) {
  int reason = 0;
  ssize_t got = 0;
  while ((got = ::read(report.get(), &reason, sizeof reason)) < 0 && errno == EINTR) continue;
  return got == sizeof reason ? reason : 0;
}

}  // namespace

Child::Child(const Command &command, int in, int out, int error, const std::string &what,
             const std::string &object)
    : bounded_(command.bounds.has_value()) {
  const auto file = find_program(command.argv.at(0));
  if (file.empty())
    throw command.error(Code::not_found, "is not installed", what, object,
                        command.package.empty() ? "install it, or put its directory into PATH"
                                                : "install the package " + command.package);
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0)
    throw Error(Code::internal, fmt::format("cannot make a pipe: {}", std::strerror(errno)));
  const FileDescriptor report(ends[0]);
  FileDescriptor reporting(ends[1]);
  std::vector<int> descriptors = {in, out, error};
  descriptors.insert(descriptors.end(), command.descriptors.begin(), command.descriptors.end());
  const auto count = static_cast<int>(descriptors.size());
  descriptors.push_back(reporting.get());
  const auto words = environment_of(command);
  const auto argv = pointers(command.argv), environment = pointers(words);
  const Start start{file.c_str(),
                    argv.data(),
                    environment.data(),
                    descriptors.data(),
                    count,
                    ::getpid(),
                    command.bounds ? &*command.bounds : nullptr};
  pid_ = ::fork();
  if (pid_ == 0) become(start);
  if (pid_ < 0) throw Error(Code::internal, fmt::format("cannot fork: {}", std::strerror(errno)));
  ::setpgid(pid_, pid_);
  reporting.reset();
  const int reason = failure_from(report);
  if (reason == 0) return;
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) continue;
  throw command.error(Code::internal, fmt::format("cannot be started: {}", std::strerror(reason)),
                      what, object);
}

Child::~Child() {
  if (pid_ < 0) return;
  ::kill(-pid_, SIGKILL);
  ::kill(pid_, SIGKILL);
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) continue;
}

std::optional<int> Child::status() {
  if (pid_ < 0) return status_;
  // Looked at without waiting for it at first, so that its group's number cannot be another's yet.
  siginfo_t info{};
  if (::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0) {
    if (info.si_pid == 0) return std::nullopt;
    if (bounded_) ::kill(-pid_, SIGKILL);
  }
  int status = 0;
  const pid_t ended = ::waitpid(pid_, &status, WNOHANG);
  if (ended == 0 || (ended < 0 && errno == EINTR)) return std::nullopt;
  pid_ = -1;
  if (ended < 0)
    throw Error(Code::internal, fmt::format("lost sight of a program: {}", std::strerror(errno)));
  status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return status_;
}

std::string find_program(const std::string &name) {
  const auto executable = [](const std::string &file) {
    struct stat found {};
    return ::stat(file.c_str(), &found) == 0 && S_ISREG(found.st_mode) &&
           ::access(file.c_str(), X_OK) == 0;
  };
  if (name.find('/') != name.npos) return executable(name) ? name : "";
  const char *path = std::getenv("PATH");
  std::istringstream directories(fmt::format("{}:/usr/sbin:/sbin", path ? path : "/usr/bin:/bin"));
  for (std::string directory; std::getline(directories, directory, ':');)
    if (auto file = directory + "/" + name; !directory.empty() && executable(file)) return file;
  return {};
}

}  // namespace v2v::process
