// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See detached.hpp.
#include "detached.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstring>
#include <v2v/error.hpp>

namespace v2v::output_qemu {
namespace {

/// In the grandchild: only calls that are safe between fork and exec in a threaded process.
[[noreturn]] void become(char *const *argv, int log) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  signal(SIGPIPE, SIG_DFL);
  dup2(open("/dev/null", O_RDONLY), STDIN_FILENO);
  dup2(log, STDOUT_FILENO);
  dup2(log, STDERR_FILENO);
  // An inherited lock or pipe would keep the conversion waiting for as long as the guest runs.
  close_range(STDERR_FILENO + 1, UINT_MAX, 0);
  execv(argv[0], argv);
  _exit(127);
}

}  // namespace

void start_detached(const std::vector<std::string> &argv, const std::string &log) {
  std::vector<char *> arguments;
  for (const auto &argument : argv) arguments.push_back(const_cast<char *>(argument.c_str()));
  arguments.push_back(nullptr);
  const int fd = open(log.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0)
    throw Error(Code::io, fmt::format("cannot create the file: {}", std::strerror(errno)), log);
  const pid_t child = fork();
  if (child == 0) {
    setsid();
    // A second fork: the program is nobody's child here, so nobody has to wait for it.
    const pid_t grandchild = fork();
    if (grandchild == 0) become(arguments.data(), fd);
    _exit(grandchild < 0 ? 1 : 0);
  }
  close(fd);
  int status = 1;
  if (child > 0)
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  if (status != 0) throw Error(Code::io, "cannot start the program in the background", argv.at(0));
}

}  // namespace v2v::output_qemu
