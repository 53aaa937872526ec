// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Reads pieces of what an NBD server on a Unix socket serves, with a time limit on everything.
// Used by one thread.
#pragma once

#include <v2v/error.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

struct nbd_handle;

namespace v2v::nbd {

class NbdReader {
 public:
  /// Connects.
  /// @param name             what messages call it
  /// @param check_cancelled  called several times a second; may throw
  /// @throws Error(io) if the server refuses or does not answer in time
  NbdReader(const std::filesystem::path &socket, std::string name,
            std::function<void()> check_cancelled);
  ~NbdReader();
  NbdReader(const NbdReader &) = delete;
  NbdReader &operator=(const NbdReader &) = delete;

  std::uint64_t size() const { return size_; }
  /// @param count  at most 32 MiB; fewer bytes come if the end is before
  /// @throws Error(io)
  std::string read_up_to(std::uint64_t at, std::uint64_t count);

 private:
  template <class Done>
  void wait(Done done);
  [[noreturn]] void fail() const;

  nbd_handle *nbd_;
  std::string name_;
  std::function<void()> check_cancelled_;
  std::uint64_t size_ = 0;
};

}  // namespace v2v::nbd
