// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "session.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <v2v/process/file_descriptor.hpp>

#include <cerrno>
#include <chrono>
#include <cstring>

namespace v2v::input_vpx {
namespace {

using namespace std::chrono_literals;

/// vCenter and ESXi end a session that nobody has used for 30 minutes, or when they start anew. nbdkit
/// tries again for about a minute, so a new cookie has to be there before.
constexpr auto interval = 20s;
constexpr auto tick = 5s;  ///< and the interval after a failure

}  // namespace

Session::Session(const Host &host, std::unique_ptr<Vsphere> vsphere,
                 std::filesystem::path cookie_file)
    : host_(host), vsphere_(std::move(vsphere)), cookie_file_(std::move(cookie_file)) {}

Session::~Session() {
  {
    const std::lock_guard lock(mutex_);
    end_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
  std::error_code ignored;
  std::filesystem::remove(cookie_file_, ignored);
}

void Session::start(std::function<bool()> look) {
  look_ = std::move(look);
  thread_ = std::thread([this] { run(); });
}

void Session::write_cookie() const {
  const auto next = cookie_file_.string() + ".next";
  const auto text = vsphere_->cookie() + "\n";
  process::FileDescriptor file(
      ::open(next.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600));
  const bool written =
      file && ::write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
  file.reset();
  // In one step: a script may read it at this moment.
  if (!written || ::rename(next.c_str(), cookie_file_.c_str()) != 0)
    throw Error(Code::io, fmt::format("cannot write the file: {}", std::strerror(errno)),
                cookie_file_.string(), "see whether its file system is full");
}

void Session::refresh() {
  const auto before = vsphere_->cookie();
  vsphere_->keep_alive();
  if (vsphere_->cookie() != before) write_cookie();
}

void Session::run() {
  auto rest = std::chrono::seconds(interval);
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, tick, [this] { return end_; })) {
    lock.unlock();
    rest = look_() ? 0s : rest - tick;
    if (rest <= 0s && renew()) rest = interval;
    lock.lock();
  }
}

bool Session::renew() {
  try {
    use([](Vsphere &) {});
    refused_ = false;
    return true;
  } catch (const Error &error) {
    if (error.code() != Code::access || refused_) {
      host_.debug(fmt::format("the session with the server: {}", error.what()));
    } else {
      refused_ = true;
      host_.warning(
          fmt::format("{}: the session is over, and no other is to be had ({}); trying again",
                      error.object(), error.failure()));
    }
  } catch (const std::exception &error) {
    host_.debug(fmt::format("the session with the server: {}", error.what()));
  }
  return false;
}

}  // namespace v2v::input_vpx
