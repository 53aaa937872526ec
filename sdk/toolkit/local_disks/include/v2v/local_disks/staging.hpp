// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// All or nothing in a directory of the user: everything is made in a private subdirectory (mode
// 0700, unguessable name) of the same file system and renamed into place at the end. Until then
// nothing with the final names exists; an interrupted conversion leaves one directory, which the
// journal names. It is locked as long as the Staging lives, so that a second conversion to the same
// names is refused before its copy and not after it. A Staging is used by one thread at a time.
//
// Journal records are one line of JSON each:
//   {"op":"staging","path":DIR}                            DIR is about to be created
//   {"op":"publish","final":PATH,"kept":OLD,"print":P}      the file with fingerprint P is about to
//                                                          be renamed to PATH; a file that was
//                                                          there is about to be moved to OLD
//   {"op":"done"}                                          every file is in place; the old ones go
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace v2v::local_disks {

class Staging {
 public:
  using Journal = std::function<void(const std::string &record)>;

  /// Creates the private directory inside `directory`.
  /// @param guest  what the files are named after
  /// @throws Error(access or io); Error(exists) as refuse_if_busy
  Staging(const std::string &directory, const std::string &guest, Journal journal);

  /// @throws Error(exists) if a conversion that runs now makes files of this guest in `directory`;
  /// not known where the file system has no locks
  static void refuse_if_busy(const std::string &directory, const std::string &guest);

  /// Where a file that will be `directory`/`name` is made. Without '/'.
  std::string path(const std::string &name) const { return private_ + "/" + name; }

  /// Writes a small file.
  /// @throws Error(no_space or io)
  void write(const std::string &name, const std::string &content, unsigned mode);

  /// Moves the files into place, in this order, after their bytes are on stable storage. When one
  /// fails, those before it are taken back.
  /// @param replace  a regular file of the same name makes room; otherwise it is an error
  /// @param retired  files in the directory that belong to what is replaced and go away with it
  /// @throws Error(exists) if a name is taken; Error(io)
  void publish(const std::vector<std::string> &names, bool replace,
               const std::vector<std::string> &retired = {});

  /// Removes everything the records name, and only that: a published file only if it is still the
  /// one that was published, and puts back what it replaced. What is not there is no error. Records
  /// of other kinds are ignored. Can be called again.
  static void abort(const std::vector<std::string> &records);

 private:
  void move_into_place(const std::string &name, bool replace);
  void retire(const std::string &name);

  std::string directory_, private_;
  std::shared_ptr<const void> lock_;  ///< holds the private directory open and locked
  Journal journal_;
  std::vector<std::string> published_;  ///< the publish records of this run
  bool keeps_old_ = false;
};

}  // namespace v2v::local_disks
