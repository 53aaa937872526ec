// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A fresh qcow2 file as a target, written directly.
//
// WHY. Through qemu-img or qemu-nbd one thread makes every write, and nbd sends every byte through
// a socket: together with inflating it took twice as long. The format asks for little here: the
// image is empty, each cluster is written once, none is ever freed.
//
// HOW. Clusters are taken from the end of the file, one after the other, under a lock; data is
// written outside of it. L2 tables are filled in the file itself, so memory is that of the L1 table.
// L1 table and reference counts are written by finish(); without it the image is still empty.
// Source: qemu, docs/interop/qcow2.txt.
#pragma once

#include <core/copy/copy_target.hpp>
#include <core/run/file_descriptor.hpp>

#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace v2v::core {

/// The header fields that count; places are bytes.
struct Qcow2Header {
  std::uint64_t cluster = 0;  ///< bytes
  std::uint64_t size = 0;     ///< of the disk
  std::uint64_t l1_place = 0, l1_entries = 0;
  std::uint64_t refcount_place = 0, refcount_entries = 0;
};

class Qcow2Target : public CopyTarget {
 public:
  /// True for a qcow2 file that is empty and of the plain kind: no backing file, encryption,
  /// snapshots, preallocation, or feature that this does not know.
  static bool fits(const Location &target);

  /// @throws Error(io) if it is too small or cannot be written
  explicit Qcow2Target(const CopyTask &task);

  void write(std::uint64_t at, std::span<const std::byte> bytes) override;
  bool clone(std::uint64_t, std::uint64_t, int, std::uint64_t) override { return false; }
  void finish() override;

 private:
  struct Run {
    std::uint64_t place, clusters;
  };
  Run map(std::uint64_t cluster, std::uint64_t clusters);
  std::uint64_t l2_table(std::uint64_t cluster);
  std::uint64_t allocate(std::uint64_t clusters);
  void write_refcounts();

  std::string name_;
  FileDescriptor file_;
  Qcow2Header header_;
  std::uint64_t l2_entries_;  ///< to a table
  std::mutex mutex_;          ///< guards what follows, and the L2 tables in the file
  std::vector<std::uint64_t> l1_;
  std::uint64_t next_cluster_;  ///< after the last that is used
};

}  // namespace v2v::core
