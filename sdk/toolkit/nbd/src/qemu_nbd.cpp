// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/nbd/qemu_nbd.hpp>

#include <v2v/text/uri.hpp>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/un.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <iterator>
#include <thread>

namespace v2v::nbd {
namespace {

using namespace std::chrono_literals;

constexpr auto start_limit = 30s;

std::string content_of(const std::filesystem::path &path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

QemuNbd::QemuNbd(const std::string &image, const std::filesystem::path &base,
                 const std::string &what, const std::string &object,
                 const std::function<void()> &check_cancelled,
                 const std::function<Error(const std::string &log)> &explain)
    : socket_(base.string() + ".sock"),
      pid_file_(base.string() + ".pid"),
      log_(base.string() + ".log") {
  if (socket_.string().size() >= sizeof(sockaddr_un::sun_path))
    throw Error(Code::unsupported, "the path is too long for a socket", socket_.string(),
                "set VIRT_V2V_TMPDIR to a directory with a shorter name");
  process::Command command;
  command.environment = {{"LC_ALL", "C"}};
  command.package = "qemu-utils";
  // shared=0: as many clients as come.
  command.argv = {"qemu-nbd",       "--read-only", "--persistent",     "--shared=0", "--socket",
                  socket_.string(), "--pid-file",  pid_file_.string(), image};
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
    if (server_->status()) throw explain(content_of(log_));
    if (std::chrono::steady_clock::now() > deadline)
      throw Error(Code::io,
                  fmt::format("{}: qemu-nbd does not start within {} s", what, start_limit.count()),
                  object, "see whether the machine is overloaded");
    std::this_thread::sleep_for(5ms);
  }
}

QemuNbd::~QemuNbd() {
  server_.reset();  // killed: it only reads
  std::error_code ignored;
  for (const auto &path : {socket_, pid_file_, log_}) std::filesystem::remove(path, ignored);
}

std::string QemuNbd::uri() const {
  return "nbd+unix:///?socket=" + text::percent_encoded(socket_.string(), text::unreserved_in_path);
}

}  // namespace v2v::nbd
