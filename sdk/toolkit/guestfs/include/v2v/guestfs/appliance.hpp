// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// libguestfs's C calls with their errors as v2v::Error, their results owned, and their downloads as
// streams. Counts the calls, because each one costs 1 ms under KVM and 80 ms without.
//
// The guestfs_h stays the caller's. Not thread-safe.
#pragma once

#include <v2v/error.hpp>

#include <guestfs.h>

#include <cstdint>
#include <cstdlib>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace v2v::guestfs {

/// A result of libguestfs, with the function that releases it.
template <auto release>
struct Releaser {
  template <class T>
  void operator()(T *pointer) const {
    release(pointer);
  }
};
using OwnedText = std::unique_ptr<char, Releaser<&std::free>>;

class Appliance {
 public:
  explicit Appliance(guestfs_h *handle) : handle_(handle) {}

  guestfs_h *handle() const { return handle_; }
  /// Calls made so far.
  std::uint64_t calls() const { return calls_; }

  /// Makes one call, with libguestfs's own printing of errors switched off.
  template <class Body>
  auto call(Body body) {
    ++calls_;
    guestfs_push_error_handler(handle_, nullptr, nullptr);
    auto result = body(handle_);
    guestfs_pop_error_handler(handle_);
    return result;
  }

  /// A call that returns 0 or -1.
  /// @param what  what failed, in a person's words
  template <class Body>
  void check(const std::string &what, const std::string &path, Body body) {
    if (call(body) == -1) fail(what, path);
  }

  /// Runs `body(handle, file)`, which downloads into a file, and hands what arrives to `take`
  /// through the reading end of a pipe, in another thread. When `take` returns early the download
  /// is cancelled.
  /// @return false if `take` did: it has had enough, or it did not like what it saw
  bool receive(const std::string &what, const std::string &path,
               const std::function<int(guestfs_h *, const char *file)> &body,
               const std::function<bool(int fd)> &take);
  /// The same, all of it at once; nothing if it is longer than `limit` bytes.
  std::optional<std::string> receive_text(
      const std::string &what, const std::string &path, std::size_t limit,
      const std::function<int(guestfs_h *, const char *file)> &body);

  /// Throws what libguestfs reports for the last call.
  [[noreturn]] void fail(const std::string &what, const std::string &path) const;
  /// Whether the last call failed because there is no such file.
  bool last_is_absent() const;
  /// Whether the guest's file system did not permit it, as it is with files that are immutable.
  bool last_is_not_permitted() const;

 private:
  guestfs_h *handle_;
  std::uint64_t calls_ = 0;
};

}  // namespace v2v::guestfs
