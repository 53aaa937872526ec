// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Which files the files of a guest may name. A VMX or a disk descriptor from a stranger could name
// any file that the user may read and so have it copied into a guest. So a name counts only if
// what it leads to, with symbolic links followed, is a regular file inside the guest's own
// directory, unless the user says that files elsewhere are wanted.
//
// It holds for the moment of the check: who may change these files while v2v runs may also give it
// other disks. Values without state; any thread.
#pragma once

#include <v2v/error.hpp>
#include <v2v/images/image_reader.hpp>
#include <v2v/process/file_descriptor.hpp>

#include <sys/types.h>

#include <filesystem>
#include <string>

namespace v2v::images {

/// The guest's directory, and whether its files may lead out of it.
class Confinement {
 public:
  /// @param directory  must be there
  /// @param anywhere   the user said --allow-references
  /// @throws Error(not_found), Error(access)
  Confinement(const std::filesystem::path &directory, bool anywhere);

  const std::filesystem::path &directory() const { return directory_; }

  /// The real path of the regular file that `name` leads to.
  /// @param name   as written, UTF-8; relative to `base`
  /// @param role   what it is, e.g. "the extent"; for messages
  /// @param namer  which file names it; for messages
  /// @throws Error(unsupported) for a file that may not be named and for Windows' paths;
  ///         Error(not_found) if it is missing; Error(corrupt) for no name at all
  std::string resolve(const std::string &name, const std::filesystem::path &base,
                      const std::string &role, const std::string &namer) const;

 private:
  std::filesystem::path directory_;
  bool anywhere_;
};

/// A regular file, open for reading.
class OpenImage {
 public:
  /// @throws Error(access), Error(io), Error(not_found); Error(unsupported) if it is no regular file
  explicit OpenImage(const std::string &path);
  OpenImage(const OpenImage &) = delete;
  OpenImage &operator=(const OpenImage &) = delete;

  ImageReader reader() const { return ImageReader(file_.get(), name_); }
  dev_t device() const { return device_; }
  ino_t inode() const { return inode_; }

 private:
  std::string name_;
  process::FileDescriptor file_;
  dev_t device_ = 0;
  ino_t inode_ = 0;
};

}  // namespace v2v::images
