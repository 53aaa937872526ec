// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Writes a tar.xz of files that come as streams: one file, or the tar of a directory whose members get
// another place. Nothing of what comes in is believed: no name leads out of its place.
#pragma once

#include <core/run/cancellation.hpp>

#include <archive.h>

#include <cstdint>
#include <ctime>
#include <memory>
#include <string>

namespace v2v::core {

class TarWriter {
 public:
  /// @param fd    open for writing; stays the caller's
  /// @param name  of the file, for messages
  TarWriter(int fd, std::string name, const Cancellation &cancellation);

  struct File {
    std::string name;
    std::uint64_t size = 0;  ///< bytes
    unsigned mode = 0644;
    std::int64_t owner = 0, group = 0, modified = 0;
  };
  /// @param fd  gives the content
  /// @return false: it was shorter than the file's size; the rest is zeroes
  bool add_file(const File &file, int fd);
  /// Puts what is in a tar, which comes out of `fd`, below the directory `name`.
  /// @return false: it is damaged
  bool add_tree(const std::string &name, int fd);
  /// The end of the archive.
  void finish();

 private:
  struct Close {
    void operator()(archive *writer) const { archive_write_free(writer); }
  };
  void check(int status) const;
  void copy_data(archive *reader);

  std::string name_;
  const Cancellation &cancellation_;
  std::unique_ptr<archive, Close> archive_;
};

/// Where a member of a directory's tar comes to lie; empty for one that would lie outside.
std::string member_below(const std::string &directory, const std::string &member);

}  // namespace v2v::core
