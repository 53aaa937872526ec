// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "checksums.hpp"

#include "file.hpp"

#include <v2v/error.hpp>
#include <v2v/text/printable.hpp>

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <system_error>

namespace v2v::input_ova {
namespace {

constexpr std::size_t piece = 1 << 20;  // read, hashed, and looked for a reason to stop

/// Signals are for the host's own threads.
class BlockedSignals {
 public:
  BlockedSignals() {
    sigset_t all;
    sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &old_);
  }
  ~BlockedSignals() { ::pthread_sigmask(SIG_SETMASK, &old_, nullptr); }
  BlockedSignals(const BlockedSignals &) = delete;
  BlockedSignals &operator=(const BlockedSignals &) = delete;

 private:
  sigset_t old_;
};

}  // namespace

Digests::Digests(const std::vector<ManifestLine> &expected) : expected_(expected) {
  for (const auto &line : expected) digests_.emplace_back(line.algorithm);
}

void Digests::add(const void *data, std::size_t size) {
  for (auto &digest : digests_) digest.add(data, size);
}

void Digests::add_zeroes(std::uint64_t count) {
  for (auto &digest : digests_) digest.add_zeroes(count);
}

void Digests::compare(const std::string &ova, const std::string &name) {
  auto expected = expected_.begin();
  for (auto &digest : digests_) {
    const auto &line = *expected++;
    const auto actual = digest.finish();
    if (actual == line.sum) continue;
    // "-i ova: corrupt OVA" is what scripts for virt-v2v look for.
    throw Error(
        Code::corrupt,
        fmt::format("corrupt OVA: the {} sum of {} in {} is {}, and should be {} by its "
                    "manifest",
                    algorithm_name(line.algorithm), text::printable(name), ova, actual, line.sum),
        "-i ova", "copy, download or export the OVA again");
  }
}

Checksums::Checksums(Host host, std::vector<Check> checks)
    : host_(host), checks_(std::move(checks)) {
  // The longest first, so that no thread is left with it at the end.
  std::stable_sort(checks_.begin(), checks_.end(),
                   [](const Check &a, const Check &b) { return a.size > b.size; });
  for (const auto &each : checks_) total_ += each.size;
  const auto processors = std::max(1u, std::thread::hardware_concurrency());
  const auto count = std::min<std::size_t>(processors, checks_.size());
  const BlockedSignals blocked;
  // Under the lock: the first thread may be done before the last one begins.
  const std::lock_guard lock(mutex_);
  try {
    for (std::size_t i = 0; i < count; ++i) {
      threads_.emplace_back([this] { work(); });
      ++running_;
    }
  } catch (const std::system_error &error) {
    // Fewer threads do as well.
    if (threads_.empty())
      throw Error(Code::internal, fmt::format("cannot start a thread: {}", error.what()), "-i ova",
                  "see whether the limit of processes (ulimit -u) is reached");
  }
}

Checksums::~Checksums() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  for (auto &thread : threads_) thread.join();
}

void Checksums::finish() {
  for (;;) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::milliseconds(100),
                      [this] { return running_ == 0 || failure_; });
    if (failure_) throw Error(*failure_);
    const auto done = done_;
    const bool end = running_ == 0;
    lock.unlock();
    host_.check_cancelled();
    if (total_ > 0) host_.progress(0, done, total_);
    if (end) return;
  }
}

void Checksums::work() {
  for (;;) {
    std::unique_lock lock(mutex_);
    if (stop_ || failure_ || next_ == checks_.size()) {
      --running_;
      changed_.notify_all();
      return;
    }
    const auto &mine = checks_[next_++];
    lock.unlock();
    std::optional<Error> failure;
    try {
      check(mine);
    } catch (const Error &error) {
      failure = error;
    } catch (const std::exception &error) {
      failure = Error(Code::internal, error.what(), mine.ova);
    }
    lock.lock();
    if (failure && !failure_) failure_ = std::move(failure);
  }
}

void Checksums::check(const Check &check) {
  const InputFile file(check.file);
  ::posix_fadvise(file.fd(), static_cast<off_t>(check.offset), static_cast<off_t>(check.size),
                  POSIX_FADV_SEQUENTIAL);
  Digests digests(check.expected);
  std::string buffer(piece, '\0');
  for (std::uint64_t at = 0; at < check.size;) {
    const auto count = read_some(check, file.fd(), at, buffer);
    digests.add(buffer.data(), count);
    at += count;
    const std::lock_guard lock(mutex_);
    done_ += count;
    if (stop_ || failure_) return;
  }
  digests.compare(check.ova, check.name);
}

std::uint64_t Checksums::read_some(const Check &check, int fd, std::uint64_t at,
                                   std::string &buffer) const {
  for (;;) {
    const auto wanted = std::min<std::uint64_t>(buffer.size(), check.size - at);
    const auto got = ::pread(fd, buffer.data(), wanted, static_cast<off_t>(check.offset + at));
    if (got > 0) return static_cast<std::uint64_t>(got);
    if (got < 0 && errno == EINTR) continue;
    throw Error(Code::io,
                fmt::format("cannot read {}: {}", text::printable(check.name),
                            got < 0 ? std::strerror(errno) : "the file became shorter"),
                check.ova);
  }
}

}  // namespace v2v::input_ova
