// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/copy/disk_server.hpp>

#include <core/copy/nbd_server.hpp>
#include <core/disk/qemu_img.hpp>
#include <core/disk/qemu_location.hpp>
#include <v2v/text/uri.hpp>

#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <iterator>
#include <thread>

namespace v2v::core {
namespace {

using namespace std::chrono_literals;

constexpr auto start_limit = 30s;
constexpr const char *what = "cannot serve the disk";

std::string content_of(const std::filesystem::path &path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

DiskServer::DiskServer(const Location &disk, const std::shared_ptr<const LayeredDisk> &layers,
                       const std::filesystem::path &base, const Cancellation &cancellation,
                       Access access)
    : socket_(checked_socket_path(base.string() + ".sock")),
      pid_file_(base.string() + ".pid"),
      log_(base.string() + ".log") {
  if (layers)
    own_ = std::make_unique<NbdServer>(layers, socket_);
  else
    start_qemu(disk, access, cancellation);
}

DiskServer::~DiskServer() {
  own_.reset();
  qemu_.reset();  // killed: it only reads, or what it writes is forgotten
  std::error_code ignored;
  for (const auto &path : {socket_, pid_file_, log_}) std::filesystem::remove(path, ignored);
}

void DiskServer::start_qemu(const Location &disk, Access access, const Cancellation &cancellation) {
  process::Command command;
  command.environment = {{"LC_ALL", "C"}};
  command.package = "qemu-utils";
  // shared=0: as many clients as come.
  command.argv = {"qemu-nbd",       "--persistent", "--shared=0",      "--socket",
                  socket_.string(), "--pid-file",   pid_file_.string()};
  if (access == Access::read_only) command.argv.emplace_back("--read-only");
  command.argv.push_back(qemu_filename(disk, access));
  const FileDescriptor null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  const FileDescriptor log(
      ::open(log_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!null || !log)
    throw Error(Code::io, fmt::format("cannot create the file: {}", std::strerror(errno)),
                log_.string(), "see whether its file system is full");
  const auto name = display_name(disk);
  qemu_ = std::make_unique<process::Child>(command, null.get(), log.get(), log.get(), what, name);
  const auto deadline = std::chrono::steady_clock::now() + start_limit;
  while (!std::filesystem::exists(pid_file_)) {
    cancellation.check();
    if (qemu_->status()) throw qemu_img_error(what, name, content_of(log_));
    if (std::chrono::steady_clock::now() > deadline)
      throw Error(Code::io,
                  fmt::format("{}: qemu-nbd does not start within {} s", what, start_limit.count()),
                  name, "see whether the machine is overloaded");
    std::this_thread::sleep_for(5ms);
  }
}

std::string DiskServer::uri() const {
  return "nbd+unix:///?socket=" + text::percent_encoded(socket_.string(), text::unreserved_in_path);
}

std::optional<Error> DiskServer::failure() const {
  return own_ ? own_->failure() : std::nullopt;
}

}  // namespace v2v::core
