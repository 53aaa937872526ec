// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "nbdkit.hpp"

#include "text.hpp"

#include <v2v/toolkit/printable.hpp>

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cctype>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <optional>
#include <thread>

extern char **environ;

namespace v2v::input_vmx {
namespace {

using namespace std::chrono_literals;

constexpr auto start_limit = 30s;
constexpr int password_fd = 3;
constexpr const char *install =
    "install the package nbdkit (on some distributions also nbdkit-ssh-plugin)";

/// Arguments or environment in the form that spawn takes.
std::vector<char *> pointers(const std::vector<std::string> &words) {
  std::vector<char *> result;
  result.reserve(words.size() + 1);
  for (const auto &word : words) result.push_back(const_cast<char *>(word.c_str()));
  result.push_back(nullptr);
  return result;
}

/// The caller's environment, with messages in English: some are looked for.
std::vector<std::string> english_environment() {
  std::vector<std::string> words;
  for (char **word = environ; *word; ++word)
    if (!starts_with(*word, "LC_ALL=") && !starts_with(*word, "LANGUAGE=")) words.push_back(*word);
  words.push_back("LC_ALL=C");
  return words;
}

/// A pipe that already holds the secret; both ends close themselves.
class SecretPipe {
 public:
  explicit SecretPipe(const std::string &secret) {
    if (::pipe2(ends_.data(), O_CLOEXEC | O_NONBLOCK) != 0)
      throw Error(Code::io, fmt::format("cannot make a pipe: {}", std::strerror(errno)));
    // It fits into the pipe, or it is no password.
    const auto text = secret + "\n";
    const auto written = ::write(ends_[1], text.data(), text.size());
    ::close(ends_[1]);
    ends_[1] = -1;
    ::fcntl(ends_[0], F_SETFL, 0);
    if (written == static_cast<ssize_t>(text.size())) return;
    ::close(ends_[0]);
    throw Error(Code::usage, "the password is too long", "-ip", "see whether the file is right");
  }
  ~SecretPipe() { ::close(ends_[0]); }
  SecretPipe(const SecretPipe &) = delete;
  SecretPipe &operator=(const SecretPipe &) = delete;
  int reading_end() const { return ends_[0]; }

 private:
  std::array<int, 2> ends_ = {-1, -1};
};

class FileActions {
 public:
  FileActions() { ::posix_spawn_file_actions_init(&actions_); }
  ~FileActions() { ::posix_spawn_file_actions_destroy(&actions_); }
  FileActions(const FileActions &) = delete;
  FileActions &operator=(const FileActions &) = delete;
  posix_spawn_file_actions_t *get() { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_;
};

/// A signal mask that the host may have must not stay with a server.
class CleanSignals {
 public:
  CleanSignals() {
    sigset_t none;
    ::sigemptyset(&none);
    ::posix_spawnattr_init(&attributes_);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK);
  }
  ~CleanSignals() { ::posix_spawnattr_destroy(&attributes_); }
  CleanSignals(const CleanSignals &) = delete;
  CleanSignals &operator=(const CleanSignals &) = delete;
  const posix_spawnattr_t *get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_;
};

std::string percent_encoded(const std::string &text) {
  std::string result;
  for (const unsigned char c : text)
    if (std::isalnum(c) || std::strchr("/-._~", c))
      result += static_cast<char>(c);
    else
      result += fmt::format("%{:02X}", c);
  return result;
}

}  // namespace

Nbdkit::Nbdkit(const Settings &settings, const std::filesystem::path &base,
               const std::function<void()> &check_cancelled)
    : socket_(base.string() + ".sock"),
      log_(base.string() + ".log"),
      pid_file_(base.string() + ".pid") {
  if (socket_.string().size() >= sizeof(sockaddr_un::sun_path))
    throw Error(Code::unsupported, "the path is too long for a socket", socket_.string(),
                "set VIRT_V2V_TMPDIR to a directory with a shorter name");
  start(settings);
  try {
    wait_until_listening(check_cancelled);
  } catch (...) {
    end();
    throw;
  }
}

Nbdkit::~Nbdkit() {
  end();
}

void Nbdkit::start(const Settings &settings) {
  std::vector<std::string> argv = {"nbdkit",     "--foreground",    "--exit-with-parent",
                                   "--readonly", "--unix",          socket_.string(),
                                   "--pidfile",  pid_file_.string()};
  for (const auto &filter : settings.filters) argv.push_back("--filter=" + filter);
  argv.push_back(settings.plugin);
  argv.insert(argv.end(), settings.parameters.begin(), settings.parameters.end());

  FileActions actions;
  ::posix_spawn_file_actions_addopen(actions.get(), 0, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_addopen(actions.get(), 1, log_.c_str(), O_WRONLY | O_CREAT | O_APPEND,
                                     0600);
  ::posix_spawn_file_actions_adddup2(actions.get(), 1, 2);
  std::optional<SecretPipe> secret;
  if (!settings.password.empty()) {
    secret.emplace(settings.password);
    ::posix_spawn_file_actions_adddup2(actions.get(), secret->reading_end(), password_fd);
    argv.push_back(fmt::format("password=-{}", password_fd));
  }
  const auto environment = english_environment();
  const CleanSignals signals;
  const int reason = ::posix_spawnp(&pid_, "nbdkit", actions.get(), signals.get(),
                                    pointers(argv).data(), pointers(environment).data());
  if (reason == 0) return;
  pid_ = -1;
  if (reason == ENOENT) throw Error(Code::not_found, "nbdkit is not installed", "-it ssh", install);
  throw Error(Code::io, fmt::format("cannot start nbdkit: {}", std::strerror(reason)), "-it ssh",
              install);
}

void Nbdkit::wait_until_listening(const std::function<void()> &check_cancelled) {
  const auto deadline = std::chrono::steady_clock::now() + start_limit;
  while (!std::filesystem::exists(pid_file_)) {
    check_cancelled();
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) == pid_) {
      pid_ = -1;
      const auto error = last_error();
      throw Error(Code::io, "nbdkit does not start: " + (error.empty() ? "no reason given" : error),
                  "-it ssh", install);
    }
    if (std::chrono::steady_clock::now() > deadline)
      throw Error(Code::io, fmt::format("nbdkit does not start within {} s", start_limit.count()),
                  "-it ssh", "see whether the machine is overloaded");
    std::this_thread::sleep_for(5ms);
  }
}

void Nbdkit::end() {
  if (pid_ > 0) {
    // It only reads, so nothing is lost; and it may be waiting for a server that is gone.
    ::kill(pid_, SIGKILL);
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) continue;
    pid_ = -1;
  }
  std::error_code ignored;
  for (const auto &path : {socket_, pid_file_, log_}) std::filesystem::remove(path, ignored);
}

std::string Nbdkit::uri() const {
  return "nbd+unix:///?socket=" + percent_encoded(socket_.string());
}

std::string Nbdkit::last_error() const {
  static constexpr std::string_view mark = "error: ";
  std::ifstream log(log_);
  std::string found;
  for (std::string line; std::getline(log, line);)
    if (const auto at = line.find(mark); at != line.npos) found = line.substr(at + mark.size());
  return toolkit::printable(found);
}

}  // namespace v2v::input_vmx
