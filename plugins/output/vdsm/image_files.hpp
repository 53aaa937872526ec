// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A volume and its metadata in an image's directory, which VDSM has made. Two cases:
//
//   nothing is there       it is made in a private subdirectory and renamed at commit (Staging)
//   VDSM made a volume     a file, or a link to a logical volume: it is filled where it is, and stays
//
// One thread at a time.
#pragma once

#include <memory>
#include <string>
#include <v2v/local_disks/local_disks.hpp>

namespace v2v::output_vdsm {

class ImageFiles {
 public:
  ImageFiles(std::string directory, std::string volume, TargetDisk disk, bool preallocated);

  /// Whether it can be made. Changes nothing.
  /// @throws Error
  void precheck(const Source &source) const;
  /// False if VDSM's own volume is used, which needs no further room.
  bool to_be_made() const;

  Target prepare(const local_disks::LocalHooks &hooks);
  /// Volume and metadata get their names.
  void commit(const std::string &meta, const local_disks::LocalHooks &hooks);

 private:
  std::string path() const { return directory_ + "/" + volume_; }
  void empty_file() const;

  std::string directory_, volume_;
  TargetDisk disk_;
  bool preallocated_;
  std::unique_ptr<local_disks::Staging> staging_;  ///< of a volume that is made
};

/// Writes a small file in one step, in the place of one that may be there. What it makes for that is
/// journalled as {"op":"temporary","path":P}.
/// @throws Error
void replace_file(const std::string &path, const std::string &content,
                  const local_disks::LocalHooks &hooks);

/// Removes what the records of replace_file and of Staging name.
void abort(const std::vector<std::string> &records);

/// @throws Error if it is none, or nothing can be made in it
void check_directory(const std::string &path, const std::string &what);

}  // namespace v2v::output_vdsm
