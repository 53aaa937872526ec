// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/nbd/nbdkit.hpp>

#include <v2v/text/printable.hpp>
#include <v2v/text/uri.hpp>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <thread>

namespace v2v::nbd {
namespace {

using namespace std::chrono_literals;

constexpr auto start_limit = 30s;
constexpr int password_fd = 3;  // the first that a Command passes
constexpr const char *package = "nbdkit (on some distributions also nbdkit-ssh-plugin)";

}  // namespace

Nbdkit::Nbdkit(const Settings &settings, const std::filesystem::path &base,
               const std::function<void()> &check_cancelled)
    : socket_(base.string() + ".sock"),
      log_(base.string() + ".log"),
      pid_file_(base.string() + ".pid"),
      object_(settings.object) {
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

  process::Command command;
  // Some of its messages are looked for.
  command.environment = settings.environment;
  command.environment.emplace_back("LC_ALL", "C");
  command.package = package;
  process::FileDescriptor secret;
  if (!settings.password.empty()) {
    secret = process::memory_file(settings.password + "\n");
    command.descriptors = {secret.get()};
    // By its path: the vddk plugin starts nbdkit anew, and reads it a second time.
    argv.push_back(fmt::format("password=+/proc/self/fd/{}", password_fd));
  }
  command.argv = std::move(argv);
  const process::FileDescriptor null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  const process::FileDescriptor log(
      ::open(log_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!null || !log)
    throw Error(Code::io, fmt::format("cannot create the file: {}", std::strerror(errno)),
                log_.string(), "see whether its file system is full");
  server_ = std::make_unique<process::Child>(command, null.get(), log.get(), log.get(),
                                             settings.what, settings.object);
}

void Nbdkit::wait_until_listening(const std::function<void()> &check_cancelled) {
  const auto deadline = std::chrono::steady_clock::now() + start_limit;
  while (!std::filesystem::exists(pid_file_)) {
    check_cancelled();
    if (server_->status()) {
      const auto error = last_error();
      throw Error(Code::io, "nbdkit does not start: " + (error.empty() ? "no reason given" : error),
                  object_, fmt::format("install the package {}", package));
    }
    if (std::chrono::steady_clock::now() > deadline)
      throw Error(Code::io, fmt::format("nbdkit does not start within {} s", start_limit.count()),
                  object_, "see whether the machine is overloaded");
    std::this_thread::sleep_for(5ms);
  }
}

void Nbdkit::end() {
  // It is killed. It only reads, so nothing is lost; and it may be waiting for a host that is gone.
  server_.reset();
  std::error_code ignored;
  for (const auto &path : {socket_, pid_file_, log_}) std::filesystem::remove(path, ignored);
}

std::string Nbdkit::describe(const std::string &plugin, const std::string &what,
                             const std::string &object) {
  process::Command command;
  command.argv = {"nbdkit", "--dump-plugin", plugin};
  command.environment = {{"LC_ALL", "C"}};
  command.timeout = start_limit;
  command.package = package;
  const auto output = command.run(what, object);
  return output.status == 0 ? output.out : "";
}

std::string Nbdkit::uri() const {
  return "nbd+unix:///?socket=" + text::percent_encoded(socket_.string(), text::unreserved_in_path);
}

std::string Nbdkit::last_error() const {
  static constexpr std::string_view mark = "error: ";
  // The client heard of an earlier one and has gone.
  static constexpr std::array<std::string_view, 2> afterwards = {"error: write ",
                                                                 "error: aborting sleep "};
  std::ifstream log(log_);
  std::string found;
  for (std::string line; std::getline(log, line);)
    if (const auto at = line.find(mark);
        at != line.npos && std::none_of(afterwards.begin(), afterwards.end(), [&](auto words) {
          return line.compare(at, words.size(), words) == 0;
        }))
      found = line.substr(at + mark.size());
  // The curl plugin puts the whole URL before the reason, which would then be cut off.
  static constexpr std::string_view url = " of URL [";
  const auto begin = found.find(url);
  const auto end = begin == found.npos ? begin : found.find("]: ", begin);
  if (end != found.npos) found.erase(begin, end + 1 - begin);
  return text::printable(found);
}

}  // namespace v2v::nbd
