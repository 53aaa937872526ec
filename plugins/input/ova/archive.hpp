// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// libarchive, for what cannot be read in place: zips, compressed tars, and a disk compressed with
// gzip. Only those formats are switched on. An Archive belongs to one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct archive;

namespace v2v::input_ova {

/// Bytes of a file.
struct Segment {
  std::string file;
  std::uint64_t offset = 0, size = 0;
};

struct ArchiveEntry {
  std::string name;  ///< untrusted
  bool directory = false;
  std::string flaw;  ///< as Member::flaw
  std::optional<std::uint64_t> size;
};

class Archive {
 public:
  enum class Kind { zip, compressed_tar };

  /// @param name  what messages call it
  /// @throws Error(io, corrupt)
  static Archive open(const std::string &path, const std::string &name, Kind kind);
  /// One stream of bytes, with or without gzip around it: next() gives one entry.
  static Archive stream(std::vector<Segment> segments, const std::string &name, bool gzip);
  ~Archive();
  Archive(Archive &&) noexcept;
  Archive &operator=(Archive &&) = delete;

  /// The next entry, or nothing at the end.
  /// @throws Error(corrupt)
  std::optional<ArchiveEntry> next();

  struct Piece {
    std::uint64_t offset = 0;  ///< in the entry; what lies between two pieces is zero
    std::string_view data;     ///< valid until the next call
  };
  /// @throws Error(corrupt)
  std::optional<Piece> read();
  /// Bytes of the archive read so far.
  std::uint64_t consumed() const;

 private:
  struct Source;
  Archive(std::string name, std::unique_ptr<Source> source);
  [[noreturn]] void fail() const;

  std::string name_;
  std::unique_ptr<Source> source_;
  ::archive *archive_;
};

}  // namespace v2v::input_ova
