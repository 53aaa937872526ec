// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/disk/nbd_target.hpp>

#include <fmt/format.h>
#include <libnbd.h>

#include <cerrno>

namespace v2v::core {
namespace {

/// More gain nothing: qemu-nbd works on one core.
constexpr unsigned connections = 4;

[[noreturn]] void fail(const std::string &name, const std::string &what) {
  const int reason = nbd_get_errno();
  const char *said = nbd_get_error();
  throw Error(reason == ENOSPC || reason == EDQUOT ? Code::no_space : Code::io,
              fmt::format("{}: {}", what, said ? said : "libnbd gave no reason"), name);
}

}  // namespace

std::filesystem::path NbdTarget::socket(const CopyJob &job) {
  return std::filesystem::path(job.source.path).parent_path() /
         fmt::format("target{}.sock", job.disk);
}

NbdTarget::NbdTarget(const CopyTask &task)
    : name_(task.target_name), server_(task.job.target, socket(task.job), connections) {
  try {
    connect(task.virtual_size);
  } catch (...) {
    disconnect();
    throw;
  }
}

NbdTarget::~NbdTarget() {
  disconnect();
}

void NbdTarget::connect(std::uint64_t size) {
  for (unsigned i = 0; i < connections; ++i) {
    auto *handle = nbd_create();
    if (!handle) fail(name_, "cannot connect to qemu-nbd");
    all_.push_back(handle);
    if (nbd_connect_unix(handle, server_.socket().c_str()) != 0)
      fail(name_, "cannot connect to qemu-nbd");
    const auto there = nbd_get_size(handle);
    if (there < 0 || static_cast<std::uint64_t>(there) < size)
      throw Error(Code::io, fmt::format("the target has {} bytes, the disk {}", there, size),
                  name_);
  }
  free_ = all_;
}

void NbdTarget::disconnect() {
  for (auto *handle : all_) nbd_close(handle);
  all_.clear();
}

nbd_handle *NbdTarget::acquire() {
  std::unique_lock lock(mutex_);
  freed_.wait(lock, [this] { return !free_.empty(); });
  auto *handle = free_.back();
  free_.pop_back();
  return handle;
}

void NbdTarget::release(nbd_handle *connection) {
  {
    const std::lock_guard lock(mutex_);
    free_.push_back(connection);
  }
  freed_.notify_one();
}

void NbdTarget::write(std::uint64_t at, std::span<const std::byte> bytes) {
  auto *handle = acquire();
  const auto status = nbd_pwrite(handle, bytes.data(), bytes.size(), at, 0);
  // libnbd keeps the error for this thread, so the connection can go first.
  release(handle);
  if (status != 0) fail(name_, fmt::format("cannot write {} bytes at {}", bytes.size(), at));
}

void NbdTarget::finish() {
  for (auto *handle : all_) nbd_shutdown(handle, 0);
  disconnect();
  server_.finish();
}

}  // namespace v2v::core
