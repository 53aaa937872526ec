// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A thread runs the command as any other, so it is killed with this process, and its words are
// there when it fails.
#include <core/disk/qemu_nbd.hpp>

#include <core/disk/qemu_img.hpp>
#include <core/disk/qemu_location.hpp>

#include <sys/un.h>

#include <system_error>

namespace v2v::core {
namespace {

constexpr std::chrono::hours serve_limit{24 * 14};
constexpr std::chrono::seconds start_limit{60};
constexpr std::chrono::milliseconds start_poll{2};

}  // namespace

QemuNbd::QemuNbd(const Location &image, std::filesystem::path socket, unsigned clients)
    : image_(image), socket_(std::move(socket)) {
  // Nobody else looks at the image before it is flushed as a file, so qemu need not flush.
  command_.argv = {"qemu-nbd", "--cache=unsafe", "--shared=" + std::to_string(clients),
                   "--socket=" + socket_.string(), qemu_filename(image_, Access::read_write)};
  command_.timeout = serve_limit;
  command_.environment = {{"LC_ALL", "C"}};
  command_.cancellation = &stop_;
  thread_ = std::thread([this] { serve(); });
  const auto deadline = std::chrono::steady_clock::now() + start_limit;
  while (!std::filesystem::exists(socket_)) {
    const bool late = std::chrono::steady_clock::now() > deadline;
    if (ended_ || late) {
      stop_.request();
      thread_.join();
      if (failure_ && !late) std::rethrow_exception(failure_);
      throw Error(Code::io, "qemu-nbd did not begin to serve the image", display_name(image_));
    }
    std::this_thread::sleep_for(start_poll);
  }
}

QemuNbd::~QemuNbd() {
  stop_.request();
  if (thread_.joinable()) thread_.join();
  std::error_code ignored;
  std::filesystem::remove(socket_, ignored);
}

void QemuNbd::serve() {
  try {
    const auto result = command_.run();
    if (result.status != 0)
      throw qemu_img_error("cannot write the image", display_name(image_), result.error);
  } catch (...) {
    failure_ = std::current_exception();
  }
  ended_ = true;
}

void QemuNbd::finish() {
  thread_.join();
  if (failure_) std::rethrow_exception(failure_);
}

bool QemuNbd::takes(const std::filesystem::path &socket) {
  return socket.native().size() < sizeof(sockaddr_un::sun_path);
}

}  // namespace v2v::core
