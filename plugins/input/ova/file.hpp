// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Files on this machine: opened for reading only after they are known to be plain files, and
// written with holes where a disk has only zeroes. Objects belong to one thread at a time.
#pragma once

#include <v2v/images/image_reader.hpp>
#include <v2v/process/file_descriptor.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace v2v::input_ova {

class InputFile {
 public:
  /// @param path  also what messages call it
  /// @throws Error(not_found, access, io); Error(usage) if it is no plain file
  explicit InputFile(const std::string &path);

  int fd() const { return file_.get(); }
  std::uint64_t size() const { return size_; }

 private:
  process::FileDescriptor file_;
  std::uint64_t size_ = 0;
};

/// A new file of the run directory, with a name that no other instance takes.
class SparseFile {
 public:
  /// @param limit  bytes: what would make the file longer is refused
  /// @throws Error(io, no_space)
  SparseFile(const std::string &directory, const std::string &stem, std::uint64_t limit);

  /// Appends; long runs of zeroes become holes. Between large pieces it looks whether the file
  /// system is about to be full.
  /// @throws Error(no_space, io); Error(corrupt) beyond the limit
  void append(std::string_view data);
  /// Appends zeroes.
  void skip(std::uint64_t bytes);
  /// Gives the file its length.
  /// @throws Error(no_space, io)
  void finish();
  const std::string &path() const { return path_; }

 private:
  void grow(std::uint64_t bytes);
  void write(std::uint64_t at, std::string_view data);

  std::string path_;
  process::FileDescriptor file_;
  std::uint64_t limit_, size_ = 0, unchecked_ = 0;
};

/// Bytes that may still be written to the file system of this directory.
std::uint64_t free_space(const std::string &directory);
/// @throws Error(no_space) if the directory has no room for so many bytes, saying how much there is
void check_space(const std::string &directory, std::uint64_t needed, const std::string &what);

}  // namespace v2v::input_ova
