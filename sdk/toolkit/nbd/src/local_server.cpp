// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "local_server.hpp"

#include <v2v/text/uri.hpp>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/un.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>

namespace v2v::nbd {
namespace {

using namespace std::chrono_literals;

constexpr auto start_limit = 30s;

}  // namespace

LocalServer::LocalServer(const std::filesystem::path &base)
    : socket_(base.string() + ".sock"),
      pid_file_(base.string() + ".pid"),
      log_(base.string() + ".log") {
  if (socket_.string().size() >= sizeof(sockaddr_un::sun_path))
    throw Error(Code::unsupported, "the path is too long for a socket", socket_.string(),
                "set VIRT_V2V_TMPDIR to a directory with a shorter name");
}

LocalServer::~LocalServer() {
  // It is killed. It only reads, so nothing is lost; and it may be waiting for a host that is gone.
  server_.reset();
  std::error_code ignored;
  for (const auto &path : {socket_, pid_file_, log_}) std::filesystem::remove(path, ignored);
}

void LocalServer::start(const process::Command &command, const std::string &what,
                        const std::string &object, const std::string &late,
                        const std::function<void()> &check_cancelled,
                        const std::function<Error()> &explain) {
  const process::FileDescriptor null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  const process::FileDescriptor log(
      ::open(log_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!null || !log)
    throw Error(Code::io, fmt::format("cannot create the file: {}", std::strerror(errno)),
                log_.string(), "see whether its file system is full");
  server_ =
      std::make_unique<process::Child>(command, null.get(), log.get(), log.get(), what, object);
  const auto deadline = std::chrono::steady_clock::now() + start_limit;
  while (!std::filesystem::exists(pid_file_)) {
    check_cancelled();
    if (server_->status()) throw explain();
    if (std::chrono::steady_clock::now() > deadline)
      throw Error(Code::io, fmt::format("{} does not start within {} s", late, start_limit.count()),
                  object, "see whether the machine is overloaded");
    std::this_thread::sleep_for(5ms);
  }
}

std::string LocalServer::uri() const {
  return "nbd+unix:///?socket=" + text::percent_encoded(socket_.string(), text::unreserved_in_path);
}

}  // namespace v2v::nbd
