// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Checks files against the sums of the manifest: each file once from start to end, as many at a
// time as there are processors, in threads of its own that start with the object and end with it.
// So they run while the guest is converted, and leave the disks in the page cache for the copy.
#pragma once

#include "manifest.hpp"

#include <v2v/digest/digest.hpp>
#include <v2v/host.hpp>

#include <condition_variable>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace v2v::input_ova {

using digest::Digest;

/// A range of a file and the sums it must have.
struct Check {
  std::string ova, name;  ///< for messages
  std::string file;
  std::uint64_t offset = 0, size = 0;
  std::vector<ManifestLine> expected;
};

/// All sums that one file must have, made in one pass. Belongs to one thread.
class Digests {
 public:
  /// @param expected  must stay
  explicit Digests(const std::vector<ManifestLine> &expected);

  void add(const void *data, std::size_t size);
  void add_zeroes(std::uint64_t count);
  /// Once.
  /// @param ova, name  for messages
  /// @throws Error(corrupt) with both sums if one differs
  void compare(const std::string &ova, const std::string &name);

 private:
  const std::vector<ManifestLine> &expected_;
  std::list<Digest> digests_;
};

class Checksums {
 public:
  Checksums(Host host, std::vector<Check> checks);
  /// Ends the threads within the time of one read.
  ~Checksums();
  Checksums(const Checksums &) = delete;
  Checksums &operator=(const Checksums &) = delete;

  /// Waits for the end, showing progress.
  /// @throws Error(corrupt) for the first file whose sum differs, Error(io), Error(cancelled)
  void finish();

 private:
  void work();
  void check(const Check &check);
  std::uint64_t read_some(const Check &check, int fd, std::uint64_t at, std::string &buffer) const;

  Host host_;
  std::vector<Check> checks_;
  std::uint64_t total_ = 0;
  std::mutex mutex_;  ///< of all below
  std::condition_variable changed_;
  std::size_t next_ = 0, running_ = 0;
  std::uint64_t done_ = 0;
  bool stop_ = false;
  std::optional<Error> failure_;
  std::vector<std::thread> threads_;
};

}  // namespace v2v::input_ova
