// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A file that is whole or not there. It is opened when a conversion begins, so that a place where nothing can
// be written is found then, and gets its name when all is in it. Until then it has no name at all, where
// the file system allows that, so that even a process that is killed leaves nothing.
#pragma once

#include <core/run/file_descriptor.hpp>

#include <filesystem>
#include <string>

#include <sys/types.h>

namespace v2v::core {

class NewFile {
 public:
  /// @param path  a file that is there already is replaced in the end
  /// @param mode  its permissions; the umask takes from them
  /// @param what  for messages: "the report"
  /// @throws Error(access), Error(not_found), Error(no_space) if there can be no such file
  NewFile(std::filesystem::path path, mode_t mode, std::string what);
  ~NewFile();
  NewFile(const NewFile &) = delete;
  NewFile &operator=(const NewFile &) = delete;

  const std::filesystem::path &path() const { return path_; }
  int fd() const { return fd_.get(); }
  /// @throws Error(no_space), Error(io)
  void write(const std::string &text);
  /// Gives it its name.
  /// @throws Error(access), Error(io) …
  void publish();

 private:
  [[noreturn]] void fail(int reason) const;

  std::filesystem::path path_;
  std::string what_;
  FileDescriptor fd_;
  std::string unfinished_;  ///< its name until it is published; empty: it has none
};

}  // namespace v2v::core
